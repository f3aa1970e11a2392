#include "ops.h"

#include <algorithm>
#include <memory>

#include "context.h"
#include "instructions.h"
#include "optimizer-op.h"
#include "registration.h"
#include "row-gradient-op.h"
#include "threads.h"

namespace rnnlab {
namespace {

// ---- attributes

constexpr Named<CellKind> cells[] = {{"simpleRnn", CellKind::simpleRnn},
                                     {"lstm", CellKind::lstm},
                                     {"gru", CellKind::gru},
                                     {"gruResetBefore", CellKind::gruResetBefore}};
constexpr Named<Activation> activations[] = {
    {"linear", Activation::linear},           {"relu", Activation::relu},
    {"tanh", Activation::tanh},               {"sigmoid", Activation::sigmoid},
    {"hardSigmoid", Activation::hardSigmoid}, {"hardSigmoid6", Activation::hardSigmoid6}};

/// At most so many tensors of a kind that may be missing.
int countAttribute(TF_OpKernelConstruction* from, const char* name, int most) {
  const int count = intAttribute(from, name);
  if (count != 0 && count != most)
    throw OpError(std::string(name) + " must be 0 or " + std::to_string(most) + ", got " + std::to_string(count));
  return count;
}

// ---- the ops

/// An op with its attributes, ready to be called any number of times.
struct Op {
  CellKind cell;
  CellShape shape;
  Call options;
  bool biased, masked, training = false;
  int givenStates;  // forward: initial states, backward: gradients of the final ones
  int threads;
  const Routine* routine;

