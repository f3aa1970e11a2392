// Operations that only move numbers: along one axis, or from one order of axes to another.
#include <algorithm>
#include <cstring>
#include <sstream>

#include "operation.h"
#include "shares.h"

namespace rnnlab {
namespace {

void copy(float* to, const float* from, int64_t count) { memcpy(to, from, count * sizeof(float)); }

/// The integers of an attribute such as "2,0,1".
std::vector<int64_t> integers(const Attributes& from, const char* name) {
  std::istringstream words(from.text(name));
  std::vector<int64_t> numbers;
  for (std::string word; std::getline(words, word, ',');) {
    char* end;
    numbers.push_back(std::strtoll(word.c_str(), &end, 10));
    if (word.empty() || *end != '\0' || numbers.back() < 0)
      throw OpError(std::string(name) + " must be integers from 0, got \"" + word + "\"");
  }
  return numbers;
}

int positive(const Attributes& from, const char* name) {
  const int number = from.integer(name);
  if (number < 1) throw OpError(std::string(name) + " must be positive, got " + std::to_string(number));
  return number;
}

/// How many numbers each of `outer` parts of a tensor has.
int64_t widthOf(const Tensor& tensor, int outer) {
  if (tensor.size() % outer != 0)
    throw OpError("the numbers must be a multiple of " + std::to_string(outer) + ", got shape " + text(tensor.shape()));
  return tensor.size() / outer;
}

/// Puts [outer, a], [outer, b], … side by side.
struct Concatenation {
  int outer, count;

  explicit Concatenation(const Attributes& from) : outer(positive(from, "outer")), count(positive(from, "count")) {}

  void compute(Context& context) const {
    struct Part {
      const float* from;
      int64_t width;
    };
    std::vector<Part> parts;
    int64_t all = 0;
    for (int i = 0; i < count; ++i) {
      const Tensor& tensor = context.input();
      parts.push_back({tensor.data<float>(), widthOf(tensor, outer)});
      all += parts.back().width;
    }
    float* const to = context.output({outer, all});
    inShares(outer, outer * all, [&](int64_t begin, int64_t end) {
      float* next = to + begin * all;
      for (int64_t row = begin; row < end; ++row)
        for (const Part& part : parts) {
          copy(next, part.from + row * part.width, part.width);
          next += part.width;
        }
    });
  }
};

/// Takes [outer, a + b + …] apart; what lies before the first of them and after the last is left out.
struct Split {
  int outer;
  int64_t first;
  std::vector<int64_t> widths;

  explicit Split(const Attributes& from)
      : outer(positive(from, "outer")), first(from.integer("first")), widths(integers(from, "widths")) {}

  void compute(Context& context) const {
    const Tensor& x = context.input();
    const int64_t all = widthOf(x, outer);
    int64_t at = first;
    for (const int64_t width : widths) {
      if (at + width > all)
        throw OpError("first and widths must stay within " + std::to_string(all) + " numbers, got " +
                      std::to_string(at + width));
      float* const to = context.output({outer, width});
      inShares(outer, outer * width, [&, from = x.data<float>() + at](int64_t begin, int64_t end) {
        for (int64_t row = begin; row < end; ++row) copy(to + row * width, from + row * all, width);
      });
      at += width;
    }
  }
};

/// The opposite of a split with one part: zeros before and after.
struct Padding {
  int outer, before, after;

  explicit Padding(const Attributes& from)
      : outer(positive(from, "outer")), before(from.integer("before")), after(from.integer("after")) {}

  void compute(Context& context) const {
    const Tensor& x = context.input();
    const int64_t width = widthOf(x, outer), all = before + width + after;
    float* const to = context.output({outer, all});
    inShares(outer, outer * all, [&, from = x.data<float>()](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; ++row) {
        float* const padded = to + row * all;
        std::fill_n(padded, before, 0.0f);
        copy(padded + before, from + row * width, width);
        std::fill_n(padded + before + width, after, 0.0f);
      }
    });
  }
};

/// Turns the middle axis of [outer, size, inner] round.
struct Reversal {
  int outer, inner;

  explicit Reversal(const Attributes& from) : outer(positive(from, "outer")), inner(positive(from, "inner")) {}

  void compute(Context& context) const {
    const Tensor& x = context.input();
    const int64_t width = widthOf(x, outer), size = width / inner;
    if (size * inner != width)
      throw OpError("the numbers must be a multiple of outer and inner, got shape " + text(x.shape()));
    float* const to = context.output({outer, size, inner});
    inShares(outer, x.size(), [&, from = x.data<float>()](int64_t begin, int64_t end) {
      for (int64_t row = begin * size; row < end * size; ++row) {
        const int64_t turned = row - row % size + size - 1 - row % size;
        copy(to + row * inner, from + turned * inner, inner);
      }
    });
  }
};

/// Puts the axes into another order.
struct Transposition {
  std::vector<int64_t> order;

  explicit Transposition(const Attributes& from) : order(integers(from, "order")) {}

