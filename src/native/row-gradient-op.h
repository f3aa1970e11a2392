// RnnlabRowGradient: the gradient of a table (an embedding) where a batch has looked up some rows; RnnlabRowSum: the
// sum of two such gradients.
#pragma once
#include <cstdint>
#include <cstring>

namespace rnnlab {

/// Registers the ops. The first: from the row numbers that were looked up, int32 of any shape, and the gradients of what was
/// found, [n, columns], to packed rows [distinct rows, 1, columns + 1] in rising order. Each begins with its number, as
/// the bits of an int32, and then has the sum of its gradients, in the order in which it was looked up: the result does
/// not depend on the number of threads. The second: from packed rows, twice, to those of the sum.
void registerRowGradientOp();

/// The number that a packed row begins with.
inline int64_t rowNumber(const float* packed) {
  int32_t number;
  memcpy(&number, packed, sizeof number);
  return number;
}

}  // namespace rnnlab
