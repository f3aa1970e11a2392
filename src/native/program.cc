#include "program.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <sstream>

namespace rnnlab {
namespace {

using Maker = std::unique_ptr<Operation> (*)(const Attributes&);
constexpr Named<Maker> kinds[] = {{"binary", makeBinary},
                                  {"unary", makeUnary},
                                  {"select", makeSelect},
                                  {"reduction", makeReduction},
                                  {"product", makeProduct},
                                  {"softmax", makeSoftmax},
                                  {"crossEntropy", makeCrossEntropy},
                                  {"sparseCrossEntropy", makeSparseCrossEntropy},
                                  {"concatenation", makeConcatenation},
                                  {"split", makeSplit},
                                  {"padding", makePadding},
                                  {"reversal", makeReversal},
                                  {"transposition", makeTransposition},
                                  {"tiling", makeTiling},
                                  {"gathering", makeGathering},
                                  {"oneHot", makeOneHot},
                                  {"rowGradient", makeRowGradient},
                                  {"rowSum", makeRowSum},
                                  {"recurrent", makeRecurrent},
                                  {"recurrentGradient", makeRecurrentGradient},
                                  {"optimizer", makeOptimizer}};

/// No tensor of a step is larger: sums and products of sizes stay far from the end of their type.
constexpr int64_t mostFloats = int64_t{1} << 40;

int64_t toInteger(const std::string& word) {
  char* end;
  const long long number = std::strtoll(word.c_str(), &end, 10);
  if (word.empty() || *end != '\0' || number < 0 || number > mostFloats)
    throw OpError("program: a size or number must be an integer from 0 to 2^40, got \"" + word + "\"");
  return number;
}

/// The attributes of an operation in a program; those that are not there are empty, false or 0.
class WrittenAttributes final : public Attributes {
 public:
  explicit WrittenAttributes(std::map<std::string, std::string> values) : values_(std::move(values)) {}
  std::string text(const char* name) const override {
    const auto found = values_.find(name);
    return found == values_.end() ? "" : found->second;
  }
  bool flag(const char* name) const override { return text(name) == "true"; }
  int integer(const char* name) const override {
    const std::string word = text(name);
    return word.empty() ? 0 : static_cast<int>(toInteger(word) & 0x7FFFFFFF);
  }

 private:
  std::map<std::string, std::string> values_;
};

}  // namespace

Program::Program(const std::string& text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string kind;
    words >> kind;
    if (kind == "run")
      addRun(words);
    else
      addValue(kind, words);
  }
}

size_t Program::valueNumber(const std::string& word) const {
  const int64_t number = toInteger(word);
  if (number >= static_cast<int64_t>(values_.size()))
    throw OpError("program: a value must be one of the " + std::to_string(values_.size()) + " before, got " + word);
  return number;
}

void Program::addValue(const std::string& kind, std::istream& line) {
  constexpr Named<Place> places[] = {
      {"input", Place::input},   {"batch", Place::batch},       {"integers", Place::integers},
      {"output", Place::output}, {"update", Place::update},     {"local", Place::local},
      {"rows", Place::rows},     {"constant", Place::constant}, {"view", Place::view}};
  constexpr Place withoutWord[] = {Place::input, Place::batch, Place::output};
  Value value = {find(places, "program: a line's first word", kind), 0, {}, 1};
  std::string word;
  if (std::count(std::begin(withoutWord), std::end(withoutWord), value.place) == 0) line >> word;
  for (std::string size; line >> size;) {
    value.shape.push_back(toInteger(size));
    value.size *= value.shape.back();
    if (value.size > mostFloats) throw OpError("program: a value must have at most 2^40 numbers, got more");
  }
  if (value.place == Place::local || value.place == Place::rows || value.place == Place::integers) {
    value.at = toInteger(word);
    memory_ = std::max(memory_, value.at + value.size);
  }
  if (value.place == Place::constant) {
    value.at = static_cast<int64_t>(constants_.size());
    constants_.emplace_back(value.size, std::strtof(word.c_str(), nullptr));
  }
  checkOrder(value, kind);
  if (value.place == Place::view || value.place == Place::update) refer(value, word);
  values_.push_back(std::move(value));
}

