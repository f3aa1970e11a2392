// A training step as one list of operations, whose values have places that were planned before.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "operation.h"

namespace rnnlab {

/// What a program's text says, a line each. Values are numbered in the order of their lines:
///
///     input SIZE…              the next input of floats
///     integers PLACE SIZE…     the next input of integers, as floats in the program's own memory, from that one on
///     output SIZE…             the next output of the op
///     local PLACE SIZE…        numbers in the program's own memory
///     rows PLACE SIZE…         the same, but the first size is the most: the operation that writes them says how many
///     constant NUMBER SIZE…    the same number everywhere
///     view VALUE SIZE…         a value that comes before, in another shape
///     run KIND NAME=VALUE… : VALUE… : VALUE…    attributes, inputs and outputs of an operation
///
/// All numbers are floats: integers are exact up to 2^24. All inputs of floats come before those of integers.
class Program {
 public:
  /// Throws OpError for a text that is not as above.
  explicit Program(const std::string& text);

  void run(Context& context) const;

 private:
  enum class Place { input, integers, output, local, rows, constant, view };
  struct Value {
    Place place;
    int64_t at;  // in the memory, among the constants, or the value that is viewed
    Shape shape;
    int64_t size;
  };
  struct Step {
    std::unique_ptr<Operation> operation;
    std::vector<size_t> inputs, outputs;
  };
  class Call;

  void addValue(const std::string& kind, std::istream& line);
  void addStep(std::istream& line);
  size_t valueNumber(const std::string& word) const;

  std::vector<Value> values_;
  std::vector<Step> steps_;
  std::vector<std::vector<float>> constants_;
  int64_t memory_ = 0;
};

}  // namespace rnnlab
