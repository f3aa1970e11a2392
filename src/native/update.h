// One step of an optimiser over neighbouring parameters, as update-loops.h computes it.
#pragma once
#include <cstdint>

namespace rnnlab {

enum class Rule { sgd, sgdMomentum, rmsprop, rmspropMomentum, rmspropCentered, rmspropCenteredMomentum, adam };
constexpr int rules = 7;
/// The running means and the like that each rule keeps for each parameter.
constexpr int slotsOf[rules] = {0, 1, 1, 2, 2, 3, 2};
constexpr int maxSlots = 3;
/// Numbers that a rule takes, after those that all take.
constexpr int coefficients = 6;

/// What is the same for all parameters of a step.
struct UpdateSettings {
  float decay;  // parameters are multiplied by it first
  float limit;  // of a gradient's elements; infinite if they are not clipped
  float coefficients[rnnlab::coefficients];
};

struct Update {
  const float* before;
  const float* gradient;  // null: zero everywhere
  float* after;
  float* slots[maxSlots];  // updated in place
  int64_t length;
  float scale;  // of the gradient
};

struct UpdateRoutines {
  void (*step[rules])(const Update&, const UpdateSettings&);
  double (*sumOfSquares)(const float*, int64_t);
  void (*addTo)(float* sum, const float* values, int64_t length);
};

}  // namespace rnnlab