void Program::checkOrder(const Value& value, const std::string& kind) {
  const bool isBatch = value.place == Place::batch || value.place == Place::integers;
  if (isBatch && (value.size == 0 || value.shape.empty()))
    throw OpError("program: a batch must have sizes from 1, got " + rnnlab::text(value.shape));
  if ((isBatch || value.place == Place::input) && hasOutputs_)
    throw OpError("program: inputs must come before outputs, got \"" + kind + "\" after one");
  hasOutputs_ = hasOutputs_ || value.place == Place::output || value.place == Place::update;
}

void Program::refer(Value& value, const std::string& word) const {
  value.at = static_cast<int64_t>(valueNumber(word));
  const Value& other = values_[value.at];
  if (value.place == Place::update && (other.place != Place::input || other.shape != value.shape))
    throw OpError("program: an update must be of an input of shape " + rnnlab::text(value.shape) + ", got value " +
                  word);
  if (value.place == Place::view && other.place == Place::rows)
    throw OpError("program: a view must not be of rows, got value " + word);
  if (other.size != value.size)
    throw OpError("program: a view must have as many numbers as its value " + rnnlab::text(other.shape) + ", got " +
                  rnnlab::text(value.shape));
}

void Program::addRun(std::istream& line) {
  std::string kind, word;
  line >> kind;
  std::map<std::string, std::string> attributes;
  while (line >> word && word != ":") {
    const size_t middle = word.find('=');
    if (middle == std::string::npos)
      throw OpError("program: an attribute must be a name = a value, got \"" + word + "\"");
    attributes[word.substr(0, middle)] = word.substr(middle + 1);
  }
  Run run;
  run.operation = find(kinds, "program: an operation", kind)(WrittenAttributes(std::move(attributes)));
  while (line >> word && word != ":") run.inputs.push_back(valueNumber(word));
  while (line >> word) run.outputs.push_back(valueNumber(word));
  runs_.push_back(std::move(run));
}

/// One call of the program: where its values are, and for each operation which of them it is given next.
class Program::Call final : public Context {
 public:
  Call(const Program& program, Context& outer)
      : program_(program), outer_(outer), memory_(outer.temporary(program.memory_)) {
    for (const Value& value : program.values_) {
      begins_.push_back(begin(value));
      tensors_.emplace_back(TF_FLOAT, value.shape, nullptr);
    }
  }

  int64_t steps() const { return std::max<int64_t>(steps_, 1); }

  /// Points all values at those of a step, which are counted from 0.
  void enter(int64_t step) {
    for (size_t i = 0; i < begins_.size(); ++i) {
      const Value& value = program_.values_[i];
      if (step == 1 && value.place == Place::update) begins_[value.at] = begins_[i];
    }
    for (size_t i = 0; i < begins_.size(); ++i) {
      const Value& value = program_.values_[i];
      Tensor& tensor = tensors_[i];
      switch (value.place) {
        case Place::batch:
        case Place::output: tensor.moveTo(static_cast<float*>(begins_[i]) + step * value.size); break;
        case Place::integers:
          tensor.moveTo(memory_ + value.at);
          std::copy_n(static_cast<const int32_t*>(begins_[i]) + step * value.size, value.size, memory_ + value.at);
          break;
        case Place::view: tensor.moveTo(tensors_[value.at].data<float>()); break;
        default: tensor.moveTo(begins_[i]);
      }
    }
  }

  void run(const Run& run) {
    run_ = &run;
    nextInput_ = nextOutput_ = 0;
    used_ = 0;
    run.operation->compute(*this);
    if (nextOutput_ != run.outputs.size()) throw OpError("program: an operation has fewer outputs than its line");
  }

