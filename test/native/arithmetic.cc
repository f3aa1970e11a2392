// The arithmetic of the fused ops on small shapes, in arrays that end where they should, to be run under sanitizers:
// a read or write outside an array, undefined behaviour or a data race ends the program. The instruction sets must agree.
#include <cmath>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "instructions.h"
#include "sequences.h"

using namespace rnnlab;

// Not a vector: an array of exactly this size on the heap, so that the sanitizer sees its end. What is read before it is
// written makes the results NaN, which agree with nothing.
struct Array {
  explicit Array(int64_t size) : size(size), data(new float[size]) {
    for (int64_t i = 0; i < size; ++i) data[i] = NAN;
  }
  int64_t size;
  std::unique_ptr<float[]> data;
};

static uint32_t state = 1;

static Array draw(int64_t size) {
  Array array(size);
  for (int64_t i = 0; i < size; ++i) {
    state = state * 1664525u + 1013904223u;
    array.data[i] = (state >> 8) / 8388608.0f - 1.0f;
  }
  return array;
}

struct Options {
  int64_t batch, time, features, units;
  bool masked, goBackwards, returnSequences, optional;
};

/// All results of a cell with one instruction set, one after the other.
static std::vector<float> run(CellKind kind, const Options& options, const std::string& set, int threads,
                              const std::vector<Array>& given) {
  const CellShape shape = shapes[static_cast<int>(kind)];
  Call call;
  call.batch = options.batch, call.time = options.time, call.features = options.features, call.units = options.units;
  call.goBackwards = options.goBackwards, call.returnSequences = options.returnSequences;
  const int64_t state = call.batch * call.units;
  const int64_t outputs = state * (call.returnSequences ? call.time : 1);
  call.x = given[0].data.get(), call.kernel = given[1].data.get(), call.recurrent = given[2].data.get();
  call.dOutputs = given[6].data.get();
  if (options.optional) {
    call.bias = given[3].data.get();
    for (int i = 0; i < shape.states; ++i)
      call.initial[i] = given[4 + i].data.get(), call.dFinal[i] = given[4 + i].data.get();
  }
  std::unique_ptr<uint8_t[]> mask(options.masked ? new uint8_t[call.batch * call.time] : nullptr);
  for (int64_t i = 0; i < call.batch * call.time && mask; ++i) {
    const int64_t row = i / call.time, t = i % call.time;
    mask[i] = (row + 2 * t) % 3 != 0 && row != 1;
  }
  const Sequences all(call, mask.get(), threads, true);
  call.groups = all.groups(), call.groupCount = all.count();
  const int64_t slots = shape.slots * padded(call.units);
  Array saved(all.savedRows() * slots);
  call.saved = saved.data.get();
  std::vector<Array> results;
  const auto result = [&](int64_t size) { return results.emplace_back(size).data.get(); };
  results.reserve(16);
  call.outputs = result(outputs);
  for (int i = 0; i < shape.states; ++i) call.final[i] = result(state), call.dInitial[i] = result(state);
  call.dX = result(given[0].size), call.dKernel = result(given[1].size), call.dRecurrent = result(given[2].size);
  if (options.optional) call.dBias = result(given[3].size);

  const Routine* routine = findRoutine(kind, set);
  const auto compute = [&](int64_t (*pass)(const Call&, int, float*)) {
    const int used = threads < call.groupCount ? threads : static_cast<int>(call.groupCount);
    Array space(pass(call, used, nullptr));
    pass(call, used, space.data.get());
  };
  compute(routine->forward);
  compute(routine->backward);
  // Again where nobody wants the gradient of the input.
  call.dX = nullptr;
  compute(routine->backward);
  std::vector<float> numbers;
  for (const Array& each : results) numbers.insert(numbers.end(), each.data.get(), each.data.get() + each.size);

  // The forward pass alone, with room for two steps, gives the same outputs.
  const Sequences two(call, mask.get(), threads, false);
  Array savedTwo(two.savedRows() * slots), again(outputs);
  call.groups = two.groups(), call.saved = savedTwo.data.get(), call.outputs = again.data.get();
  compute(routine->forward);
  for (int64_t i = 0; i < outputs; ++i)
    if (again.data[i] != numbers[i]) numbers[i] = NAN;
  return numbers;
}

