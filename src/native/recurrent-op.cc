#include "recurrent-op.h"

#include <algorithm>

#include "instructions.h"
#include "operation.h"
#include "sequences.h"
#include "threads.h"

namespace rnnlab {
namespace {

constexpr Named<CellKind> cells[] = {{"simpleRnn", CellKind::simpleRnn},
                                     {"lstm", CellKind::lstm},
                                     {"gru", CellKind::gru},
                                     {"gruResetBefore", CellKind::gruResetBefore}};
constexpr Named<Activation> activations[] = {{"linear", Activation::linear},
                                             {"relu", Activation::relu},
                                             {"tanh", Activation::tanh},
                                             {"sigmoid", Activation::sigmoid},
                                             {"hardSigmoid", Activation::hardSigmoid},
                                             {"hardSigmoid6", Activation::hardSigmoid6}};

/// The most tensors of a kind that may be missing.
int countAttribute(const Attributes& from, const char* name, int most) {
  const int count = from.integer(name);
  if (count != 0 && count != most)
    throw OpError(std::string(name) + " must be 0 or " + std::to_string(most) + ", got " + std::to_string(count));
  return count;
}

/// What both ops share: their attributes, ready to be called any number of times.
struct Op {
  CellKind cell;
  CellShape shape;
  Call options;
  bool biased, masked;
  int givenStates;  // forward: initial states, backward: gradients of the final ones
  int threads;
  const Routine* routine;

  explicit Op(const Attributes& from)
      : cell(find(cells, "cell", from.text("cell"))), shape(shapes[static_cast<int>(cell)]) {
    options.activation = find(activations, "activation", from.text("activation"));
    options.recurrentActivation = find(activations, "recurrent_activation", from.text("recurrent_activation"));
    options.goBackwards = from.flag("go_backwards");
    options.returnSequences = from.flag("return_sequences");
    biased = countAttribute(from, "biases", 1) == 1;
    masked = countAttribute(from, "masks", 1) == 1;
    givenStates = countAttribute(from, "given_states", shape.states);
    if (from.integer("states") != shape.states)
      throw OpError("states must be " + std::to_string(shape.states) + " for this cell");
    threads = from.threads();
    const std::string set = from.text("instructions");
    routine = findRoutine(cell, set);
    if (routine == nullptr) throw OpError("instructions: this machine does not run \"" + set + "\"");
  }

  /// The most threads. Both ops group the rows for this number, whatever the work is worth.
  int mostThreads() const { return threads ? threads : std::min(processors(), maxParts); }
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
    throw OpError("kernel must have " + std::to_string(gates) + " columns per unit, got " + std::to_string(columns) +
                  " columns");
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

/// @param converted  room for those of a program, which are floats
const uint8_t* readMask(const Op& op, const Call& call, Context& context, std::vector<uint8_t>& converted) {
  if (!op.masked) return nullptr;
  const Tensor& mask = context.input("mask", {call.batch, call.time});
  if (!mask.hasFloats()) return mask.data<uint8_t>();
  const float* const from = mask.data<float>();
  converted.resize(mask.size());
  std::transform(from, from + mask.size(), converted.begin(), [](float counts) { return counts != 0; });
  return converted.data();
}

Shape savedShape(const Op& op, const Call& call, const Sequences& sequences) {
  return {sequences.savedRows(), op.shape.slots * padded(call.units)};
}

/// No thread has so little to do that it is not worth waking.
int usefulThreads(const Op& op, const Call& call) {
  constexpr int64_t worthwhile = 1 << 20;
  const int64_t work = 2 * call.batch * call.time * (call.features + call.units) * padded(call.units) * op.shape.gates;
  if (op.threads) return static_cast<int>(std::min<int64_t>(op.threads, call.groupCount));
  return threadsFor(work, worthwhile, call.groupCount);
}

void run(int64_t (*routine)(const Call&, int, float*), const Op& op, const Call& call, Context& context) {
  const int threads = usefulThreads(op, call);
  routine(call, threads, context.temporary(routine(call, threads, nullptr)));
}

class Forward : Op {
 public:
  explicit Forward(const Attributes& from) : Op(from), training_(from.flag("training")) {}

