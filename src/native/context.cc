#include "context.h"

#include "memory.h"

namespace rnnlab {

std::string text(const Shape& shape) {
  std::string result = "[";
  for (size_t i = 0; i < shape.size(); ++i)
    result += (i ? ", " : "") + (shape[i] < 0 ? "any" : std::to_string(shape[i]));
  return result + "]";
}

int64_t Tensor::size() const {
  int64_t size = 1;
  for (const int64_t each : shape_) size *= each;
  return size;
}

void Tensor::requireType(TF_DataType wanted) const {
  if (type_ != wanted)
    throw OpError("a tensor must be of type " + std::to_string(wanted) + ", got " + std::to_string(type_));
}

const Tensor& Context::input(const char* name, const Shape& expected) {
  const Tensor& tensor = input();
  const Shape& shape = tensor.shape();
  bool fits = shape.size() == expected.size();
  for (size_t i = 0; fits && i < shape.size(); ++i) fits = expected[i] < 0 ? shape[i] > 0 : shape[i] == expected[i];
  if (!fits) throw OpError(std::string(name) + " must have shape " + text(expected) + ", got " + text(shape));
  return tensor;
}

KernelContext::~KernelContext() {
  for (TF_Tensor* tensor : held_) TF_DeleteTensor(tensor);
  for (void* memory : taken_) returnMemory(memory);
}

const Tensor& KernelContext::input() {
  Status status;
  TF_Tensor* tensor = nullptr;
  TF_GetInput(context_, static_cast<int>(inputs_.size()), &tensor, status.get());
  status.check();
  held_.push_back(tensor);
  Shape shape(TF_NumDims(tensor));
  for (size_t i = 0; i < shape.size(); ++i) shape[i] = TF_Dim(tensor, static_cast<int>(i));
  inputs_.emplace_back(TF_TensorType(tensor), std::move(shape), TF_TensorData(tensor));
  return inputs_.back();
}

float* KernelContext::hold(TF_Tensor* tensor) {
  if (tensor == nullptr) return nullptr;
  held_.push_back(tensor);
  return static_cast<float*>(TF_TensorData(tensor));
}

float* KernelContext::output(const Shape& shape) {
  Status status;
  size_t bytes = sizeof(float);
  for (const int64_t size : shape) bytes *= size;
  const int rank = static_cast<int>(shape.size());
  float* numbers;
  if (bytes < largeBytes) {
    numbers = hold(TF_AllocateOutput(context_, nextOutput_, TF_FLOAT, shape.data(), rank, bytes, status.get()));
  } else {
    void* memory = takeMemory(bytes);
    if (memory == nullptr) throw OpError("no memory for shape " + text(shape), TF_RESOURCE_EXHAUSTED);
    const auto giveBack = [](void* data, size_t, void*) { returnMemory(data); };
    TF_Tensor* tensor = TF_NewTensor(TF_FLOAT, shape.data(), rank, memory, bytes, giveBack, nullptr);
    numbers = hold(tensor);
    TF_SetOutput(context_, nextOutput_, tensor, status.get());
  }
  ++nextOutput_;
  status.check();
  return numbers;
}

float* KernelContext::temporary(int64_t floats) {
  if (floats * sizeof(float) >= largeBytes) {
    void* const memory = takeMemory(floats * sizeof(float));
    if (memory == nullptr) throw OpError("no memory for " + std::to_string(floats) + " floats", TF_RESOURCE_EXHAUSTED);
    taken_.push_back(memory);
    return static_cast<float*>(memory);
  }
  Status status;
  TF_AllocatorAttributes attributes = {TF_ALLOCATOR_ATTRIBUTES_STRUCT_SIZE, 1};
  float* numbers = hold(TF_AllocateTemp(context_, TF_FLOAT, &floats, 1, &attributes, status.get()));
  status.check();
  return numbers;
}

}  // namespace rnnlab
