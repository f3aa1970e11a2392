// One operation of a program: like an op of TensorFlow it is made from attributes, and computes with a context.
#pragma once
#include <memory>

#include "registration.h"

namespace rnnlab {

class Operation {
 public:
  virtual ~Operation() = default;
  virtual void compute(Context& context) const = 0;
};

/// Makes an operation of a class with a constructor from attributes and a method compute(Context&) const.
template <class Op>
std::unique_ptr<Operation> makeOperation(const Attributes& from) {
  class Made final : public Operation {
   public:
    explicit Made(const Attributes& from) : op_(from) {}
    void compute(Context& context) const override { op_.compute(context); }

   private:
    Op op_;
  };
  return std::make_unique<Made>(from);
}

// The kinds, each in the file that has its class.
std::unique_ptr<Operation> makeBinary(const Attributes& from);
std::unique_ptr<Operation> makeUnary(const Attributes& from);
std::unique_ptr<Operation> makeSelect(const Attributes& from);
std::unique_ptr<Operation> makeReduction(const Attributes& from);
std::unique_ptr<Operation> makeProduct(const Attributes& from);
std::unique_ptr<Operation> makeSoftmax(const Attributes& from);
std::unique_ptr<Operation> makeCrossEntropy(const Attributes& from);
std::unique_ptr<Operation> makeSparseCrossEntropy(const Attributes& from);
std::unique_ptr<Operation> makeConcatenation(const Attributes& from);
std::unique_ptr<Operation> makeSplit(const Attributes& from);
std::unique_ptr<Operation> makePadding(const Attributes& from);
std::unique_ptr<Operation> makeReversal(const Attributes& from);
std::unique_ptr<Operation> makeTransposition(const Attributes& from);
std::unique_ptr<Operation> makeTiling(const Attributes& from);
std::unique_ptr<Operation> makeGathering(const Attributes& from);
std::unique_ptr<Operation> makeOneHot(const Attributes& from);
std::unique_ptr<Operation> makeRowGradient(const Attributes& from);
std::unique_ptr<Operation> makeRowSum(const Attributes& from);
std::unique_ptr<Operation> makeRecurrent(const Attributes& from);
std::unique_ptr<Operation> makeRecurrentGradient(const Attributes& from);
std::unique_ptr<Operation> makeOptimizer(const Attributes& from);

}  // namespace rnnlab