  using Context::input;
  const Tensor& input() override {
    if (nextInput_ == run_->inputs.size()) throw OpError("program: an operation has more inputs than its line");
    return tensors_[run_->inputs[nextInput_++]];
  }
  float* output(const Shape& shape) override {
    if (nextOutput_ == run_->outputs.size()) throw OpError("program: an operation has more outputs than its line");
    const size_t number = run_->outputs[nextOutput_++];
    const Value& value = program_.values_[number];
    Tensor& tensor = tensors_[number];
    int64_t size = 1;
    for (const int64_t each : shape) size *= each;
    if (value.place == Place::rows && fits(shape, value.shape))
      tensor = tensor.reshaped(shape);
    else if (size != tensor.size())
      throw OpError("program: an output must have shape " + text(shape) + ", got " + text(tensor.shape()));
    return tensor.data<float>();
  }
  /// Operations work one after the other in the same place.
  float* temporary(int64_t floats) override {
    if (used_ + floats > room_) {
      used_ = 0;
      room_ = floats;
      space_ = outer_.temporary(floats);
    }
    float* const part = space_ + used_;
    used_ += floats;
    return part;
  }

 private:
  /// Where a value begins, at the first step if each has its own; a view has none.
  void* begin(const Value& value) {
    switch (value.place) {
      case Place::input: return givenInput(value.shape).data<float>();
      case Place::batch: return givenBatch(value).data<float>();
      case Place::integers: return givenBatch(value).data<int32_t>();
      case Place::output: return outer_.output(ofAllSteps(value.shape));
      case Place::update: return outer_.output(value.shape);
      case Place::local:
      case Place::rows: return memory_ + value.at;
      case Place::constant: return const_cast<float*>(program_.constants_[value.at].data());
      case Place::view: break;
    }
    return nullptr;
  }

  const Tensor& givenInput(const Shape& shape) {
    const Tensor& tensor = outer_.input();
    if (tensor.shape() != shape)
      throw OpError("inputs of this program must have shape " + text(shape) + ", got " + text(tensor.shape()));
    return tensor;
  }

  /// The first one says how many steps there are.
  const Tensor& givenBatch(const Value& value) {
    const Tensor& tensor = outer_.input();
    const int64_t rows = tensor.shape().empty() ? 0 : tensor.shape()[0];
    if (steps_ == 0) steps_ = rows / value.shape[0];
    if (steps_ == 0 || tensor.shape() != ofAllSteps(value.shape))
      throw OpError("inputs of this program must have shape " + text(value.shape) + ", or more of it below, " +
                    std::to_string(steps()) + " in all, got " + text(tensor.shape()));
    return tensor;
  }

  Shape ofAllSteps(Shape shape) const {
    if (shape.empty() && steps() > 1) return {steps()};
    if (!shape.empty()) shape[0] *= steps();
    return shape;
  }

  /// Whether rows are as many as planned, or fewer.
  static bool fits(const Shape& shape, const Shape& most) {
    return shape.size() == most.size() && !most.empty() && shape[0] <= most[0] &&
           std::equal(shape.begin() + 1, shape.end(), most.begin() + 1);
  }

  const Program& program_;
  Context& outer_;
  float* const memory_;
  int64_t steps_ = 0;
  std::vector<void*> begins_;
  std::vector<Tensor> tensors_;  // those of the step that is taken
  const Run* run_ = nullptr;
  size_t nextInput_ = 0, nextOutput_ = 0;
  float* space_ = nullptr;
  int64_t room_ = 0, used_ = 0;
};

void Program::run(Context& context) const {
  Call call(*this, context);
  for (int64_t step = 0; step < call.steps(); ++step) {
    call.enter(step);
    for (const Run& run : runs_) call.run(run);
  }
}

}  // namespace rnnlab
