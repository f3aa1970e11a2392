// A product of two matrices, each thread with rows of its own.
#pragma once
#include "arena.h"
#include "matrix-product.h"
#include "product.h"
#include "threads.h"

namespace rnnlab {
namespace {

struct ProductWork {
  const Product& product;
  Term term;
  int64_t wide;  // columns of the result, in whole blocks
  float* result;
  int threads;

  static void run(void* data, int thread) {
    const ProductWork& work = *static_cast<ProductWork*>(data);
    const Product& product = work.product;
    const int64_t begin = product.rows * thread / work.threads, end = product.rows * (thread + 1) / work.threads;
    Term term = work.term;
    term.a += begin * term.rowStride;
    multiply(end - begin, work.wide, &term, 1, work.result + begin * work.wide, work.wide, {});
    if (work.result == product.c) return;
    for (int64_t row = begin; row < end; ++row)
      copy(product.c + row * product.columns, work.result + row * work.wide, product.columns);
  }
};

inline int64_t multiplyMatrices(const Product& product, int threads, float* space) {
  const int64_t rows = product.rows, depth = product.depth, columns = product.columns;
  const int64_t packedDepth = product.bTransposed ? padded(depth) : depth, wide = padded(columns);
  Arena arena(space);
  float* const packed = arena.take(packedSize(packedDepth, wide));
  float* const result = columns == wide ? product.c : arena.take(rows * wide);
  if (space == nullptr) return arena.used();
  if (product.bTransposed)
    packTransposed(product.b, columns, depth, 1, packed);
  else
    pack(product.b, depth, columns, 1, packed);
  const int64_t rowStride = product.aTransposed ? 1 : depth, depthStride = product.aTransposed ? rows : 1;
  const Term term = {product.a, rowStride, depthStride, packed, panelWidth, packedDepth * panelWidth, depth};
  ProductWork work{product, term, wide, result, threads};
  parallel(threads, work.run, &work);
  return arena.used();
}

}  // namespace
}  // namespace rnnlab
