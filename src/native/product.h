// A product of two matrices. Plain data, so that the arithmetic knows nothing of TensorFlow.
#pragma once
#include <cstdint>

namespace rnnlab {

/// C [rows, columns] = A [rows, depth] · B [depth, columns]; one that is transposed lies the other way round.
struct Product {
  const float* a;
  const float* b;
  float* c;
  int64_t rows, depth, columns;
  bool aTransposed, bTransposed;
};

/// Computes a product on a number of threads. With no space it only returns how many floats of it are needed.
using ProductRoutine = int64_t (*)(const Product&, int threads, float* space);

}  // namespace rnnlab
