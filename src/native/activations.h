// The activation functions and their slopes.
#pragma once
#include "call.h"
#include "vector.h"

namespace rnnlab {
namespace {

/// e^x = 2^n (1 + p): the two parts, between the ends of the range of float.
struct Exponential {
  Vector power, p;
};

inline Exponential exponential(Vector x) {
  x = x > all(88.0f) ? all(88.0f) : x;  // NaN stays NaN
  x = x < all(-87.0f) ? all(-87.0f) : x;
  // x = n ln 2 + r with |r| <= ln 2 / 2. Adding 1.5 × 2^23 rounds to an integer, which is then in the low bits: compiled
  // with -ffast-math this would be optimised away.
  const Vector magic = all(12582912.0f);
  const Vector shifted = x * 1.44269504f + magic;
  const Vector n = shifted - magic;
  const Vector r = (x - n * 0.693359375f) + n * 2.12194440e-4f;  // ln 2 in two parts
  Vector sum = all(1.0f / 5040);                                 // p = e^r - 1 by Taylor's series
  sum = sum * r + 1.0f / 720;
  sum = sum * r + 1.0f / 120;
  sum = sum * r + 1.0f / 24;
  sum = sum * r + 1.0f / 6;
  sum = sum * r + 0.5f;
  return {(Vector)(((Bits)shifted << 23) + 0x3F800000u), r * r * sum + r};
}

inline Vector sigmoid(Vector x) {
  const Exponential e = exponential(-x);
  return 1.0f / (e.power * e.p + e.power + 1.0f);
}

/// (e^2x - 1) / (e^2x + 1), where e^2x - 1 is summed such that it keeps its digits near zero.
inline Vector hyperbolicTangent(Vector x) {
  x = x > all(10.0f) ? all(10.0f) : x;
  x = x < all(-10.0f) ? all(-10.0f) : x;
  const Exponential e = exponential(x + x);
  const Vector less = e.power * e.p + (e.power - 1.0f);
  return less / (less + 2.0f);
}

inline Vector clippedLine(Vector x, float slope) {
  const Vector y = x * slope + 0.5f;
  const Vector above = y < all(0.0f) ? all(0.0f) : y;
  return above > all(1.0f) ? all(1.0f) : above;
}

inline Vector activate(Activation kind, Vector x) {
  switch (kind) {
    case Activation::linear: return x;
    case Activation::relu: return x < all(0.0f) ? all(0.0f) : x;
    case Activation::tanh: return hyperbolicTangent(x);
    case Activation::sigmoid: return sigmoid(x);
    case Activation::hardSigmoid: return clippedLine(x, 0.2f);
    case Activation::hardSigmoid6: return clippedLine(x, 1.0f / 6);
  }
  return x;
}

inline Vector where(Vector y, float low, float high, float slope) {
  const Vector right = y < all(high) ? all(slope) : all(0.0f);
  return y > all(low) ? right : all(0.0f);
}

/// The derivative, from the activation's own value y: all of these allow that.
inline Vector slope(Activation kind, Vector y) {
  switch (kind) {
    case Activation::linear: return all(1.0f);
    case Activation::relu: return y > all(0.0f) ? all(1.0f) : all(0.0f);
    case Activation::tanh: return 1.0f - y * y;
    case Activation::sigmoid: return y * (1.0f - y);
    case Activation::hardSigmoid: return where(y, 0.0f, 1.0f, 0.2f);
    case Activation::hardSigmoid6: return where(y, 0.0f, 1.0f, 1.0f / 6);
  }
  return y;
}

// A kind that the compiler knows, and one that is looked up at each vector.
template <Activation of>
struct Known {
  static constexpr Activation kind = of;
};
struct Chosen {
  Activation kind;
};

/// Calls `code` with the kinds of a call: its activation, then that of its gates.
template <class Code>
inline void withActivations(const Call& call, Code code) {
  if (call.activation == Activation::tanh && call.recurrentActivation == Activation::sigmoid)
    code(Known<Activation::tanh>{}, Known<Activation::sigmoid>{});
  else
    code(Chosen{call.activation}, Chosen{call.recurrentActivation});
}

}  // namespace
}  // namespace rnnlab
