// The arithmetic of the fused ops on small shapes, in arrays that end where they should, to be run under sanitizers:
// a read or write outside an array, undefined behaviour or a data race ends the program. The instruction sets must agree.
#include <cmath>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "instructions.h"

using namespace rnnlab;

// Not a vector: an array of exactly this size on the heap, so that the sanitizer sees its end.
struct Array {
  explicit Array(int64_t size) : size(size), data(new float[size]()) {}
  int64_t size;
  std::unique_ptr<float[]> data;
};

static Array draw(int64_t size) {
  static uint32_t state = 1;
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
static std::vector<float> run(CellKind kind, const Options& options, const std::string& set, int parts,
                              const std::vector<Array>& given) {
  const CellShape shape = shapes[static_cast<int>(kind)];
  Call call;
  call.batch = options.batch, call.time = options.time, call.features = options.features, call.units = options.units;
  call.goBackwards = options.goBackwards, call.returnSequences = options.returnSequences;
  call.savedSteps = call.time + 1;
  const int64_t state = call.batch * call.units;
  const int64_t outputs = state * (call.returnSequences ? call.time : 1);
  Array saved(call.savedSteps * call.batch * shape.slots * padded(call.units));
  call.saved = saved.data.get();
  call.x = given[0].data.get(), call.kernel = given[1].data.get(), call.recurrent = given[2].data.get();
  call.dOutputs = given[6].data.get();
  if (options.optional) {
    call.bias = given[3].data.get();
    for (int i = 0; i < shape.states; ++i)
      call.initial[i] = given[4 + i].data.get(), call.dFinal[i] = given[4 + i].data.get();
  }
  std::unique_ptr<uint8_t[]> mask(new uint8_t[call.batch * call.time]);
  std::unique_ptr<int64_t[]> first(new int64_t[call.batch]);
  if (options.masked) {
    for (int64_t row = 0; row < call.batch; ++row) {
      first[row] = call.time;
      for (int64_t step = call.time - 1; step >= 0; --step) {
        const int64_t t = call.goBackwards ? call.time - 1 - step : step;
        mask[row * call.time + t] = (row + 2 * step) % 3 != 0 && row != 1;
        if (mask[row * call.time + t]) first[row] = step;
      }
    }
    call.mask = mask.get(), call.firstValid = first.get();
  }
  std::vector<Array> results;
  const auto result = [&](int64_t size) { return results.emplace_back(size).data.get(); };
  results.reserve(16);
  call.outputs = result(outputs);
  for (int i = 0; i < shape.states; ++i) call.final[i] = result(state), call.dInitial[i] = result(state);
  call.dX = result(given[0].size), call.dKernel = result(given[1].size), call.dRecurrent = result(given[2].size);
  if (options.optional) call.dBias = result(given[3].size);

  const Routine* routine = findRoutine(kind, set);
  Array forward(routine->workspace(call, false, parts)), backward(routine->workspace(call, true, parts));
  routine->forward(call, parts, forward.data.get());
  routine->backward(call, parts, backward.data.get());
  std::vector<float> all;
  for (const Array& each : results) all.insert(all.end(), each.data.get(), each.data.get() + each.size);

  // The forward pass alone, with room for two steps, gives the same outputs.
  Array two(2 * call.batch * shape.slots * padded(call.units)), again(outputs);
  call.savedSteps = 2, call.saved = two.data.get(), call.outputs = again.data.get();
  routine->forward(call, parts, forward.data.get());
  for (int64_t i = 0; i < outputs; ++i)
    if (again.data[i] != all[i]) all[i] = NAN;
  return all;
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
          for (const int parts : {1, 3}) {
            if (parts > size[0]) continue;
            const std::vector<float> other = run(kind, options, set, parts, given);
            ++runs;
            for (size_t i = 0; i < plain.size(); ++i) {
              const float limit = 1e-4f * (1 + std::fabs(plain[i]));
              if (std::fabs(other[i] - plain[i]) <= limit) continue;
              std::printf("cell %d, flags %d, units %d, %s, %d parts: number %d is %g, plain has %g\n", cell, flags,
                          static_cast<int>(size[3]), set.c_str(), parts, static_cast<int>(i), other[i], plain[i]);
              return 1;
            }
          }
      }
  std::printf("%d runs agree\n", runs);
}
