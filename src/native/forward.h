// A layer through time, forward.
#pragma once
#include "layer.h"
#include "threads.h"

namespace rnnlab {
namespace {

/// Packs the kernels. The bias is that of the columns: the sum, where two biases meet in one.
template <class Cell>
void prepareForward(Layer<Cell>& layer, Arena& arena) {
  const Call& call = layer.call;
  layer.kernel = arena.take(packedSize(call.features, Cell::shape.gates * layer.wide));
  layer.recurrent = arena.take(packedSize(call.units, Cell::shape.gates * layer.wide));
  layer.bias = arena.take(panels(Cell::columns * layer.wide) * panelWidth);
  if (layer.bias == nullptr) return;
  pack(call.kernel, call.features, call.units, Cell::shape.gates, layer.kernel);
  pack(call.recurrent, call.units, call.units, Cell::shape.gates, layer.recurrent);
  clear(layer.bias, Cell::columns * layer.wide);
  for (int i = 0; i < Cell::shape.biases && call.bias; ++i)
    for (int64_t u = 0; u < call.units; ++u)
      layer.bias[Cell::biasColumn[i] * layer.wide + u] += call.bias[i * call.units + u];
}

template <class Cell>
void beginForward(const Layer<Cell>& layer, const Group& group) {
  const Call& call = layer.call;
  for (int64_t i = 0; i < group.rows; ++i)
    for (int state = 0; state < Cell::shape.states; ++state) {
      float* to = layer.saved(group, -1) + i * layer.slotsWide + (Cell::state + state) * layer.wide;
      clear(to, layer.wide);
      if (call.initial[state]) copy(to, call.initial[state] + group.row[i] * call.units, call.units);
    }
}

/// Keras's outputs repeat while masked, and are zero before the first step that is not.
template <class Cell>
void writeOutputs(const Layer<Cell>& layer, const Group& group, int64_t step) {
  const Call& call = layer.call;
  const float* state = layer.saved(group, step) + Cell::state * layer.wide;
  for (int64_t i = 0; i < activeRows(group, step); ++i) {
    float* outputs = call.outputs + group.row[i] * call.time * call.units;
    const int64_t* position = layer.positions(group, i);
    if (step == 0) clear(outputs, position[0] * call.units);
    const int64_t end = step + 1 < group.length[i] ? position[step + 1] : call.time;
    for (int64_t p = position[step]; p < end; ++p)
      copy(outputs + p * call.units, state + i * layer.slotsWide, call.units);
  }
}

template <class Cell>
void endForward(const Layer<Cell>& layer, const Group& group) {
  const Call& call = layer.call;
  const int64_t units = call.units;
  for (int64_t i = 0; i < group.rows; ++i) {
    const int64_t row = group.row[i], length = group.length[i];
    const float* last = layer.saved(group, length - 1) + i * layer.slotsWide + Cell::state * layer.wide;
    for (int state = 0; state < Cell::shape.states; ++state)
      copy(call.final[state] + row * units, last + state * layer.wide, units);
    if (length == 0)
      clear(call.outputs + row * units * (call.returnSequences ? call.time : 1),
            units * (call.returnSequences ? call.time : 1));
    else if (!call.returnSequences)
      copy(call.outputs + row * units, last, units);
  }
}

template <class Cell>
void forwardGroup(const Layer<Cell>& layer, const Group& group, float* x) {
  beginForward(layer, group);
  for (int64_t begin = 0, end; begin < group.steps; begin = end) {
    end = layer.endTogether(group, begin);
    layer.gatherInputs(group, begin, end, x);
    for (int64_t step = begin; step < end; ++step) {
      Cell::forward(layer, Step{activeRows(group, step), x + stepRows(group, begin, step) * layer.call.features,
                                layer.saved(group, step), layer.saved(group, step - 1)});
      if (layer.call.returnSequences) writeOutputs(layer, group, step);
    }
  }
  endForward(layer, group);
}

/// Each thread takes the groups whose number has its own as remainder, and gathers inputs in a place of its own.
template <class Cell>
struct ForwardWork {
  const Layer<Cell>& layer;
  int threads;
  float* inputs;

  static int64_t inputsSize(const Layer<Cell>& layer) { return padded(layer.rowsTogether() * layer.call.features); }
  static void run(void* data, int thread) {
    const ForwardWork& work = *static_cast<ForwardWork*>(data);
    const Call& call = work.layer.call;
    for (int64_t i = thread; i < call.groupCount; i += work.threads)
      forwardGroup(work.layer, call.groups[i], work.inputs + thread * inputsSize(work.layer));
  }
};

/// Runs a call forward, or with no space only says how many floats of it that needs.
template <class Cell>
int64_t forward(const Call& call, int threads, float* space) {
  Layer<Cell> layer{call};
  Arena arena(space);
  prepareForward(layer, arena);
  ForwardWork<Cell> work{layer, threads, arena.take(threads * ForwardWork<Cell>::inputsSize(layer))};
  if (space) parallel(threads, work.run, &work);
  return arena.used();
}

}  // namespace
}  // namespace rnnlab
