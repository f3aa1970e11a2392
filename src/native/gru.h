// Gated recurrent unit (Cho et al., 2014), gates as in Keras:
//   z, r = s(x·W + h·R + b)    h' = z h + (1 - z) c
// with the candidate either (Keras's and cuDNN's `reset_after`, two biases)
//   c = a(x·W + b + r (h·R + b2))
// or as in the paper
//   c = a(x·W + b + (r h)·R)
#pragma once
#include "simple-rnn.h"

namespace rnnlab {
namespace {

template <bool resetAfter>
struct Gru {
  static constexpr CellShape shape =
      shapes[static_cast<int>(resetAfter ? CellKind::gru : CellKind::gruResetBefore)];
  // inner is h·R + b2 with resetAfter, else r h
  enum Slot { update, reset, candidate, inner, state };
  static constexpr int columns = 4;
  static constexpr int biasColumn[] = {0, 1, 2, 0, 1, inner};
  static constexpr RecurrentPart recurrentParts[] = {
      {update, 0, 2, state},
      {resetAfter ? inner : candidate, 2, 1, resetAfter ? state : inner},
  };

  static void forward(const Layer<Gru>& layer, Rows rows) {
    const int64_t wide = layer.wide;
    const Activation activation = layer.call.activation, gate = layer.call.recurrentActivation;
    const Term both[] = {layer.inputTerm(rows, 0), layer.stateTerm(rows, state, 0)};
    layer.gates(rows, update, 2, both, 2);
    if constexpr (resetAfter) {
      const Term fromInput = layer.inputTerm(rows, 2), fromState = layer.stateTerm(rows, state, 2);
      layer.gates(rows, candidate, 1, &fromInput, 1);
      layer.gates(rows, inner, 1, &fromState, 1);
    }
    for (int64_t row = rows.first; row < rows.first + rows.count; ++row) {
      float* at = layer.saved(rows.step, row);
      for (int64_t u = 0; u < wide; u += lanes) {
        const Vector r = activate(gate, load(at + reset * wide + u));
        store(at + update * wide + u, activate(gate, load(at + update * wide + u)));
        store(at + reset * wide + u, r);
        if constexpr (resetAfter)
          store(at + candidate * wide + u,
                load(at + candidate * wide + u) + r * load(at + inner * wide + u));
        else
          store(at + inner * wide + u, r * load(at + state * wide + u));
      }
    }
    if constexpr (!resetAfter) {
      const Term terms[] = {layer.inputTerm(rows, 2), layer.stateTerm(rows, inner, 2)};
      layer.gates(rows, candidate, 1, terms, 2);
    }
    for (int64_t row = rows.first; row < rows.first + rows.count; ++row) {
      float* at = layer.saved(rows.step, row);
      float* next = layer.saved(rows.step + 1, row, state);
      for (int64_t u = 0; u < wide; u += lanes) {
        const Vector z = load(at + update * wide + u);
        const Vector c = activate(activation, load(at + candidate * wide + u));
        store(at + candidate * wide + u, c);
        store(next + u, z * load(at + state * wide + u) + (1.0f - z) * c);
      }
    }
  }

  static void backward(const Layer<Gru>& layer, Rows rows, float* dz, const Share& share) {
    const int64_t wide = layer.wide, width = columns * wide;
    const Activation activation = layer.call.activation, gate = layer.call.recurrentActivation;
    for (int64_t n = 0; n < rows.count; ++n) {
      if (!layer.isValid(rows.step, rows.first + n)) continue;
      const float* at = layer.saved(rows.step, rows.first + n);
      float *dRow = dz + n * width, *dh = share.dState[0] + n * wide;
      for (int64_t u = 0; u < wide; u += lanes) {
        const Vector z = load(at + update * wide + u), r = load(at + reset * wide + u);
        const Vector c = load(at + candidate * wide + u), in = load(at + inner * wide + u);
        const Vector dOut = load(dh + u);
        const Vector dc = dOut * (1.0f - z) * slope(activation, c);
        store(dRow + update * wide + u, dOut * (load(at + state * wide + u) - c) * slope(gate, z));
        store(dRow + candidate * wide + u, dc);
        store(dRow + reset * wide + u, resetAfter ? dc * in * slope(gate, r) : Vector{});
        store(dRow + inner * wide + u, resetAfter ? dc * r : Vector{});
        store(dh + u, dOut * z);
      }
    }
    if constexpr (!resetAfter) resetGradient(layer, rows, dz, share);
    const Term terms[] = {layer.backTerm(layer.recurrent, dz, update, 0, 2),
                          layer.backTerm(layer.recurrent, dz, inner, 2, 1)};
    multiply(rows.count, wide, terms, resetAfter ? 2 : 1, share.dState[0], wide, {nullptr, true});
  }

  /// Without resetAfter the gradient of r h comes through the recurrent kernel: d(r h) = dc·Rᵀ.
  static void resetGradient(const Layer<Gru>& layer, Rows rows, float* dz, const Share& share) {
    const int64_t wide = layer.wide;
    const Term term = layer.backTerm(layer.recurrent, dz, candidate, 2, 1);
    multiply(rows.count, wide, &term, 1, share.spare, wide, {});
    for (int64_t n = 0; n < rows.count; ++n) {
      if (!layer.isValid(rows.step, rows.first + n)) continue;
      const float* at = layer.saved(rows.step, rows.first + n);
      float *dRow = dz + n * columns * wide, *dh = share.dState[0] + n * wide;
      for (int64_t u = 0; u < wide; u += lanes) {
        const Vector r = load(at + reset * wide + u), dProduct = load(share.spare + n * wide + u);
        store(dRow + reset * wide + u,
              dProduct * load(at + state * wide + u) * slope(layer.call.recurrentActivation, r));
        store(dh + u, load(dh + u) + dProduct * r);
      }
    }
  }
};

}  // namespace
}  // namespace rnnlab