  Op(TF_OpKernelConstruction* from, bool backward)
      : cell(find(cells, "cell", stringAttribute(from, "cell"))), shape(shapes[static_cast<int>(cell)]) {
    options.activation = find(activations, "activation", stringAttribute(from, "activation"));
    options.recurrentActivation =
        find(activations, "recurrent_activation", stringAttribute(from, "recurrent_activation"));
    options.goBackwards = boolAttribute(from, "go_backwards");
    options.returnSequences = boolAttribute(from, "return_sequences");
    biased = countAttribute(from, "biases", 1) == 1;
    masked = countAttribute(from, "masks", 1) == 1;
    givenStates = countAttribute(from, "given_states", shape.states);
    if (intAttribute(from, "states") != shape.states)
      throw OpError("states must be " + std::to_string(shape.states) + " for this cell");
    if (!backward) training = boolAttribute(from, "training");
    threads = threadsAttribute(from);
    const std::string set = stringAttribute(from, "instructions");
    routine = findRoutine(cell, set);
    if (routine == nullptr) throw OpError("instructions: this machine does not run \"" + set + "\"");
  }
};

/// The inputs that both ops begin with.
Call readInputs(const Op& op, Context& context) {
  Call call = op.options;
  const Tensor& x = context.input("x", {-1, -1, -1});
  const Shape shape = x.shape();
  call.x = x.data<float>();
  call.batch = shape[0], call.time = shape[1], call.features = shape[2];
  const int64_t gates = op.shape.gates;
  const Tensor& kernel = context.input("kernel", {call.features, -1});
  const int64_t columns = kernel.shape()[1];
  if (columns % gates != 0)
    throw OpError("kernel must have " + std::to_string(gates) + " columns per unit, got " +
                  std::to_string(columns) + " columns");
  call.units = columns / gates;
  call.kernel = kernel.data<float>();
  call.recurrent = context.input("recurrent_kernel", {call.units, columns}).data<float>();
  return call;
}

Shape biasShape(const Op& op, const Call& call) {
  return op.cell == CellKind::gru ? Shape{2, 3 * call.units} : Shape{op.shape.gates * call.units};
}

Shape outputShape(const Call& call) {
  return call.returnSequences ? Shape{call.batch, call.time, call.units} : Shape{call.batch, call.units};
}

std::vector<int64_t> readMask(Call& call, Context& context) {
  call.mask = context.input("mask", {call.batch, call.time}).data<uint8_t>();
  std::vector<int64_t> first(call.batch);
  for (int64_t row = 0; row < call.batch; ++row) {
    const auto isMasked = [&](int64_t step) {
      return call.mask[row * call.time + (call.goBackwards ? call.time - 1 - step : step)] == 0;
    };
    while (first[row] < call.time && isMasked(first[row])) ++first[row];
  }
  return first;
}

/// One part for each thread, and none too small to be worth waking one.
int parts(const Op& op, const Call& call) {
  constexpr int64_t worthwhile = 1 << 20;
  const int64_t work =
      2 * call.batch * call.time * (call.features + call.units) * padded(call.units) * op.shape.gates;
  const int64_t sensible = op.threads ? op.threads : std::min<int64_t>(processors(), 1 + work / worthwhile);
  return static_cast<int>(std::min<int64_t>({sensible, call.batch, maxParts}));
}

void computeForward(const Op& op, Context& context) {
  Call call = readInputs(op, context);
  if (op.biased) call.bias = context.input("bias", biasShape(op, call)).data<float>();
  const Shape state = {call.batch, call.units};
  for (int i = 0; i < op.givenStates; ++i)
    call.initial[i] = context.input("initial_state", state).data<float>();
  std::vector<int64_t> firstValid;
  if (op.masked) {
    firstValid = readMask(call, context);
    call.firstValid = firstValid.data();
  }
  call.outputs = context.output(outputShape(call));
  for (int i = 0; i < op.shape.states; ++i) call.final[i] = context.output(state);
  call.savedSteps = op.training ? call.time + 1 : 2;
  call.saved = context.output({call.savedSteps, call.batch, op.shape.slots * padded(call.units)});
  const int count = parts(op, call);
  op.routine->forward(call, count, context.temporary(op.routine->workspace(call, false, count)));
}

void computeBackward(const Op& op, Context& context) {
  Call call = readInputs(op, context);
  std::vector<int64_t> firstValid;
  if (op.masked) {
    firstValid = readMask(call, context);
    call.firstValid = firstValid.data();
  }
  call.savedSteps = call.time + 1;
  call.saved =
      context.input("saved", {call.savedSteps, call.batch, op.shape.slots * padded(call.units)}).data<float>();
  call.dOutputs = context.input("d_outputs", outputShape(call)).data<float>();
  const Shape state = {call.batch, call.units};
  for (int i = 0; i < op.givenStates; ++i)
    call.dFinal[i] = context.input("d_final_states", state).data<float>();
  call.dX = context.output({call.batch, call.time, call.features});
  call.dKernel = context.output({call.features, op.shape.gates * call.units});
  call.dRecurrent = context.output({call.units, op.shape.gates * call.units});
  for (int i = 0; i < op.shape.states; ++i) call.dInitial[i] = context.output(state);
  if (op.biased) call.dBias = context.output(biasShape(op, call));
  const int count = parts(op, call);
  op.routine->backward(call, count, context.temporary(op.routine->workspace(call, true, count)));
}

struct Forward : Op {
  explicit Forward(TF_OpKernelConstruction* from) : Op(from, false) {}
  void compute(Context& context) const { computeForward(*this, context); }
};

struct Backward : Op {
  explicit Backward(TF_OpKernelConstruction* from) : Op(from, true) {}
  void compute(Context& context) const { computeBackward(*this, context); }
};

}  // namespace

std::string registerOps() {
  const std::vector<const char*> attributes = {
      "cell: string",         "activation: string",     "recurrent_activation: string",
      "go_backwards: bool",   "return_sequences: bool", "biases: int >= 0",
      "masks: int >= 0",      "given_states: int >= 0", "states: int >= 1",
      "training: bool = true", "threads: int = 0",      "instructions: string = ''"};
  try {
    registerOp<Forward>("RnnlabRecurrent", attributes,
                        {"x: float", "kernel: float", "recurrent_kernel: float", "bias: biases * float",
                         "initial_state: given_states * float", "mask: masks * bool"},
                        {"outputs: float", "final_states: states * float", "saved: float"});
    registerOp<Backward>("RnnlabRecurrentGrad", attributes,
                         {"x: float", "kernel: float", "recurrent_kernel: float", "mask: masks * bool",
                          "saved: float", "d_outputs: float", "d_final_states: given_states * float"},
                         {"d_x: float", "d_kernel: float", "d_recurrent_kernel: float",
                          "d_initial_state: states * float", "d_bias: biases * float"});
    registerOptimizerOp();
    registerRowGradientOp();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

}  // namespace rnnlab
