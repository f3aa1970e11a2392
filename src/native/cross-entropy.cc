// Softmax of the rows of a matrix, and the cross-entropy of its logarithm.
#include <cmath>
#include <limits>

#include "operation.h"

namespace rnnlab {
namespace {

/// Writes e^(x − max), and returns their sum.
float exponentials(const float* x, int64_t columns, float most, float* to) {
  float sum = 0;
  for (int64_t i = 0; i < columns; ++i) sum += to[i] = std::exp(x[i] - most);
  return sum;
}

float maximum(const float* x, int64_t columns) {
  float most = x[0];
  for (int64_t i = 1; i < columns; ++i) most = x[i] > most || std::isnan(x[i]) ? x[i] : most;
  return most;
}

struct Softmax {
  explicit Softmax(const Attributes&) {}

  void compute(Context& context) const {
    const Tensor& x = context.input();
    if (x.shape().empty() || x.size() == 0) throw OpError("logits must have classes, got shape " + text(x.shape()));
    const int64_t columns = x.shape().back();
    const float* from = x.data<float>();
    float* to = context.output(x.shape());
    for (const float* const end = from + x.size(); from < end; from += columns, to += columns) {
      const float sum = exponentials(from, columns, maximum(from, columns), to);
      for (int64_t i = 0; i < columns; ++i) to[i] /= sum;
    }
  }
};

/// The loss of each row, and its gradient by the logits.
struct CrossEntropy {
  explicit CrossEntropy(const Attributes&) {}

  void compute(Context& context) const {
    const Tensor& logits = context.input("logits", {-1, -1});
    const int64_t rows = logits.shape()[0], columns = logits.shape()[1];
    const float* x = logits.data<float>();
    const float* target = context.input("labels", logits.shape()).data<float>();
    float* const losses = context.output({rows});
    float* slope = context.output(logits.shape());
    for (int64_t row = 0; row < rows; ++row, x += columns, target += columns, slope += columns) {
      const float most = maximum(x, columns);
      const float sum = exponentials(x, columns, most, slope), logarithm = std::log(sum);
      float loss = 0;
      for (int64_t i = 0; i < columns; ++i) {
        loss += target[i] * (logarithm - (x[i] - most));
        slope[i] = slope[i] / sum - target[i];
      }
      losses[row] = loss;
    }
  }
};

/// The same where the label of each row is the number of its class.
struct SparseCrossEntropy {
  explicit SparseCrossEntropy(const Attributes&) {}

  void compute(Context& context) const {
    const Tensor& logits = context.input("logits", {-1, -1});
    const int64_t rows = logits.shape()[0], columns = logits.shape()[1];
    const float* x = logits.data<float>();
    const float* const labels = context.input("labels", {rows}).data<float>();
    float* const losses = context.output({rows});
    float* slope = context.output(logits.shape());
    for (int64_t row = 0; row < rows; ++row, x += columns, slope += columns) {
      // As TensorFlow does it: no class, no number.
      const bool isClass = labels[row] >= 0 && labels[row] < static_cast<float>(columns);
      const int64_t label = isClass ? static_cast<int64_t>(labels[row]) : -1;
      const float most = maximum(x, columns);
      const float sum = exponentials(x, columns, most, slope);
      for (int64_t i = 0; i < columns; ++i)
        slope[i] = isClass ? slope[i] / sum - (i == label ? 1 : 0) : std::numeric_limits<float>::quiet_NaN();
      losses[row] = isClass ? std::log(sum) - (x[label] - most) : std::numeric_limits<float>::quiet_NaN();
    }
  }
};

}  // namespace

std::unique_ptr<Operation> makeSparseCrossEntropy(const Attributes& from) {
  return makeOperation<SparseCrossEntropy>(from);
}
std::unique_ptr<Operation> makeSoftmax(const Attributes& from) { return makeOperation<Softmax>(from); }
std::unique_ptr<Operation> makeCrossEntropy(const Attributes& from) { return makeOperation<CrossEntropy>(from); }

}  // namespace rnnlab
