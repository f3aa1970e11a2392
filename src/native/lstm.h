// Long short-term memory (Hochreiter and Schmidhuber, 1997; Gers, Schmidhuber and Cummins, 2000), gates as in Keras:
//   i, f, o = s(x·W + h·R + b)    g = a(x·W + h·R + b)    c' = f c + i g    h' = o a(c')
#pragma once
#include "simple-rnn.h"

namespace rnnlab {
namespace {

struct Lstm {
  static constexpr CellKind kind = CellKind::lstm;
  static constexpr CellShape shape = shapes[static_cast<int>(kind)];
  enum Slot { input, forget, candidate, output, state, cell };
  static constexpr int columns = 4;
  static constexpr int biasColumn[] = {0, 1, 2, 3};
  static constexpr RecurrentPart recurrentParts[] = {{0, 0, 4, state}};

  static void forward(const Layer<Lstm>& layer, const Step& step) {
    const Term terms[] = {layer.inputTerm(step, 0), layer.stateTerm(step.before + state * layer.wide, 0)};
    layer.gates(step, input, 4, terms, 2);
    const int64_t wide = layer.wide, stride = layer.slotsWide;
    withActivations(layer.call, [&](auto activation, auto gate) {
      for (int64_t row = 0; row < step.rows; ++row) {
        float* at = step.at + row * stride;
        const float* before = step.before + row * stride + cell * wide;
        for (int64_t u = 0; u < wide; u += lanes) {
          const Vector i = activate(gate.kind, load(at + input * wide + u));
          const Vector f = activate(gate.kind, load(at + forget * wide + u));
          const Vector g = activate(activation.kind, load(at + candidate * wide + u));
          const Vector o = activate(gate.kind, load(at + output * wide + u));
          const Vector c = f * load(before + u) + i * g;
          store(at + input * wide + u, i);
          store(at + forget * wide + u, f);
          store(at + candidate * wide + u, g);
          store(at + output * wide + u, o);
          store(at + cell * wide + u, c);
          store(at + state * wide + u, o * activate(activation.kind, c));
        }
      }
    });
  }

  static void backward(const Layer<Lstm>& layer, const Step& step, float* dz, const Share& share) {
    const int64_t wide = layer.wide, stride = layer.slotsWide;
    withActivations(layer.call, [&](auto activation, auto gate) {
      for (int64_t row = 0; row < step.rows; ++row) {
        const float* at = step.at + row * stride;
        const float* before = step.before + row * stride + cell * wide;
        float* dRow = dz + row * layer.gradientsWide;
        const float* dh = share.dState[0] + row * wide;
        float* dc = share.dState[1] + row * wide;
        for (int64_t u = 0; u < wide; u += lanes) {
          const Vector i = load(at + input * wide + u), f = load(at + forget * wide + u);
          const Vector g = load(at + candidate * wide + u), o = load(at + output * wide + u);
          const Vector a = activate(activation.kind, load(at + cell * wide + u));
          const Vector dOut = load(dh + u);
          const Vector dCell = load(dc + u) + dOut * o * slope(activation.kind, a);
          store(dRow + input * wide + u, dCell * g * slope(gate.kind, i));
          store(dRow + forget * wide + u, dCell * load(before + u) * slope(gate.kind, f));
          store(dRow + candidate * wide + u, dCell * i * slope(activation.kind, g));
          store(dRow + output * wide + u, dOut * a * slope(gate.kind, o));
          store(dc + u, dCell * f);
        }
      }
    });
    const Term term = layer.backTerm(layer.recurrent, dz, 0, 0, 4);
    multiply(step.rows, wide, &term, 1, share.dState[0], wide, {});
  }
};

}  // namespace
}  // namespace rnnlab
