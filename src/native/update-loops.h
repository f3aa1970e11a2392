// The rules of the optimisers. As vector.h says, each file that includes this is compiled for another instruction set;
// these loops are simple enough for the compiler to make vectors of them.
#pragma once
#include "update.h"

// What a loop writes in one round no other round reads.
#if defined(__clang__)
#define RNNLAB_INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#else
#define RNNLAB_INDEPENDENT _Pragma("GCC ivdep")
#endif

namespace rnnlab {
namespace {

inline float clipped(float value, float limit) { return value > limit ? limit : value < -limit ? -limit : value; }

// Each rule gives what a parameter grows by.
// c: learning rate
struct Sgd {
  static float step(float g, float* const[], int64_t, const float* c) { return -c[0] * g; }
};

// c: momentum, the gradient's share in the momentum, the momentum's and the gradient's in the step
struct SgdMomentum {
  static float step(float g, float* const slots[], int64_t i, const float* c) {
    const float m = slots[0][i] = c[0] * slots[0][i] + c[1] * g;
    return c[2] * m + c[3] * g;
  }
};

// c: rho, 1 − rho, learning rate, epsilon, momentum
template <bool centered, bool momentum>
struct RmsProp {
  static float step(float g, float* const slots[], int64_t i, const float* c) {
    const float v = slots[0][i] = c[0] * slots[0][i] + c[1] * (g * g);
    float variance = v + c[3];
    if (centered) {
      const float mean = slots[1][i] = c[0] * slots[1][i] + c[1] * g;
      variance -= mean * mean;
    }
    const float increment = c[2] * g / __builtin_sqrtf(variance);
    if (!momentum) return -increment;
    float* const moments = slots[centered ? 2 : 1];
    return -(moments[i] = c[4] * moments[i] + increment);
  }
};

// c: beta1, 1 − beta1, beta2, 1 − beta2, step size, epsilon
struct Adam {
  static float step(float g, float* const slots[], int64_t i, const float* c) {
    const float m = slots[0][i] = c[0] * slots[0][i] + c[1] * g;
    const float v = slots[1][i] = c[2] * slots[1][i] + c[3] * (g * g);
    return -(c[4] * m / (__builtin_sqrtf(v) + c[5]));
  }
};

template <class Rule, bool hasGradient>
void run(const Update& update, const UpdateSettings& settings) {
  // Copies that nothing can point to: the compiler need not read them anew after each store.
  float* const slots[maxSlots] = {update.slots[0], update.slots[1], update.slots[2]};
  float c[coefficients];
  for (int k = 0; k < coefficients; ++k) c[k] = settings.coefficients[k];
  const float decay = settings.decay, limit = settings.limit, scale = update.scale;
  const float* const before = update.before;
  const float* const gradient = update.gradient;
  float* const after = update.after;
  RNNLAB_INDEPENDENT
  for (int64_t i = 0; i < update.length; ++i) {
    const float g = hasGradient ? clipped(gradient[i] * scale, limit) : 0.0f;
    after[i] = before[i] * decay + Rule::step(g, slots, i, c);
  }
}

template <class Rule>
void step(const Update& update, const UpdateSettings& settings) {
  (update.gradient ? run<Rule, true> : run<Rule, false>)(update, settings);
}

/// In double precision, and in an order that is the same in every instruction set.
inline double sumOfSquares(const float* values, int64_t length) {
  constexpr int columns = 8;
  double sums[columns] = {};
  int64_t i = 0;
  for (; i + columns <= length; i += columns)
    for (int k = 0; k < columns; ++k) sums[k] += static_cast<double>(values[i + k]) * values[i + k];
  for (; i < length; ++i) sums[0] += static_cast<double>(values[i]) * values[i];
  double sum = 0;
  for (const double each : sums) sum += each;
  return sum;
}

inline void addTo(float* sum, const float* values, int64_t length) {
  RNNLAB_INDEPENDENT
  for (int64_t i = 0; i < length; ++i) sum[i] += values[i];
}

}  // namespace
}  // namespace rnnlab

#define RNNLAB_UPDATES                                                                                                 \
  {{step<Sgd>, step<SgdMomentum>, step<RmsProp<false, false>>, step<RmsProp<false, true>>, step<RmsProp<true, false>>, \
    step<RmsProp<true, true>>, step<Adam>},                                                                            \
   sumOfSquares,                                                                                                       \
   addTo}
