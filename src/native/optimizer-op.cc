#include "optimizer-op.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "instructions.h"
#include "operation.h"
#include "row-gradient-op.h"
#include "threads.h"

namespace rnnlab {
namespace {

constexpr Named<Rule> ruleNames[] = {{"sgd", Rule::sgd},
                                     {"sgdMomentum", Rule::sgdMomentum},
                                     {"rmsprop", Rule::rmsprop},
                                     {"rmspropMomentum", Rule::rmspropMomentum},
                                     {"rmspropCentered", Rule::rmspropCentered},
                                     {"rmspropCenteredMomentum", Rule::rmspropCenteredMomentum},
                                     {"adam", Rule::adam}};

enum class Clip { none, value, norm, globalNorm };
constexpr Named<Clip> clips[] = {
    {"none", Clip::none}, {"value", Clip::value}, {"norm", Clip::norm}, {"globalNorm", Clip::globalNorm}};

/// How many parameters make a piece of work, whatever the number of threads.
constexpr int64_t pieceLength = 1 << 15;

int64_t product(const Shape& shape) {
  int64_t size = 1;
  for (const int64_t each : shape) size *= each;
  return size;
}

/// A variable with its gradient: one number for each element, or rows that some lines of the matrix have.
struct Variable {
  Update update;
  const float* gradient;
  int64_t gradientLength;
  int64_t columns = 0;  // of a gradient by rows, else 0
  int64_t givenRows = 0;
  double squares = 0;

  const float* packed(int64_t index) const { return gradient + index * (columns + 1); }
};

struct Piece {
  Variable* variable;
  int64_t begin, end;  // elements, or rows of a gradient by rows
  double squares = 0;
};

struct Step {
  const UpdateRoutines* routines;
  Rule rule;
  UpdateSettings settings;
  std::vector<Variable> variables;
  std::vector<Piece> pieces;
  int parts;

  void move(const Variable& variable, int64_t begin, int64_t end, const float* gradient) const {
    if (begin == end) return;
    Update update = variable.update;
    update.before += begin, update.after += begin, update.gradient = gradient, update.length = end - begin;
    for (int k = 0; k < slotsOf[static_cast<int>(rule)]; ++k) update.slots[k] += begin;
    routines->step[static_cast<int>(rule)](update, settings);
  }

  /// The first packed row that is not before this row.
  static int64_t firstFrom(const Variable& variable, int64_t row) {
    int64_t low = 0, high = variable.givenRows;
    while (low < high) {
      const int64_t middle = (low + high) / 2;
      if (rowNumber(variable.packed(middle)) < row)
        low = middle + 1;
      else
        high = middle;
    }
    return low;
  }

  void compute(const Piece& piece) const {
    const Variable& variable = *piece.variable;
    if (variable.columns == 0) return move(variable, piece.begin, piece.end, variable.gradient + piece.begin);
    int64_t row = piece.begin;
    for (int64_t i = firstFrom(variable, row); i < variable.givenRows; ++i) {
      const int64_t given = rowNumber(variable.packed(i));
      if (given >= piece.end) break;
      move(variable, row * variable.columns, given * variable.columns, nullptr);
      move(variable, given * variable.columns, (given + 1) * variable.columns, variable.packed(i) + 1);
      row = given + 1;
    }
    move(variable, row * variable.columns, piece.end * variable.columns, nullptr);
  }

  void measure(Piece& piece) const {
    const Variable& variable = *piece.variable;
    if (variable.columns == 0) {
      piece.squares = routines->sumOfSquares(variable.gradient + piece.begin, piece.end - piece.begin);
      return;
    }
    for (int64_t i = firstFrom(variable, piece.begin), end = firstFrom(variable, piece.end); i < end; ++i)
      piece.squares += routines->sumOfSquares(variable.packed(i) + 1, variable.columns);
  }

  template <class Work>
  void forEachPiece(Work work) {
    struct Call {
      Step* step;
      Work* work;
    } call = {this, &work};
    parallel(
        parts,
        [](void* data, int part) {
          const Call& call = *static_cast<Call*>(data);
          const size_t count = call.step->pieces.size();
          const size_t end = count * (part + 1) / call.step->parts;
          for (size_t i = count * part / call.step->parts; i < end; ++i) (*call.work)(call.step->pieces[i]);
        },
        &call);
  }

