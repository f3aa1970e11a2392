// The activation functions and their slopes.
#pragma once
#include "call.h"
#include "vector.h"

namespace rnnlab {
namespace {

/// e^x, to about one unit in the last place, between the ends of the range of float; NaN stays NaN.
inline Vector exponential(Vector x) {
  x = x > all(88.0f) ? all(88.0f) : x;
  x = x < all(-87.0f) ? all(-87.0f) : x;
  // e^x = 2^n e^r with |r| <= ln 2 / 2. Adding 1.5 × 2^23 rounds to an integer, which is then in the low bits: compiled
  // with -ffast-math this would be optimised away.
  const Vector magic = all(12582912.0f);
  const Vector shifted = x * 1.44269504f + magic;
  const Vector n = shifted - magic;
  const Vector r = (x - n * 0.693359375f) + n * 2.12194440e-4f;  // ln 2 in two parts
  Vector sum = all(1.0f / 5040);  // Taylor's series
  sum = sum * r + 1.0f / 720;
  sum = sum * r + 1.0f / 120;
  sum = sum * r + 1.0f / 24;
  sum = sum * r + 1.0f / 6;
  sum = sum * r + 0.5f;
  sum = sum * r + 1.0f;
  sum = sum * r + 1.0f;
  const Bits power = ((Bits)shifted << 23) + 0x3F800000u;
  return sum * (Vector)power;
}

inline Vector sigmoid(Vector x) { return 1.0f / (1.0f + exponential(-x)); }

inline Vector hyperbolicTangent(Vector x) {
  const Bits sign = (Bits)x & 0x80000000u;
  const Vector magnitude = (Vector)((Bits)x ^ sign);
  const Vector e = exponential(magnitude * -2.0f);
  const Vector large = (Vector)((Bits)((1.0f - e) / (1.0f + e)) | sign);
  // Near zero 1 - e loses digits: Taylor's series there.
  const Vector square = x * x;
  Vector sum = all(62.0f / 2835);
  sum = sum * square - 17.0f / 315;
  sum = sum * square + 2.0f / 15;
  sum = sum * square - 1.0f / 3;
  const Vector small = x + x * square * sum;
  return magnitude < all(0.25f) ? small : large;
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

}  // namespace
}  // namespace rnnlab
