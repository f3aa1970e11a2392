// A recurrent layer through time, forward and backward, over a share of the batch; the cells fill in one step.
//
// What the forward pass saves is laid out [step, row of the batch, slot, padded units]: the slots of a cell are its gates
// and then the state before the step. A masked row's state is carried to the next step as it is.
#pragma once
#include "matrix-product.h"
#include "threads.h"

namespace rnnlab {
namespace {

/// Hands out parts of one array, or only adds up how much that would be.
class Arena {
 public:
  explicit Arena(float* start) : start_(start) {}
  float* take(int64_t floats) {
    float* part = start_ == nullptr ? nullptr : start_ + used_;
    used_ += padded(floats);
    return part;
  }
  int64_t used() const { return used_; }

 private:
  float* start_;
  int64_t used_ = 0;
};

/// So many rows of the batch go through time together: their gates and gradients stay in the cache.
constexpr int64_t rowsTogether = 64;

/// The rows that are worked on in one step.
struct Rows {
  int64_t step, first, count;
};

/// A call with its packed kernels: what the parts share and only read. Widths are in padded units.
template <class Cell>
struct Layer {
  const Call& call;
  int64_t wide = padded(call.units);
  int64_t slotsWide = Cell::shape.slots * wide;
  float* kernel = nullptr;
  float* recurrent = nullptr;
  float* bias = nullptr;  // Cell::columns × wide

  float* saved(int64_t step, int64_t row, int slot = 0) const {
    return call.saved + (step % call.savedSteps * call.batch + row) * slotsWide + slot * wide;
  }
  int64_t time(int64_t step) const { return call.goBackwards ? call.time - 1 - step : step; }
  bool isValid(int64_t step, int64_t row) const {
    return call.mask == nullptr || call.mask[row * call.time + time(step)] != 0;
  }
  /// Keras's outputs repeat while masked, and are zero before the first step that is not.
  bool hasOutput(int64_t step, int64_t row) const {
    return call.firstValid == nullptr || step >= call.firstValid[row];
  }
  const float* input(int64_t step, int64_t row) const {
    return call.x + (row * call.time + time(step)) * call.features;
  }

