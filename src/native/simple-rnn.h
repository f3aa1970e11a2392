// Elman's network: h' = a(x·W + h·R + b)
#pragma once
#include "activations.h"
#include "layer.h"

namespace rnnlab {
namespace {

/// Gates of the recurrent kernel, with the column of their gradients and the slot that the kernel is multiplied with.
struct RecurrentPart {
  int column, gate, gates, slot;
};

struct SimpleRnn {
  static constexpr CellShape shape = shapes[static_cast<int>(CellKind::simpleRnn)];
  enum Slot { value, state };
  static constexpr int columns = 1;  // of gradients of what the kernels and the bias feed
  static constexpr int biasColumn[] = {0};
  static constexpr RecurrentPart recurrentParts[] = {{0, 0, 1, state}};

  static void forward(const Layer<SimpleRnn>& layer, Rows rows) {
    const Term terms[] = {layer.inputTerm(rows, 0), layer.stateTerm(rows, state, 0)};
    layer.gates(rows, value, 1, terms, 2);
    for (int64_t row = rows.first; row < rows.first + rows.count; ++row) {
      float* at = layer.saved(rows.step, row);
      float* next = layer.saved(rows.step + 1, row, state);
      for (int64_t u = 0; u < layer.wide; u += lanes) {
        const Vector h = activate(layer.call.activation, load(at + u));
        store(at + u, h);
        store(next + u, h);
      }
    }
  }

  static void backward(const Layer<SimpleRnn>& layer, Rows rows, float* dz, const Share& share) {
    for (int64_t i = 0; i < rows.count; ++i) {
      if (!layer.isValid(rows.step, rows.first + i)) continue;
      const float* at = layer.saved(rows.step, rows.first + i);
      float *dRow = dz + i * layer.wide, *dh = share.dState[0] + i * layer.wide;
      for (int64_t u = 0; u < layer.wide; u += lanes) {
        store(dRow + u, load(dh + u) * slope(layer.call.activation, load(at + u)));
        store(dh + u, Vector{});
      }
    }
    const Term term = layer.backTerm(layer.recurrent, dz, 0, 0, 1);
    multiply(rows.count, layer.wide, &term, 1, share.dState[0], layer.wide, {nullptr, true});
  }
};

}  // namespace
}  // namespace rnnlab