  void compute(Context& context) const {
    const Tensor& x = context.input();
    const Shape& shape = x.shape();
    Shape sizes, strides;
    std::vector<bool> isThere(shape.size());
    for (const int64_t axis : order) {
      if (axis >= static_cast<int64_t>(shape.size()) || isThere[axis]) break;
      isThere[axis] = true;
      int64_t stride = 1;
      for (size_t i = axis + 1; i < shape.size(); ++i) stride *= shape[i];
      sizes.push_back(shape[axis]);
      strides.push_back(stride);
    }
    if (sizes.size() != shape.size() || order.size() != shape.size())
      throw OpError("order must have each of " + std::to_string(shape.size()) + " axes once");
    float* to = context.output(sizes);
    if (x.size() > 0) move(x.data<float>(), sizes, strides, 0, to);
  }

 private:
  static void move(const float* from, const Shape& sizes, const Shape& strides, size_t axis, float*& to) {
    if (axis == sizes.size()) {
      *to++ = *from;
      return;
    }
    for (int64_t i = 0; i < sizes[axis]; ++i) move(from + i * strides[axis], sizes, strides, axis + 1, to);
  }
};

/// Repeats a tensor along its axes.
struct Tiling {
  std::vector<int64_t> times;

  explicit Tiling(const Attributes& from) : times(integers(from, "times")) {}

  void compute(Context& context) const {
    const Tensor& x = context.input();
    Shape shape = x.shape();
    if (times.size() != shape.size())
      throw OpError("times must have a number for each axis, got " + std::to_string(times.size()) + " for shape " +
                    text(shape));
    for (size_t axis = 0; axis < shape.size(); ++axis) shape[axis] *= times[axis];
    float* to = context.output(shape);
    move(x.data<float>(), x.shape(), x.size(), 0, to);
  }

 private:
  /// @param count  how many numbers there are from this axis on
  void move(const float* from, const Shape& shape, int64_t count, size_t axis, float*& to) const {
    if (axis == shape.size()) {
      *to++ = *from;
      return;
    }
    const int64_t size = shape[axis], inner = size ? count / size : 0;
    float* const first = to;
    for (int64_t i = 0; i < size; ++i) move(from + i * inner, shape, inner, axis + 1, to);
    const int64_t written = to - first;
    for (int64_t i = 1; i < times[axis]; ++i, to += written) copy(to, first, written);
    if (times[axis] == 0) to = first;
  }
};

/// Rows of a table by their numbers.
struct Gathering {
  explicit Gathering(const Attributes&) {}

  void compute(Context& context) const {
    const Tensor& table = context.input();
    if (table.shape().empty()) throw OpError("the table must have rows, got a scalar");
    const int64_t rows = table.shape()[0], width = rows ? table.size() / rows : 0;
    const Tensor& numbers = context.input();
    const int64_t count = numbers.size();
    const float* const number = numbers.data<float>();
    for (int64_t i = 0; i < count; ++i)
      if (!(number[i] >= 0 && number[i] < static_cast<float>(rows)))
        throw OpError("the index value " + written(number[i]) + " is not in [0, " + std::to_string(rows - 1) + "]");
    float* const to = context.output({count, width});
    inShares(count, count * width, [&, from = table.data<float>()](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) copy(to + i * width, from + static_cast<int64_t>(number[i]) * width, width);
    });
  }

 private:
  static std::string written(float number) {
    std::ostringstream words;
    words.precision(9);
    words << number;
    return words.str();
  }
};

/// A row of zeros for each number, with a one in its column, if there is such a column.
struct OneHot {
  static constexpr int mostColumns = 1 << 24;  // Beyond that integers are not exact.
  int columns;

  explicit OneHot(const Attributes& from) : columns(from.integer("columns")) {
    if (columns < 1 || columns > mostColumns)
      throw OpError("columns must be from 1 to 2^24, got " + std::to_string(columns));
  }

  void compute(Context& context) const {
    const Tensor& numbers = context.input();
    const int64_t count = numbers.size();
    const float* const number = numbers.data<float>();
    float* to = context.output({count, columns});
    std::fill_n(to, count * columns, 0.0F);
    for (int64_t i = 0; i < count; ++i, to += columns)
      if (number[i] >= 0 && number[i] < static_cast<float>(columns)) to[static_cast<int64_t>(number[i])] = 1;
  }
};

}  // namespace

std::unique_ptr<Operation> makeConcatenation(const Attributes& from) { return makeOperation<Concatenation>(from); }
std::unique_ptr<Operation> makeSplit(const Attributes& from) { return makeOperation<Split>(from); }
std::unique_ptr<Operation> makePadding(const Attributes& from) { return makeOperation<Padding>(from); }
std::unique_ptr<Operation> makeReversal(const Attributes& from) { return makeOperation<Reversal>(from); }
std::unique_ptr<Operation> makeTransposition(const Attributes& from) { return makeOperation<Transposition>(from); }
std::unique_ptr<Operation> makeTiling(const Attributes& from) { return makeOperation<Tiling>(from); }
std::unique_ptr<Operation> makeGathering(const Attributes& from) { return makeOperation<Gathering>(from); }
std::unique_ptr<Operation> makeOneHot(const Attributes& from) { return makeOperation<OneHot>(from); }

}  // namespace rnnlab
