// Elman's network: h' = a(x·W + h·R + b)
#pragma once
#include "activations.h"
#include "backward.h"
#include "forward.h"

namespace rnnlab {
namespace {

struct SimpleRnn {
  static constexpr CellKind kind = CellKind::simpleRnn;
  static constexpr CellShape shape = shapes[static_cast<int>(kind)];
  enum Slot { state };
  static constexpr int columns = 1;  // of gradients of what the kernels and the bias feed
  static constexpr int biasColumn[] = {0};
  static constexpr RecurrentPart recurrentParts[] = {{0, 0, 1, state}};

  static void forward(const Layer<SimpleRnn>& layer, const Step& step) {
    const Term terms[] = {layer.inputTerm(step, 0), layer.stateTerm(step.before, 0)};
    layer.gates(step, state, 1, terms, 2);
    withActivations(layer.call, [&](auto activation, auto) {
      for (int64_t i = 0; i < step.rows * layer.wide; i += lanes)
        store(step.at + i, activate(activation.kind, load(step.at + i)));
    });
  }

  static void backward(const Layer<SimpleRnn>& layer, const Step& step, float* dz, const Share& share) {
    float* dh = share.dState[0];
    withActivations(layer.call, [&](auto activation, auto) {
      for (int64_t row = 0; row < step.rows; ++row)
        for (int64_t u = 0; u < layer.wide; u += lanes) {
          const int64_t i = row * layer.wide + u;
          store(dz + row * layer.gradientsWide + u, load(dh + i) * slope(activation.kind, load(step.at + i)));
        }
    });
    const Term term = layer.backTerm(layer.recurrent, dz, 0, 0, 1);
    multiply(step.rows, layer.wide, &term, 1, dh, layer.wide, {});
  }
};

}  // namespace
}  // namespace rnnlab
