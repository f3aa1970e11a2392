// The gradients of the kernels and the bias: sums over all steps and rows, made by each thread for its own rows.
#pragma once
#include "layer.h"

namespace rnnlab {
namespace {

/// Gates of the recurrent kernel, with the column of their gradients and the slot that the kernel is multiplied with:
/// the state of the step before, or another of this one.
struct RecurrentPart {
  int column, gate, gates, slot;
};

/// The sums that one thread makes, and what it works with.
struct Share {
  float *dKernel, *dRecurrent, *dBias;  // [features or units or 1, columns × padded units]
  float* dz;                            // gradients of the gates of some steps, [rows, columns × padded units and more]
  float* inputs;                        // [rows, features], then [rows, units and more]
  float* dX;                            // [rows, padded features]
  float *dState[2], *spare;             // [rows of a group, padded units]
};

template <class Cell>
Share takeShare(const Layer<Cell>& layer, Arena& arena) {
  const Call& call = layer.call;
  const int64_t wide = layer.wide, depth = Cell::shape.gates * wide;
  Share share;
  share.dKernel = arena.take(call.features * depth);
  share.dRecurrent = arena.take(call.units * depth);
  share.dBias = arena.take(Cell::columns * wide);
  const int64_t rows = layer.rowsTogether();
  share.dz = arena.take(rows * layer.gradientsWide);
  const int64_t states = call.units + apart;
  share.inputs = arena.take(rows * (call.features > states ? call.features : states));
  share.dX = arena.take(rows * padded(call.features));
  for (float*& state : share.dState) state = arena.take(groupRows * wide);
  share.spare = arena.take(groupRows * wide);
  return share;
}

template <class Cell>
void clearSums(const Layer<Cell>& layer, const Share& share) {
  const int64_t depth = Cell::shape.gates * layer.wide;
  clear(share.dKernel, layer.call.features * depth);
  clear(share.dRecurrent, layer.call.units * depth);
  clear(share.dBias, Cell::columns * layer.wide);
}

/// Adds some steps' part of inputsᵀ·dz, statesᵀ·dz and the sum of dz.
template <class Cell>
void addKernelGradients(const Layer<Cell>& layer, const Group& group, int64_t begin, int64_t end, const Share& share) {
  const Call& call = layer.call;
  const int64_t wide = layer.wide, width = layer.gradientsWide, depth = Cell::shape.gates * wide;
  const int64_t rows = stepRows(group, begin, end), units = call.units, stride = units + apart;
  layer.gatherInputs(group, begin, end, share.inputs);
  const Term term = {share.inputs, 1, call.features, share.dz, width, panelWidth, rows};
  multiply(call.features, depth, &term, 1, share.dKernel, depth, {nullptr, true});

  float* to = share.inputs;
  for (int64_t step = begin; step < end; ++step) {
    const float* state = layer.saved(group, step - 1) + Cell::state * wide;
    for (int64_t i = 0; i < activeRows(group, step); ++i, to += stride) copy(to, state + i * layer.slotsWide, units);
  }
  for (const auto& part : Cell::recurrentParts) {
    const float* dz = share.dz + part.column * wide;
    const Term fromState = {share.inputs, 1, stride, dz, width, panelWidth, rows};
    const Term fromSlot = {
        layer.saved(group, begin) + part.slot * wide, 1, layer.slotsWide, dz, width, panelWidth, rows};
    multiply(units, part.gates * wide, part.slot == Cell::state ? &fromState : &fromSlot, 1,
             share.dRecurrent + part.gate * wide, depth, {nullptr, true});
  }
  for (int64_t i = 0; i < rows; ++i) add(share.dBias, share.dz + i * width, Cell::columns * wide);
}

/// Adds up the threads' sums and takes the padding out.
inline void gather(float* const* sums, int threads, int64_t rows, int64_t stride, int64_t wide, int64_t units,
                   int gates, float* to) {
  for (int64_t row = 0; row < rows; ++row)
    for (int gate = 0; gate < gates; ++gate, to += units) {
      copy(to, sums[0] + row * stride + gate * wide, units);
      for (int thread = 1; thread < threads; ++thread) add(to, sums[thread] + row * stride + gate * wide, units);
    }
}

template <class Cell>
void gatherSums(const Layer<Cell>& layer, const Share* shares, int threads) {
  const Call& call = layer.call;
  constexpr int gates = Cell::shape.gates;
  const int64_t wide = layer.wide, depth = gates * wide, units = call.units;
  float* sums[maxParts];
  for (int thread = 0; thread < threads; ++thread) sums[thread] = shares[thread].dKernel;
  gather(sums, threads, call.features, depth, wide, units, gates, call.dKernel);
  for (int thread = 0; thread < threads; ++thread) sums[thread] = shares[thread].dRecurrent;
  gather(sums, threads, units, depth, wide, units, gates, call.dRecurrent);
  for (int i = 0; i < Cell::shape.biases && call.dBias; ++i) {
    for (int thread = 0; thread < threads; ++thread) sums[thread] = shares[thread].dBias + Cell::biasColumn[i] * wide;
    gather(sums, threads, 1, depth, wide, units, 1, call.dBias + i * units);
  }
}

}  // namespace
}  // namespace rnnlab
