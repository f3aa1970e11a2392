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
      addStep(words);
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
      {"input", Place::input}, {"integers", Place::integers}, {"output", Place::output}, {"local", Place::local},
      {"rows", Place::rows},   {"constant", Place::constant}, {"view", Place::view}};
  Value value = {find(places, "program: a line's first word", kind), 0, {}, 1};
  std::string word;
  if (value.place != Place::input && value.place != Place::output) line >> word;
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
  if (value.place == Place::view) {
    value.at = static_cast<int64_t>(valueNumber(word));
    const Value& viewed = values_[value.at];
    if (viewed.place == Place::rows) throw OpError("program: a view must not be of rows, got value " + word);
    if (viewed.size != value.size)
      throw OpError("program: a view must have as many numbers as its value " + rnnlab::text(viewed.shape) + ", got " +
                    rnnlab::text(value.shape));
  }
  values_.push_back(std::move(value));
}

void Program::addStep(std::istream& line) {
  std::string kind, word;
  line >> kind;
  std::map<std::string, std::string> attributes;
  while (line >> word && word != ":") {
    const size_t middle = word.find('=');
    if (middle == std::string::npos)
      throw OpError("program: an attribute must be a name = a value, got \"" + word + "\"");
    attributes[word.substr(0, middle)] = word.substr(middle + 1);
  }
  Step step;
  step.operation = find(kinds, "program: an operation", kind)(WrittenAttributes(std::move(attributes)));
  while (line >> word && word != ":") step.inputs.push_back(valueNumber(word));
  while (line >> word) step.outputs.push_back(valueNumber(word));
  steps_.push_back(std::move(step));
}

/// One call of the program: where its values are, and for each operation which of them it is given next.
class Program::Call final : public Context {
 public:
  Call(const Program& program, Context& outer) : program_(program), outer_(outer) {
    float* const memory = outer.temporary(program.memory_);
    tensors_.reserve(program.values_.size());
    for (const Value& value : program.values_) tensors_.push_back(locate(program, value, memory));
  }

  void run(const Step& step) {
    step_ = &step;
    nextInput_ = nextOutput_ = 0;
    used_ = 0;
    step.operation->compute(*this);
    if (nextOutput_ != step.outputs.size()) throw OpError("program: an operation has fewer outputs than its line");
  }

  using Context::input;
  const Tensor& input() override {
    if (nextInput_ == step_->inputs.size()) throw OpError("program: an operation has more inputs than its line");
    return tensors_[step_->inputs[nextInput_++]];
  }
  float* output(const Shape& shape) override {
    if (nextOutput_ == step_->outputs.size()) throw OpError("program: an operation has more outputs than its line");
    const size_t number = step_->outputs[nextOutput_++];
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
  const Tensor& inputLike(const Value& value) {
    const Tensor& tensor = outer_.input();
    if (tensor.shape() != value.shape)
      throw OpError("inputs of this program must have shape " + text(value.shape) + ", got " + text(tensor.shape()));
    return tensor;
  }

  Tensor locate(const Program& program, const Value& value, float* memory) {
    switch (value.place) {
      case Place::input: return inputLike(value);
      case Place::integers: {
        const int32_t* const numbers = inputLike(value).data<int32_t>();
        std::copy_n(numbers, value.size, memory + value.at);
        return {TF_FLOAT, value.shape, memory + value.at};
      }
      case Place::output: return {TF_FLOAT, value.shape, outer_.output(value.shape)};
      case Place::local:
      case Place::rows: return {TF_FLOAT, value.shape, memory + value.at};
      case Place::constant: return {TF_FLOAT, value.shape, const_cast<float*>(program.constants_[value.at].data())};
      case Place::view: break;
    }
    return tensors_[value.at].reshaped(value.shape);
  }

  /// Whether rows are as many as planned, or fewer.
  static bool fits(const Shape& shape, const Shape& most) {
    return shape.size() == most.size() && !most.empty() && shape[0] <= most[0] &&
           std::equal(shape.begin() + 1, shape.end(), most.begin() + 1);
  }

  const Program& program_;
  Context& outer_;
  std::vector<Tensor> tensors_;
  const Step* step_ = nullptr;
  size_t nextInput_ = 0, nextOutput_ = 0;
  float* space_ = nullptr;
  int64_t room_ = 0, used_ = 0;
};

void Program::run(Context& context) const {
  Call call(*this, context);
  for (const Step& step : steps_) call.run(step);
}

}  // namespace rnnlab
