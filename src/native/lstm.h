// Long short-term memory (Hochreiter and Schmidhuber, 1997; Gers, Schmidhuber and Cummins, 2000), gates as in Keras:
//   i, f, o = s(x·W + h·R + b)    g = a(x·W + h·R + b)    c' = f c + i g    h' = o a(c')
#pragma once
#include "simple-rnn.h"

namespace rnnlab {
namespace {

struct Lstm {
  static constexpr CellShape shape = shapes[static_cast<int>(CellKind::lstm)];
  enum Slot { input, forget, candidate, output, state, cell };
  static constexpr int columns = 4;
  static constexpr int biasColumn[] = {0, 1, 2, 3};
  static constexpr RecurrentPart recurrentParts[] = {{0, 0, 4, state}};

  static void forward(const Layer<Lstm>& layer, Rows rows) {
    const Term terms[] = {layer.inputTerm(rows, 0), layer.stateTerm(rows, state, 0)};
    layer.gates(rows, input, 4, terms, 2);
    const int64_t wide = layer.wide;
    const Activation activation = layer.call.activation, gate = layer.call.recurrentActivation;
    for (int64_t row = rows.first; row < rows.first + rows.count; ++row) {
      float* at = layer.saved(rows.step, row);
      float* next = layer.saved(rows.step + 1, row);
      for (int64_t u = 0; u < wide; u += lanes) {
        const Vector i = activate(gate, load(at + input * wide + u));
        const Vector f = activate(gate, load(at + forget * wide + u));
        const Vector g = activate(activation, load(at + candidate * wide + u));
        const Vector o = activate(gate, load(at + output * wide + u));
        const Vector c = f * load(at + cell * wide + u) + i * g;
        store(at + input * wide + u, i);
        store(at + forget * wide + u, f);
        store(at + candidate * wide + u, g);
        store(at + output * wide + u, o);
        store(next + cell * wide + u, c);
        store(next + state * wide + u, o * activate(activation, c));
      }
    }
  }

  static void backward(const Layer<Lstm>& layer, Rows rows, float* dz, const Share& share) {
    const int64_t wide = layer.wide;
    const Activation activation = layer.call.activation, gate = layer.call.recurrentActivation;
    for (int64_t n = 0; n < rows.count; ++n) {
      if (!layer.isValid(rows.step, rows.first + n)) continue;
      const float* at = layer.saved(rows.step, rows.first + n);
      const float* next = layer.saved(rows.step + 1, rows.first + n, cell);
      float *dRow = dz + n * columns * wide, *dh = share.dState[0] + n * wide, *dc = share.dState[1] + n * wide;
      for (int64_t u = 0; u < wide; u += lanes) {
        const Vector i = load(at + input * wide + u), f = load(at + forget * wide + u);
        const Vector g = load(at + candidate * wide + u), o = load(at + output * wide + u);
        const Vector a = activate(activation, load(next + u));
        const Vector dOut = load(dh + u);
        const Vector dCell = load(dc + u) + dOut * o * slope(activation, a);
        store(dRow + input * wide + u, dCell * g * slope(gate, i));
        store(dRow + forget * wide + u, dCell * load(at + cell * wide + u) * slope(gate, f));
        store(dRow + candidate * wide + u, dCell * i * slope(activation, g));
        store(dRow + output * wide + u, dOut * a * slope(gate, o));
        store(dc + u, dCell * f);
        store(dh + u, Vector{});
      }
    }
    const Term term = layer.backTerm(layer.recurrent, dz, 0, 0, 4);
    multiply(rows.count, wide, &term, 1, share.dState[0], wide, {nullptr, true});
  }
};

}  // namespace
}  // namespace rnnlab
