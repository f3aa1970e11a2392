#include "context.h"

#include "memory.h"

namespace rnnlab {

std::string text(const Shape& shape) {
  std::string result = "[";
  for (size_t i = 0; i < shape.size(); ++i)
    result += (i ? ", " : "") + (shape[i] < 0 ? "any" : std::to_string(shape[i]));
  return result + "]";
}

Shape Tensor::shape() const {
  Shape shape(TF_NumDims(tensor_));
  for (size_t i = 0; i < shape.size(); ++i) shape[i] = TF_Dim(tensor_, static_cast<int>(i));
  return shape;
}

const Tensor& Context::input() {
  Status status;
  TF_Tensor* tensor = nullptr;
  TF_GetInput(context_, static_cast<int>(inputs_.size()), &tensor, status.get());
  status.check();
  inputs_.emplace_back(tensor);
  return inputs_.back();
}

const Tensor& Context::input(const char* name, const Shape& expected) {
  const Tensor& tensor = input();
  const Shape shape = tensor.shape();
  bool fits = shape.size() == expected.size();
  for (size_t i = 0; fits && i < shape.size(); ++i) fits = expected[i] < 0 ? shape[i] > 0 : shape[i] == expected[i];
  if (!fits) throw OpError(std::string(name) + " must have shape " + text(expected) + ", got " + text(shape));
  return tensor;
}

float* Context::output(const Shape& shape) {
  Status status;
  size_t bytes = sizeof(float);
  for (const int64_t size : shape) bytes *= size;
  const int rank = static_cast<int>(shape.size());
  TF_Tensor* tensor;
  if (bytes < largeBytes) {
    tensor = TF_AllocateOutput(context_, nextOutput_, TF_FLOAT, shape.data(), rank, bytes, status.get());
    others_.emplace_back(tensor);
  } else {
    void* memory = takeMemory(bytes);
    if (memory == nullptr) throw OpError("no memory for shape " + text(shape), TF_RESOURCE_EXHAUSTED);
    const auto giveBack = [](void* data, size_t, void*) { returnMemory(data); };
    tensor = TF_NewTensor(TF_FLOAT, shape.data(), rank, memory, bytes, giveBack, nullptr);
    others_.emplace_back(tensor);
    TF_SetOutput(context_, nextOutput_, tensor, status.get());
  }
  ++nextOutput_;
  status.check();
  return others_.back().data<float>();
}

float* Context::temporary(int64_t floats) {
  Status status;
  TF_AllocatorAttributes attributes = {TF_ALLOCATOR_ATTRIBUTES_STRUCT_SIZE, 1};
  TF_Tensor* tensor = TF_AllocateTemp(context_, TF_FLOAT, &floats, 1, &attributes, status.get());
  others_.emplace_back(tensor);
  status.check();
  return others_.back().data<float>();
}

}  // namespace rnnlab