  void compute(Context& context) const {
    Call call = readInputs(*this, context);
    if (biased) call.bias = context.input("bias", biasShape(*this, call)).data<float>();
    const Shape state = {call.batch, call.units};
    for (int i = 0; i < givenStates; ++i) call.initial[i] = context.input("initial_state", state).data<float>();
    std::vector<uint8_t> mask;
    const Sequences sequences(call, readMask(*this, call, context, mask), mostThreads(), training_);
    call.groups = sequences.groups(), call.groupCount = sequences.count();
    call.outputs = context.output(outputShape(call));
    for (int i = 0; i < shape.states; ++i) call.final[i] = context.output(state);
    call.saved = context.output(savedShape(*this, call, sequences));
    run(routine->forward, *this, call, context);
  }

 private:
  bool training_;
};

class Backward : Op {
 public:
  explicit Backward(const Attributes& from) : Op(from), inputGradient_(from.flag("input_gradient")) {}

  void compute(Context& context) const {
    Call call = readInputs(*this, context);
    std::vector<uint8_t> mask;
    const Sequences sequences(call, readMask(*this, call, context, mask), mostThreads(), true);
    call.groups = sequences.groups(), call.groupCount = sequences.count();
    call.saved = context.input("saved", savedShape(*this, call, sequences)).data<float>();
    call.dOutputs = context.input("d_outputs", outputShape(call)).data<float>();
    const Shape state = {call.batch, call.units};
    for (int i = 0; i < givenStates; ++i) call.dFinal[i] = context.input("d_final_states", state).data<float>();
    float* const dX = context.output(inputGradient_ ? Shape{call.batch, call.time, call.features} : Shape{0});
    call.dX = inputGradient_ ? dX : nullptr;
    call.dKernel = context.output({call.features, shape.gates * call.units});
    call.dRecurrent = context.output({call.units, shape.gates * call.units});
    for (int i = 0; i < shape.states; ++i) call.dInitial[i] = context.output(state);
    if (biased) call.dBias = context.output(biasShape(*this, call));
    run(routine->backward, *this, call, context);
  }

 private:
  bool inputGradient_;
};

}  // namespace

std::unique_ptr<Operation> makeRecurrent(const Attributes& from) { return makeOperation<Forward>(from); }
std::unique_ptr<Operation> makeRecurrentGradient(const Attributes& from) { return makeOperation<Backward>(from); }

void registerRecurrentOps() {
  const std::vector<const char*> attributes = {"cell: string",
                                               "activation: string",
                                               "recurrent_activation: string",
                                               "go_backwards: bool",
                                               "return_sequences: bool",
                                               "biases: int >= 0",
                                               "masks: int >= 0",
                                               "given_states: int >= 0",
                                               "states: int >= 1",
                                               "training: bool = true",
                                               "threads: int = 0",
                                               "instructions: string = ''",
                                               "input_gradient: bool = true"};
  registerOp<Forward>("RnnlabRecurrent", attributes,
                      {"x: float", "kernel: float", "recurrent_kernel: float", "bias: biases * float",
                       "initial_state: given_states * float", "mask: masks * bool"},
                      {"outputs: float", "final_states: states * float", "saved: float"});
  registerOp<Backward>("RnnlabRecurrentGrad", attributes,
                       {"x: float", "kernel: float", "recurrent_kernel: float", "mask: masks * bool", "saved: float",
                        "d_outputs: float", "d_final_states: given_states * float"},
                       {"d_x: float", "d_kernel: float", "d_recurrent_kernel: float", "d_initial_state: states * float",
                        "d_bias: biases * float"});
}

}  // namespace rnnlab
