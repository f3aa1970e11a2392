// What an op asks of its caller, who is TensorFlow's C API as a rule, with each failure an exception inside and a status
// outside.
#pragma once
#include <deque>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "tensorflow/c/kernels.h"
#include "tensorflow/c/tf_status.h"
#include "tensorflow/c/tf_tensor.h"

namespace rnnlab {

using Shape = std::vector<int64_t>;

/// A wrong argument, or what TensorFlow reported.
struct OpError : std::runtime_error {
  explicit OpError(const std::string& message, TF_Code code = TF_INVALID_ARGUMENT)
      : std::runtime_error(message), code(code) {}
  TF_Code code;
};

std::string text(const Shape& shape);

class Status {
 public:
  Status() : status_(TF_NewStatus()) {}
  ~Status() { TF_DeleteStatus(status_); }
  Status(const Status&) = delete;
  Status& operator=(const Status&) = delete;
  TF_Status* get() const { return status_; }
  void check() const {
    if (TF_GetCode(status_) != TF_OK) throw OpError(TF_Message(status_), TF_GetCode(status_));
  }

 private:
  TF_Status* status_;
};

/// A tensor's shape and numbers, which belong to somebody else.
class Tensor {
 public:
  Tensor(TF_DataType type, Shape shape, void* data) : type_(type), shape_(std::move(shape)), data_(data) {}
  const Shape& shape() const { return shape_; }
  /// How many numbers it has.
  int64_t size() const;
  /// The same numbers in a shape that has as many.
  Tensor reshaped(Shape shape) const { return {type_, std::move(shape), data_}; }
  /// Its numbers are others now, as many as before.
  void moveTo(void* data) { data_ = data; }
  bool hasFloats() const { return type_ == TF_FLOAT; }
  template <class Element>
  Element* data() const {
    requireType(TypeOf<Element>::value);
    return static_cast<Element*>(data_);
  }

 private:
  template <class Element>
  struct TypeOf;
  void requireType(TF_DataType wanted) const;

  TF_DataType type_;
  Shape shape_;
  void* data_;
};

template <>
struct Tensor::TypeOf<float> {
  static constexpr TF_DataType value = TF_FLOAT;
};
template <>
struct Tensor::TypeOf<int32_t> {
  static constexpr TF_DataType value = TF_INT32;
};
template <>
struct Tensor::TypeOf<uint8_t> {
  static constexpr TF_DataType value = TF_BOOL;
};

/// The inputs and outputs of one call of an op, whoever calls it.
class Context {
 public:
  virtual ~Context() = default;
  /// The next input, which must have this shape; -1 fits any size.
  const Tensor& input(const char* name, const Shape& expected);
  /// The next input, whatever its shape.
  virtual const Tensor& input() = 0;
  /// The next output. Arrays have at least one element.
  virtual float* output(const Shape& shape) = 0;
  /// Memory until the end of the call.
  virtual float* temporary(int64_t floats) = 0;
};

/// TensorFlow's call of an op. Its tensors stay referenced until its end.
class KernelContext final : public Context {
 public:
  explicit KernelContext(TF_OpKernelContext* context) : context_(context) {}
  ~KernelContext() override;
  KernelContext(const KernelContext&) = delete;
  KernelContext& operator=(const KernelContext&) = delete;
  using Context::input;
  const Tensor& input() override;
  float* output(const Shape& shape) override;
  float* temporary(int64_t floats) override;

 private:
  float* hold(TF_Tensor* tensor);

  TF_OpKernelContext* context_;
  std::deque<Tensor> inputs_;  // its elements stay where they are
  std::vector<TF_Tensor*> held_;
  std::vector<void*> taken_;
  int nextOutput_ = 0;
};

}  // namespace rnnlab
