// A layer back through time.
#pragma once
#include "kernel-gradients.h"
#include "threads.h"

namespace rnnlab {
namespace {

template <class Cell>
void beginBackward(const Layer<Cell>& layer, const Group& group, const Share& share) {
  const Call& call = layer.call;
  for (int state = 0; state < Cell::shape.states; ++state) {
    clear(share.dState[state], group.rows * layer.wide);
    for (int64_t i = 0; i < group.rows && call.dFinal[state]; ++i)
      copy(share.dState[state] + i * layer.wide, call.dFinal[state] + group.row[i] * call.units, call.units);
  }
  for (int64_t i = 0; i < group.rows && !call.returnSequences; ++i)
    if (group.length[i] > 0)
      add(share.dState[0] + i * layer.wide, call.dOutputs + group.row[i] * call.units, call.units);
}

/// Every output that repeats a state adds its gradient to that of the state.
template <class Cell>
void addOutputGradients(const Layer<Cell>& layer, const Group& group, int64_t step, float* dh) {
  const Call& call = layer.call;
  for (int64_t i = 0; i < activeRows(group, step); ++i, dh += layer.wide) {
    const float* dOutputs = call.dOutputs + group.row[i] * call.time * call.units;
    const int64_t* position = layer.positions(group, i);
    const int64_t end = step + 1 < group.length[i] ? position[step + 1] : call.time;
    for (int64_t p = position[step]; p < end; ++p) add(dh, dOutputs + p * call.units, call.units);
  }
}

/// Gradients of the inputs of some steps, whose gates' gradients lie side by side.
template <class Cell>
void inputGradients(const Layer<Cell>& layer, const Group& group, int64_t begin, int64_t end, const Share& share) {
  const Call& call = layer.call;
  const int64_t stride = padded(call.features);
  const Term term = layer.backTerm(layer.kernel, share.dz, 0, 0, Cell::shape.gates);
  multiply(stepRows(group, begin, end), stride, &term, 1, share.dX, stride, {});
  for (int64_t i = 0; i < group.rows; ++i)
    for (int64_t step = begin; step < end && step < group.length[i]; ++step)
      copy(call.dX + layer.input(group, i, step), share.dX + (stepRows(group, begin, step) + i) * stride,
           call.features);
}

template <class Cell>
void backwardGroup(const Layer<Cell>& layer, const Group& group, const Share& share) {
  const Call& call = layer.call;
  const int64_t wide = layer.wide;
  beginBackward(layer, group, share);
  for (int64_t i = 0; i < group.rows && call.dX; ++i)
    if (group.length[i] < call.time)
      clear(call.dX + group.row[i] * call.time * call.features, call.time * call.features);
  for (int64_t end = group.steps; end > 0;) {
    const int64_t begin = layer.beginTogether(group, end);
    for (int64_t step = end - 1; step >= begin; --step) {
      if (call.returnSequences) addOutputGradients(layer, group, step, share.dState[0]);
      float* dz = share.dz + stepRows(group, begin, step) * layer.gradientsWide;
      Cell::backward(layer,
                     Step{activeRows(group, step), nullptr, layer.saved(group, step), layer.saved(group, step - 1)}, dz,
                     share);
    }
    if (call.dX) inputGradients(layer, group, begin, end, share);
    addKernelGradients(layer, group, begin, end, share);
    end = begin;
  }
  for (int state = 0; state < Cell::shape.states; ++state)
    for (int64_t i = 0; i < group.rows; ++i)
      copy(call.dInitial[state] + group.row[i] * call.units, share.dState[state] + i * wide, call.units);
}

/// Each thread takes the groups whose number has its own as remainder, and has its own sums.
template <class Cell>
struct BackwardWork {
  const Layer<Cell>& layer;
  int threads;
  Share shares[maxParts];

  static void run(void* data, int thread) {
    const BackwardWork& work = *static_cast<BackwardWork*>(data);
    const Share& share = work.shares[thread];
    clearSums(work.layer, share);
    for (int64_t i = thread; i < work.layer.call.groupCount; i += work.threads)
      backwardGroup(work.layer, work.layer.call.groups[i], share);
  }
};

/// Runs a call backward, or with no space only says how many floats of it that needs.
template <class Cell>
int64_t backward(const Call& call, int threads, float* space) {
  constexpr int gates = Cell::shape.gates;
  Layer<Cell> layer{call};
  Arena arena(space);
  layer.kernel = arena.take(packedSize(gates * layer.wide, padded(call.features)));
  layer.recurrent = arena.take(packedSize(gates * layer.wide, layer.wide));
  BackwardWork<Cell> work{layer, threads, {}};
  for (int thread = 0; thread < threads; ++thread) work.shares[thread] = takeShare(layer, arena);
  if (space == nullptr) return arena.used();
  if (call.dX) packTransposed(call.kernel, call.features, call.units, gates, layer.kernel);
  packTransposed(call.recurrent, call.units, call.units, gates, layer.recurrent);
  parallel(threads, work.run, &work);
  gatherSums(layer, work.shares, threads);
  return arena.used();
}

}  // namespace
}  // namespace rnnlab