  // The products of one step; columns and gates are counted in units.
  Term inputTerm(Rows rows, int gate) const {
    const int64_t depth = call.features;
    return {input(rows.step, rows.first), call.time * depth, 1, kernel + gate * wide * depth, panelWidth,
            depth * panelWidth, depth};
  }
  Term stateTerm(Rows rows, int slot, int gate) const {
    const int64_t depth = call.units;
    return {saved(rows.step, rows.first, slot), slotsWide, 1, recurrent + gate * wide * depth, panelWidth,
            depth * panelWidth, depth};
  }
  void gates(Rows rows, int column, int columns, const Term* terms, int count) const {
    multiply(rows.count, columns * wide, terms, count, saved(rows.step, rows.first, column), slotsWide,
             {bias + column * wide, false});
  }
  /// Gradients of columns of gates times the transposed kernel: its rows begin at `gate`.
  Term backTerm(const float* packed, const float* dz, int column, int gate, int gates) const {
    return {dz + column * wide, Cell::columns * wide, 1, packed + gate * wide * panelWidth, panelWidth,
            Cell::shape.gates * wide * panelWidth, gates * wide};
  }
};

template <class Cell>
void addBias(const Layer<Cell>& layer) {
  const Call& call = layer.call;
  memset(layer.bias, 0, sizeof(float) * Cell::columns * layer.wide);
  if (call.bias == nullptr) return;
  for (int i = 0; i < Cell::shape.biases; ++i)
    for (int64_t u = 0; u < call.units; ++u)
      layer.bias[Cell::biasColumn[i] * layer.wide + u] += call.bias[i * call.units + u];
}

// ---- forward

template <class Cell>
void planForward(Layer<Cell>& layer, Arena& arena) {
  const Call& call = layer.call;
  layer.kernel = arena.take(packedSize(call.features, Cell::shape.gates * layer.wide));
  layer.recurrent = arena.take(packedSize(call.units, Cell::shape.gates * layer.wide));
  layer.bias = arena.take(panels(Cell::columns * layer.wide) * panelWidth);
}

template <class Cell>
void forwardRows(const Layer<Cell>& layer, int64_t first, int64_t count) {
  const Call& call = layer.call;
  const int64_t units = call.units;
  const size_t bytes = sizeof(float) * units;
  for (int64_t row = first; row < first + count; ++row)
    for (int state = 0; state < Cell::shape.states; ++state) {
      float* to = layer.saved(0, row, Cell::state + state);
      memset(to, 0, sizeof(float) * layer.wide);
      if (call.initial[state]) memcpy(to, call.initial[state] + row * units, bytes);
    }
  for (int64_t step = 0; step < call.time; ++step) {
    Cell::forward(layer, Rows{step, first, count});
    const bool last = step + 1 == call.time;
    for (int64_t row = first; row < first + count; ++row) {
      const float* next = layer.saved(step + 1, row, Cell::state);
      if (!layer.isValid(step, row))
        memcpy(layer.saved(step + 1, row, Cell::state), layer.saved(step, row, Cell::state),
               sizeof(float) * Cell::shape.states * layer.wide);
      if (!call.returnSequences && !last) continue;
      float* output = call.outputs + (call.returnSequences ? row * call.time + step : row) * units;
      if (layer.hasOutput(step, row))
        memcpy(output, next, bytes);
      else
        memset(output, 0, bytes);
    }
  }
  for (int64_t row = first; row < first + count; ++row)
    for (int state = 0; state < Cell::shape.states; ++state)
      memcpy(call.final[state] + row * units, layer.saved(call.time, row, Cell::state + state), bytes);
}

// ---- backward

/// The sums that one thread makes for the kernels and the bias, and its workspace.
struct Share {
  float *dKernel, *dRecurrent, *dBias;  // [features or units or 1, columns × padded units]
  float *dz;                            // gradients of the gates of some steps: [steps, rows, columns × padded units]
  float *dState[2], *spare, *dX;        // [rows, padded units or features]
};

// Gradients of some steps are kept for one product with the inputs, which is deep enough then.
constexpr int64_t mostSteps = 32, keptFloats = 1 << 15;

template <class Cell>
int64_t stepsTogether(const Layer<Cell>& layer, int64_t rows) {
  const int64_t fitting = keptFloats / (rows * Cell::columns * layer.wide);
  return fitting < 1 ? 1 : fitting > mostSteps ? mostSteps : fitting;
}

template <class Cell>
void planBackward(Layer<Cell>& layer, Arena& arena, int parts, Share* shares) {
  const Call& call = layer.call;
  constexpr int gates = Cell::shape.gates;
  const int64_t wide = layer.wide, depth = gates * wide;
  layer.kernel = arena.take(packedSize(depth, padded(call.features)));
  layer.recurrent = arena.take(packedSize(depth, wide));
  const int64_t perPart = (call.batch + parts - 1) / parts;
  const int64_t rows = perPart < rowsTogether ? perPart : rowsTogether;
  for (int part = 0; part < parts; ++part) {
    Share share;
    share.dKernel = arena.take(call.features * depth);
    share.dRecurrent = arena.take(call.units * depth);
    share.dBias = arena.take(Cell::columns * wide);
    const int64_t oneStep = rows * Cell::columns * wide;
    share.dz = arena.take(oneStep > keptFloats ? oneStep : keptFloats);
    for (float*& state : share.dState) state = arena.take(rows * wide);
    share.spare = arena.take(rows * wide);
    share.dX = arena.take(rows * padded(call.features));
    if (shares) shares[part] = share;
  }
}

template <class Cell>
void addOutputGradient(const Layer<Cell>& layer, Rows rows, float* dh) {
  const Call& call = layer.call;
  if (!call.returnSequences && rows.step + 1 != call.time) return;
  for (int64_t i = 0; i < rows.count; ++i) {
    const int64_t row = rows.first + i;
    if (!layer.hasOutput(rows.step, row)) continue;
    const float* dy = call.dOutputs + (call.returnSequences ? row * call.time + rows.step : row) * call.units;
    float* to = dh + i * layer.wide;
    for (int64_t u = 0; u < call.units; ++u) to[u] += dy[u];
  }
}

template <class Cell>
void inputGradient(const Layer<Cell>& layer, Rows rows, const float* dz, float* spare) {
  const Call& call = layer.call;
  const int64_t features = call.features, wide = padded(features);
  const Term term = layer.backTerm(layer.kernel, dz, 0, 0, Cell::shape.gates);
  float* dx = call.dX + (layer.input(rows.step, rows.first) - call.x);
  if (features == wide) return multiply(rows.count, features, &term, 1, dx, call.time * features, {});
  multiply(rows.count, wide, &term, 1, spare, wide, {});
  for (int64_t i = 0; i < rows.count; ++i)
    memcpy(dx + i * call.time * features, spare + i * wide, sizeof(float) * features);
}

/// Adds some steps' share to the gradients of the kernels and the bias: inputsᵀ·dz, statesᵀ·dz and the sum of dz.
template <class Cell>
void addKernelGradients(const Layer<Cell>& layer, const Share& share, Rows rows, int64_t steps) {
  const Call& call = layer.call;
  const int64_t wide = layer.wide, width = Cell::columns * wide, depth = Cell::shape.gates * wide;
  Term terms[mostSteps] = {};
  for (int64_t j = 0; j < steps; ++j)
    terms[j] = {layer.input(rows.step + j, rows.first), 1, call.time * call.features,
                share.dz + j * rows.count * width, width, panelWidth, rows.count};
  multiply(call.features, depth, terms, steps, share.dKernel, depth, {nullptr, true});
  for (const auto& part : Cell::recurrentParts) {
    for (int64_t j = 0; j < steps; ++j)
      terms[j] = {layer.saved(rows.step + j, rows.first, part.slot), 1, layer.slotsWide,
                  share.dz + j * rows.count * width + part.column * wide, width, panelWidth, rows.count};
    multiply(call.units, part.gates * wide, terms, steps, share.dRecurrent + part.gate * wide, depth,
             {nullptr, true});
  }
  for (int64_t i = 0; i < steps * rows.count; ++i)
    for (int64_t column = 0; column < width; column += lanes)
      store(share.dBias + column, load(share.dBias + column) + load(share.dz + i * width + column));
}

template <class Cell>
void backwardRows(const Layer<Cell>& layer, const Share& share, int64_t first, int64_t count) {
  const Call& call = layer.call;
  const int64_t units = call.units, wide = layer.wide, width = Cell::columns * wide;
  for (int state = 0; state < Cell::shape.states; ++state) {
    memset(share.dState[state], 0, sizeof(float) * count * wide);
    for (int64_t i = 0; i < count && call.dFinal[state]; ++i)
      memcpy(share.dState[state] + i * wide, call.dFinal[state] + (first + i) * units, sizeof(float) * units);
  }
  const int64_t most = stepsTogether(layer, count);
  for (int64_t end = call.time; end > 0;) {
    const int64_t begin = end > most ? end - most : 0;
    for (int64_t step = end - 1; step >= begin; --step) {
      const Rows rows = {step, first, count};
      float* dz = share.dz + (step - begin) * count * width;
      addOutputGradient(layer, rows, share.dState[0]);
      for (int64_t i = 0; i < count; ++i)
        if (!layer.isValid(step, first + i)) memset(dz + i * width, 0, sizeof(float) * width);
      Cell::backward(layer, rows, dz, share);
      inputGradient(layer, rows, dz, share.dX);
    }
    addKernelGradients(layer, share, Rows{begin, first, count}, end - begin);
    end = begin;
  }
  for (int state = 0; state < Cell::shape.states; ++state)
    for (int64_t i = 0; i < count; ++i)
      memcpy(call.dInitial[state] + (first + i) * units, share.dState[state] + i * wide, sizeof(float) * units);
}

/// Adds up the threads' sums and takes the padding out.
inline void gather(float* const* sums, int parts, int64_t rows, int64_t stride, int64_t wide, int64_t units,
                   int gates, float* to) {
  for (int64_t row = 0; row < rows; ++row)
    for (int gate = 0; gate < gates; ++gate, to += units)
      for (int part = 0; part < parts; ++part) {
        const float* from = sums[part] + row * stride + gate * wide;
        for (int64_t u = 0; u < units; ++u) to[u] = part == 0 ? from[u] : to[u] + from[u];
      }
}

template <class Cell>
void gatherShares(const Layer<Cell>& layer, const Share* shares, int parts) {
  const Call& call = layer.call;
  constexpr int gates = Cell::shape.gates;
  const int64_t wide = layer.wide, depth = gates * wide, units = call.units;
  float* sums[maxParts];
  for (int part = 0; part < parts; ++part) sums[part] = shares[part].dKernel;
  gather(sums, parts, call.features, depth, wide, units, gates, call.dKernel);
  for (int part = 0; part < parts; ++part) sums[part] = shares[part].dRecurrent;
  gather(sums, parts, units, depth, wide, units, gates, call.dRecurrent);
  for (int i = 0; i < Cell::shape.biases && call.dBias; ++i) {
    for (int part = 0; part < parts; ++part) sums[part] = shares[part].dBias + Cell::biasColumn[i] * wide;
    gather(sums, parts, 1, depth, wide, units, 1, call.dBias + i * units);
  }
}

// ---- what instructions.h asks for

template <class Cell>
struct Work {
  const Layer<Cell>& layer;
  const Share* shares;  // null: forward
  int parts;
};

template <class Cell>
void workOn(void* data, int part) {
  const Work<Cell>& work = *static_cast<Work<Cell>*>(data);
  const int64_t batch = work.layer.call.batch;
  const int64_t begin = batch * part / work.parts, end = batch * (part + 1) / work.parts;
  if (work.shares) {
    const Share& share = work.shares[part];
    const int64_t floats = share.dz - share.dKernel;  // the three sums lie side by side
    memset(share.dKernel, 0, sizeof(float) * floats);
  }
  for (int64_t first = begin; first < end; first += rowsTogether) {
    const int64_t count = end - first < rowsTogether ? end - first : rowsTogether;
    if (work.shares)
      backwardRows(work.layer, work.shares[part], first, count);
    else
      forwardRows(work.layer, first, count);
  }
}

template <class Cell>
int64_t workspace(const Call& call, bool backward, int parts) {
  Layer<Cell> layer{call};
  Arena arena(nullptr);
  if (backward)
    planBackward(layer, arena, parts, nullptr);
  else
    planForward(layer, arena);
  return arena.used();
}

template <class Cell>
void forward(const Call& call, int parts, float* space) {
  Layer<Cell> layer{call};
  Arena arena(space);
  planForward(layer, arena);
  pack(call.kernel, call.features, call.units, Cell::shape.gates, layer.kernel);
  pack(call.recurrent, call.units, call.units, Cell::shape.gates, layer.recurrent);
  addBias(layer);
  Work<Cell> work{layer, nullptr, parts};
  parallel(parts, workOn<Cell>, &work);
}

template <class Cell>
void backward(const Call& call, int parts, float* space) {
  Layer<Cell> layer{call};
  Arena arena(space);
  Share shares[maxParts];
  planBackward(layer, arena, parts, shares);
  packTransposed(call.kernel, call.features, call.units, Cell::shape.gates, layer.kernel);
  packTransposed(call.recurrent, call.units, call.units, Cell::shape.gates, layer.recurrent);
  Work<Cell> work{layer, shares, parts};
  parallel(parts, workOn<Cell>, &work);
  gatherShares(layer, shares, parts);
}

}  // namespace
}  // namespace rnnlab