  /// As Keras clips by norm: by that of each variable's gradient, or by that of all of them together.
  void scale(bool together) {
    forEachPiece([this](Piece& piece) { measure(piece); });
    double all = 0;
    for (const Piece& piece : pieces) piece.variable->squares += piece.squares;
    for (const Variable& variable : variables) all += variable.squares;
    for (Variable& variable : variables) {
      const double norm = std::sqrt(together ? all : variable.squares);
      const double limit = settings.limit;
      variable.update.scale = static_cast<float>(norm > limit ? limit / norm : 1);
      const bool isLost = together ? !std::isfinite(norm) : std::isnan(norm);
      if (isLost) variable.update.scale = std::numeric_limits<float>::quiet_NaN();
    }
    settings.limit = std::numeric_limits<float>::infinity();
  }
};

struct OptimizerOp {
  Rule rule;
  Clip clip;
  int variables, threads;
  const UpdateRoutines* routines;

  explicit OptimizerOp(const Attributes& from)
      : rule(find(ruleNames, "rule", from.text("rule"))),
        clip(find(clips, "clip", from.text("clip"))),
        variables(from.integer("variables_count")),
        threads(from.threads()) {
    const int slots = slotsOf[static_cast<int>(rule)] * variables;
    if (from.integer("slots_count") != slots)
      throw OpError("slots_count must be " + std::to_string(slots) + " for this rule");
    const std::string set = from.text("instructions");
    routines = findUpdates(set);
    if (routines == nullptr) throw OpError("instructions: this machine does not run \"" + set + "\"");
  }

  void compute(Context& context) const {
    Step step;
    step.routines = routines;
    step.rule = rule;
    const Tensor& settings = context.input("settings", {2 + coefficients});
    memcpy(&step.settings, settings.data<float>(), sizeof step.settings);
    std::vector<Shape> shapes;
    for (int i = 0; i < variables; ++i) {
      const Tensor& before = context.input();
      shapes.push_back(before.shape());
      Variable variable = {};
      variable.update.before = before.data<float>();
      variable.update.length = product(shapes.back());
      variable.update.scale = 1;
      step.variables.push_back(variable);
    }
    for (int i = 0; i < variables; ++i) readGradient(context, shapes[i], step.variables[i]);
    for (int i = 0; i < variables; ++i)
      for (int k = 0; k < slotsOf[static_cast<int>(rule)]; ++k)
        step.variables[i].update.slots[k] = context.input("slots", shapes[i]).data<float>();
    for (int i = 0; i < variables; ++i) step.variables[i].update.after = context.output(shapes[i]);
    divide(step);
    if (clip == Clip::norm || clip == Clip::globalNorm) step.scale(clip == Clip::globalNorm);
    if (clip == Clip::none) step.settings.limit = std::numeric_limits<float>::infinity();
    step.forEachPiece([&step](Piece& piece) { step.compute(piece); });
  }

  static void readGradient(Context& context, const Shape& shape, Variable& variable) {
    const Tensor& gradient = context.input();
    const Shape given = gradient.shape();
    variable.gradient = gradient.data<float>();
    if (given == shape) return;
    if (shape.size() != 2 || given.size() != 3 || given[1] != 1 || given[2] != shape[1] + 1)
      throw OpError("gradients must have shape " + text(shape) + " as the variable, got " + text(given));
    variable.columns = shape[1];
    variable.givenRows = given[0];
    int64_t last = -1;
    for (int64_t i = 0; i < variable.givenRows; ++i) {
      const int64_t row = rowNumber(variable.packed(i));
      if (row <= last || row >= shape[0])
        throw OpError("gradients by rows must have rising row numbers below " + std::to_string(shape[0]) + ", got " +
                      std::to_string(row) + " after " + std::to_string(last));
      last = row;
    }
  }

  void divide(Step& step) const {
    int64_t all = 0;
    for (Variable& variable : step.variables) {
      const int64_t width = std::max<int64_t>(variable.columns, 1);
      const int64_t length = variable.update.length / width;
      const int64_t most = std::max<int64_t>(pieceLength / width, 1);
      for (int64_t begin = 0; begin < length; begin += most)
        step.pieces.push_back({&variable, begin, std::min(begin + most, length)});
      all += variable.update.length;
    }
    const int64_t pieces = static_cast<int64_t>(step.pieces.size());
    step.parts = threads ? static_cast<int>(std::max<int64_t>(1, std::min<int64_t>(threads, pieces)))
                         : threadsFor(all, 2 * pieceLength, pieces);
  }
};

}  // namespace

std::unique_ptr<Operation> makeOptimizer(const Attributes& from) { return makeOperation<OptimizerOp>(from); }

void registerOptimizerOp() {
  registerOp<OptimizerOp>("RnnlabOptimizer",
                          {"rule: string", "clip: string", "variables_count: int >= 1", "slots_count: int >= 0",
                           "threads: int = 0", "instructions: string = ''"},
                          {"settings: float", "variables: variables_count * float",
                           "gradients: variables_count * float", "slots: slots_count * float"},
                          {"updated: variables_count * float"});
}

}  // namespace rnnlab