/// All results of one step of an optimiser, and of the sums that go with it, with one instruction set.
static std::vector<float> runUpdate(int rule, int64_t length, bool hasGradient, const std::string& set) {
  const UpdateRoutines* routines = findUpdates(set);
  Array before = draw(length), gradient = draw(length), after(length), sum = draw(length);
  std::vector<Array> slots;
  for (int k = 0; k < slotsOf[rule]; ++k) {
    slots.push_back(draw(length));
    // Means of squares: positive, and more than the square of the mean.
    for (int64_t i = 0; i < length; ++i) slots[k].data[i] = k == 0 ? 2 + slots[k].data[i] : std::fabs(slots[k].data[i]);
  }
  Update update = {before.data.get(), hasGradient ? gradient.data.get() : nullptr, after.data.get(), {}, length, 0.5f};
  for (int k = 0; k < slotsOf[rule]; ++k) update.slots[k] = slots[k].data.get();
  const UpdateSettings settings = {0.9f, 0.3f, {0.9f, 0.1f, 0.5f, 0.25f, 0.01f, 0.001f}};
  routines->step[rule](update, settings);
  routines->addTo(sum.data.get(), gradient.data.get(), length);
  std::vector<float> all = {static_cast<float>(routines->sumOfSquares(gradient.data.get(), length))};
  for (const Array* each : {&after, &sum}) all.insert(all.end(), each->data.get(), each->data.get() + length);
  for (const Array& each : slots) all.insert(all.end(), each.data.get(), each.data.get() + length);
  return all;
}

static bool agree(const std::vector<float>& other, const std::vector<float>& plain, const std::string& what) {
  for (size_t i = 0; i < plain.size(); ++i) {
    if (std::fabs(other[i] - plain[i]) <= 1e-4f * (1 + std::fabs(plain[i]))) continue;
    std::printf("%s: number %d is %g, plain has %g\n", what.c_str(), static_cast<int>(i), other[i], plain[i]);
    return false;
  }
  return true;
}

/// A product of matrices with one instruction set.
static std::vector<float> runProduct(const int64_t (&size)[3], bool aTransposed, bool bTransposed,
                                     const std::string& set, int threads) {
  const Array a = draw(size[0] * size[1]), b = draw(size[1] * size[2]), c(size[0] * size[2]);
  const Product product = {a.data.get(), b.data.get(), c.data.get(), size[0],
                           size[1],      size[2],      aTransposed,  bTransposed};
  const ProductRoutine routine = findProduct(set);
  const Array space(routine(product, threads, nullptr));
  routine(product, threads, space.data.get());
  return {c.data.get(), c.data.get() + c.size};
}

int main() {
  const int64_t sizes[][4] = {{1, 1, 1, 1}, {2, 3, 2, 3}, {3, 2, 16, 16}, {5, 4, 17, 33}, {70, 2, 3, 5}, {2, 70, 1, 2}};
  int runs = 0;
  for (int cell = 0; cell < cellKinds; ++cell)
    for (const auto& size : sizes)
      for (int flags = 0; flags < 16; ++flags) {
        const Options options = {size[0],          size[1],          size[2],          size[3],
                                 (flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0, (flags & 8) != 0};
        const CellShape shape = shapes[cell];
        const int64_t state = size[0] * size[3], columns = shape.gates * size[3];
        std::vector<Array> given;
        for (const int64_t length : {size[0] * size[1] * size[2], size[2] * columns, size[3] * columns,
                                     shape.biases * size[3], state, state, state * size[1]})
          given.push_back(draw(length));
        const CellKind kind = static_cast<CellKind>(cell);
        const std::vector<float> plain = run(kind, options, "plain", 1, given);
        for (const std::string& set : instructionSets())
          for (const int threads : {1, 3}) {
            const std::vector<float> other = run(kind, options, set, threads, given);
            ++runs;
            if (!agree(other, plain,
                       "cell " + std::to_string(cell) + ", flags " + std::to_string(flags) + ", units " +
                           std::to_string(size[3]) + ", " + set + ", " + std::to_string(threads) + " threads"))
              return 1;
          }
      }
  for (int rule = 0; rule < rules; ++rule)
    for (const int64_t length : {1, 7, 16, 37})
      for (const bool hasGradient : {false, true}) {
        const uint32_t seed = state;
        const std::vector<float> plain = runUpdate(rule, length, hasGradient, "plain");
        for (const std::string& set : instructionSets()) {
          state = seed;
          ++runs;
          if (!agree(runUpdate(rule, length, hasGradient, set), plain, "rule " + std::to_string(rule) + ", " + set))
            return 1;
        }
      }
  const int64_t products[][3] = {{1, 1, 1}, {3, 2, 16}, {5, 17, 33}, {70, 3, 5}, {8, 40, 130}};
  for (const auto& size : products)
    for (int flags = 0; flags < 4; ++flags) {
      const uint32_t seed = state;
      const std::vector<float> plain = runProduct(size, flags & 1, flags & 2, "plain", 1);
      for (const std::string& set : instructionSets())
        for (const int threads : {1, 3}) {
          if (threads > size[0]) continue;
          state = seed;
          ++runs;
          if (!agree(runProduct(size, flags & 1, flags & 2, set, threads), plain, "product, " + set)) return 1;
        }
    }
  std::printf("%d runs agree\n", runs);
}
