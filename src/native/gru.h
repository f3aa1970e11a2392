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
  static constexpr CellKind kind = resetAfter ? CellKind::gru : CellKind::gruResetBefore;
  static constexpr CellShape shape = shapes[static_cast<int>(kind)];
  // inner is h·R + b2 with resetAfter, else r h
  enum Slot { update, reset, candidate, inner, state };
  static constexpr int columns = 4;
  static constexpr int biasColumn[] = {0, 1, 2, 0, 1, inner};
  static constexpr RecurrentPart recurrentParts[] = {
      {update, 0, 2, state},
      {resetAfter ? inner : candidate, 2, 1, resetAfter ? state : inner},
  };

  static void forward(const Layer<Gru>& layer, const Step& step) {
    const int64_t wide = layer.wide, stride = layer.slotsWide;
    const float* before = step.before + state * wide;
    const Term both[] = {layer.inputTerm(step, 0), layer.stateTerm(before, 0)};
    layer.gates(step, update, 2, both, 2);
    if constexpr (resetAfter) {
      const Term fromInput = layer.inputTerm(step, 2), fromState = layer.stateTerm(before, 2);
      layer.gates(step, candidate, 1, &fromInput, 1);
      layer.gates(step, inner, 1, &fromState, 1);
    } else {
      resetState(layer, step, before);
      const Term terms[] = {layer.inputTerm(step, 2), layer.stateTerm(step.at + inner * wide, 2)};
      layer.gates(step, candidate, 1, terms, 2);
    }
    withActivations(layer.call, [&](auto activation, auto gate) {
      for (int64_t row = 0; row < step.rows; ++row) {
        float* at = step.at + row * stride;
        for (int64_t u = 0; u < wide; u += lanes) {
          const Vector z = activate(gate.kind, load(at + update * wide + u));
          Vector sum = load(at + candidate * wide + u);
          if constexpr (resetAfter) {
            const Vector r = activate(gate.kind, load(at + reset * wide + u));
            store(at + reset * wide + u, r);
            sum += r * load(at + inner * wide + u);
          }
          const Vector c = activate(activation.kind, sum);
          store(at + update * wide + u, z);
          store(at + candidate * wide + u, c);
          store(at + state * wide + u, z * load(before + row * stride + u) + (1.0f - z) * c);
        }
      }
    });
  }

  /// Without resetAfter: r, and r h as the left side of a product.
  static void resetState(const Layer<Gru>& layer, const Step& step, const float* before) {
    const int64_t wide = layer.wide, stride = layer.slotsWide;
    withActivations(layer.call, [&](auto, auto gate) {
      for (int64_t row = 0; row < step.rows; ++row) {
        float* at = step.at + row * stride;
        for (int64_t u = 0; u < wide; u += lanes) {
          const Vector r = activate(gate.kind, load(at + reset * wide + u));
          store(at + reset * wide + u, r);
          store(at + inner * wide + u, r * load(before + row * stride + u));
        }
      }
    });
  }

  static void backward(const Layer<Gru>& layer, const Step& step, float* dz, const Share& share) {
    const int64_t wide = layer.wide, width = layer.gradientsWide, stride = layer.slotsWide;
    const float* before = step.before + state * wide;
    withActivations(layer.call, [&](auto activation, auto gate) {
      for (int64_t row = 0; row < step.rows; ++row) {
        const float* at = step.at + row * stride;
        float *dRow = dz + row * width, *dh = share.dState[0] + row * wide;
        for (int64_t u = 0; u < wide; u += lanes) {
          const Vector z = load(at + update * wide + u), r = load(at + reset * wide + u);
          const Vector c = load(at + candidate * wide + u), in = load(at + inner * wide + u);
          const Vector dOut = load(dh + u);
          const Vector dc = dOut * (1.0f - z) * slope(activation.kind, c);
          store(dRow + update * wide + u, dOut * (load(before + row * stride + u) - c) * slope(gate.kind, z));
          store(dRow + candidate * wide + u, dc);
          store(dRow + reset * wide + u, resetAfter ? dc * in * slope(gate.kind, r) : Vector{});
          store(dRow + inner * wide + u, resetAfter ? dc * r : Vector{});
          store(dh + u, dOut * z);
        }
      }
    });
    if constexpr (!resetAfter) resetGradient(layer, step, dz, share);
    const Term terms[] = {layer.backTerm(layer.recurrent, dz, update, 0, 2),
                          layer.backTerm(layer.recurrent, dz, inner, 2, 1)};
    multiply(step.rows, wide, terms, resetAfter ? 2 : 1, share.dState[0], wide, {nullptr, true});
  }

  /// Without resetAfter the gradient of r h comes through the recurrent kernel: d(r h) = dc·Rᵀ.
  static void resetGradient(const Layer<Gru>& layer, const Step& step, float* dz, const Share& share) {
    const int64_t wide = layer.wide, stride = layer.slotsWide;
    const Term term = layer.backTerm(layer.recurrent, dz, candidate, 2, 1);
    multiply(step.rows, wide, &term, 1, share.spare, wide, {});
    withActivations(layer.call, [&](auto, auto gate) {
      for (int64_t row = 0; row < step.rows; ++row) {
        const float *at = step.at + row * stride, *before = step.before + row * stride + state * wide;
        const float* dProduct = share.spare + row * wide;
        float *dRow = dz + row * layer.gradientsWide, *dh = share.dState[0] + row * wide;
        for (int64_t u = 0; u < wide; u += lanes) {
          const Vector r = load(at + reset * wide + u), d = load(dProduct + u);
          store(dRow + reset * wide + u, d * load(before + u) * slope(gate.kind, r));
          store(dh + u, load(dh + u) + d * r);
        }
      }
    });
  }
};

}  // namespace
}  // namespace rnnlab
