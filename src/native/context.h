// What a kernel asks of TensorFlow's C API, with each failure an exception inside and a status outside.
#pragma once
#include <deque>
#include <stdexcept>
#include <string>
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

/// A reference to one of TensorFlow's tensors.
class Tensor {
 public:
  explicit Tensor(TF_Tensor* tensor) : tensor_(tensor) {}
  ~Tensor() {
    if (tensor_) TF_DeleteTensor(tensor_);
  }
  Tensor(Tensor&& other) noexcept : tensor_(other.tensor_) { other.tensor_ = nullptr; }
  Tensor(const Tensor&) = delete;
  Tensor& operator=(const Tensor&) = delete;
  Shape shape() const;
  template <class Element>
  Element* data() const {
    return static_cast<Element*>(TF_TensorData(tensor_));
  }

 private:
  TF_Tensor* tensor_;
};

/// The inputs and outputs of one call. Tensors stay referenced until its end.
class Context {
 public:
  explicit Context(TF_OpKernelContext* context) : context_(context) {}

  /// The next input, which must have this shape; -1 fits any size.
  const Tensor& input(const char* name, const Shape& expected);
  /// The next input, whatever its shape.
  const Tensor& input();
  /// The next output. Arrays have at least one element.
  float* output(const Shape& shape);
  /// Memory until the end of the call.
  float* temporary(int64_t floats);

 private:
  TF_OpKernelContext* context_;
  std::deque<Tensor> inputs_, others_;  // their elements stay where they are
  int nextOutput_ = 0;
};

}  // namespace rnnlab
