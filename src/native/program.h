// A training step as one list of operations, whose values have places that were planned before; and several steps in a row.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "operation.h"

namespace rnnlab {

/// What a program's text says, a line each. Values are numbered in the order of their lines:
///
///     input SIZE…              the next input of floats
///     batch SIZE…              the next input of floats, of which each step has its own, one below the other
///     integers PLACE SIZE…     the same for integers, as floats in the program's own memory, from that one on
///     output SIZE…             the next output of the op, of which each step has its own, one below the other
///     update VALUE SIZE…       the next output of the op: what an input has become, and what the next step reads for it
///     local PLACE SIZE…        numbers in the program's own memory
///     rows PLACE SIZE…         the same, but the first size is the most: the operation that writes them says how many
///     constant NUMBER SIZE…    the same number everywhere
///     view VALUE SIZE…         a value that comes before, in another shape
///     run KIND NAME=VALUE… : VALUE… : VALUE…    attributes, inputs and outputs of an operation
///
/// The sizes are those of one step. There are as many steps as the first input of a batch has room for; one if there is
/// none. All numbers are floats: integers are exact up to 2^24. Inputs come before outputs, those of floats before those of
/// integers.
class Program {
 public:
  /// Throws OpError for a text that is not as above.
  explicit Program(const std::string& text);

  /// Takes as many steps as the context has batches for.
  void run(Context& context) const;

 private:
  enum class Place { input, batch, integers, output, update, local, rows, constant, view };
  struct Value {
    Place place;
    int64_t at;  // in the memory, among the constants, or the value that is viewed or updated
    Shape shape;
    int64_t size;
  };
  struct Run {
    std::unique_ptr<Operation> operation;
    std::vector<size_t> inputs, outputs;
  };
  class Call;

  void addValue(const std::string& kind, std::istream& line);
  void checkOrder(const Value& value, const std::string& kind);
  void refer(Value& value, const std::string& word) const;
  void addRun(std::istream& line);
  size_t valueNumber(const std::string& word) const;

  std::vector<Value> values_;
  std::vector<Run> runs_;
  std::vector<std::vector<float>> constants_;
  int64_t memory_ = 0;
  bool hasOutputs_ = false;
};

}  // namespace rnnlab
