#include "row-gradient-op.h"

#include <algorithm>

#include "instructions.h"
#include "operation.h"
#include "threads.h"

namespace rnnlab {
namespace {

struct Rows {
  const UpdateRoutines* routines;
  const float* gradients;
  float* packed;
  int64_t columns;
  int parts;
  std::vector<int32_t> numbers;  // the distinct rows
  std::vector<int64_t> firsts;   // where the look-ups of each begin in `lookups`, and the end
  std::vector<int32_t> lookups;  // ordered by row, then by place

  void sum(int64_t index) const {
    float* const row = packed + index * (columns + 1);
    memcpy(row, &numbers[index], sizeof(float));
    memcpy(row + 1, gradients + lookups[firsts[index]] * columns, columns * sizeof(float));
    for (int64_t i = firsts[index] + 1; i < firsts[index + 1]; ++i)
      routines->addTo(row + 1, gradients + lookups[i] * columns, columns);
  }
};

struct RowGradientOp {
  int rows, threads;
  const UpdateRoutines* routines;

  explicit RowGradientOp(const Attributes& from)
      : rows(from.integer("rows")), threads(from.threads()), routines(findUpdates("")) {}

  void compute(Context& context) const {
    const Tensor& numbers = context.input();
    const int64_t count = numbers.size();
    if (count == 0) throw OpError("indices must not be empty, got shape " + text(numbers.shape()));
    const Tensor& gradients = context.input("d_outputs", {count, -1});
    Rows work;
    work.routines = routines;
    work.gradients = gradients.data<float>();
    work.columns = gradients.shape()[1];
    std::vector<int32_t> converted;
    sort(integersOf(numbers, converted), count, work);
    const int64_t distinct = work.numbers.size();
    work.packed = context.output({distinct, 1, work.columns + 1});
    constexpr int64_t worthwhile = 1 << 16;
    work.parts = threads ? static_cast<int>(std::min<int64_t>(threads, distinct))
                         : threadsFor(count * work.columns, worthwhile, distinct);
    parallel(
        work.parts,
        [](void* data, int part) {
          const Rows& work = *static_cast<Rows*>(data);
          const int64_t lookups = work.lookups.size();
          // Shares of as many look-ups, not of as many rows: some rows have most of them.
          const auto share = [&](int p) {
            return std::lower_bound(work.firsts.begin(), work.firsts.end() - 1, lookups * p / work.parts) -
                   work.firsts.begin();
          };
          for (int64_t i = share(part), end = share(part + 1); i < end; ++i) work.sum(i);
        },
        &work);
  }

  /// In programs all numbers are floats.
  static const int32_t* integersOf(const Tensor& numbers, std::vector<int32_t>& converted) {
    if (!numbers.hasFloats()) return numbers.data<int32_t>();
    const float* const from = numbers.data<float>();
    converted.assign(from, from + numbers.size());
    return converted.data();
  }

  /// Orders the look-ups by row: a counting sort, which keeps the order within a row.
  void sort(const int32_t* numbers, int64_t count, Rows& work) const {
    std::vector<int32_t> places(rows);
    for (int64_t i = 0; i < count; ++i) {
      if (numbers[i] < 0 || numbers[i] >= rows)
        throw OpError("indices must be from 0 to " + std::to_string(rows - 1) + ", got " + std::to_string(numbers[i]));
      ++places[numbers[i]];
    }
    int64_t next = 0;
    for (int32_t row = 0; row < rows; ++row) {
      if (places[row] == 0) continue;
      work.numbers.push_back(row);
      work.firsts.push_back(next);
      next += places[row];
      places[row] = static_cast<int32_t>(work.firsts.back());
    }
    work.firsts.push_back(next);
    work.lookups.resize(count);
    for (int64_t i = 0; i < count; ++i) work.lookups[places[numbers[i]]++] = static_cast<int32_t>(i);
  }
};

/// The sum of two gradients of one table: the rows of each are in order.
struct RowSumOp {
  const UpdateRoutines* routines;

  explicit RowSumOp(const Attributes&) : routines(findUpdates("")) {}

  void compute(Context& context) const {
    const Tensor& first = context.input("first", {-1, 1, -1});
    const int64_t width = first.shape()[2];
    const Tensor& second = context.input("second", {-1, 1, width});
    float* to = context.output({merge(first, second, width, [](const float*, const float*) {}), 1, width});
    merge(first, second, width, [&](const float* row, const float* other) {
      memcpy(to, row, width * sizeof(float));
      if (other) routines->addTo(to + 1, other + 1, width - 1);
      to += width;
    });
  }

  /// Calls with each row of either, and with that of the other where both have it. How many there are.
  template <class Use>
  static int64_t merge(const Tensor& first, const Tensor& second, int64_t width, Use use) {
    const float *a = first.data<float>(), *const aEnd = a + first.shape()[0] * width;
    const float *b = second.data<float>(), *const bEnd = b + second.shape()[0] * width;
    int64_t count = 0;
    for (; a < aEnd || b < bEnd; ++count) {
      const int64_t order = a == aEnd ? 1 : b == bEnd ? -1 : rowNumber(a) - rowNumber(b);
      if (order <= 0)
        use(a, order == 0 ? b : nullptr);
      else
        use(b, nullptr);
      if (order <= 0) a += width;
      if (order >= 0) b += width;
    }
    return count;
  }
};

}  // namespace

std::unique_ptr<Operation> makeRowGradient(const Attributes& from) { return makeOperation<RowGradientOp>(from); }
std::unique_ptr<Operation> makeRowSum(const Attributes& from) { return makeOperation<RowSumOp>(from); }

void registerRowGradientOp() {
  registerOp<RowGradientOp>("RnnlabRowGradient", {"rows: int >= 1", "threads: int = 0"},
                            {"indices: int32", "d_outputs: float"}, {"packed: float"});
  registerOp<RowSumOp>("RnnlabRowSum", {}, {"first: float", "second: float"}, {"sum: float"});
}

}  // namespace rnnlab
