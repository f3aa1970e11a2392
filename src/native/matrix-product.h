// Sums of matrix products, C = Σ A·B, with a tile of C in registers while the inner dimension is walked.
#pragma once
#include "call.h"
#include "vector.h"

namespace rnnlab {
namespace {

// A tile is as large as the registers allow: 32 of them with AVX-512 and NEON, 16 without. NEON's loads are short: there
// four vectors a row take a tenth fewer instructions than two with twice the rows.
constexpr int tileRows = lanes == 16 ? 8 : lanes == 8 ? 6 : 4;
#if defined(RNNLAB_NEON)
constexpr int tileVectors = 4;
#else
constexpr int tileVectors = 2;
#endif
constexpr int64_t panelWidth = tileVectors * lanes;

constexpr int64_t panels(int64_t columns) { return (columns + panelWidth - 1) / panelWidth; }
constexpr int64_t packedSize(int64_t depth, int64_t columns) { return depth * panels(columns) * panelWidth; }

/// One product A·B. Element (i, k) of A is a[i × rowStride + k × depthStride], so A may be a transpose.
/// B comes in panels of panelWidth columns: packed (one panel after the other), or rows of a wider matrix.
struct Term {
  const float* a;
  int64_t rowStride, depthStride;
  const float* b;
  int64_t bRowStride, bPanelStride;
  int64_t depth;
};

/// How C begins: as zeros, as the same row everywhere, or as what it holds.
struct Start {
  const float* row = nullptr;
  bool add = false;
};

template <int rows, int vectors>
inline void tile(const Term* terms, int count, int64_t firstRow, int64_t panel, float* c, int64_t stride, Start start) {
  Vector sum[rows][vectors];
  for (int i = 0; i < rows; ++i)
    for (int v = 0; v < vectors; ++v)
      sum[i][v] = start.add ? load(c + i * stride + v * lanes) : start.row ? load(start.row + v * lanes) : Vector{};
  for (int t = 0; t < count; ++t) {
    const Term& term = terms[t];
    const int64_t rowStride = term.rowStride;
    const float* a = term.a + firstRow * rowStride;
    const float* b = term.b + panel * term.bPanelStride;
    for (int64_t k = 0; k < term.depth; ++k, a += term.depthStride, b += term.bRowStride) {
      Vector right[vectors];
#pragma GCC unroll 4
      for (int v = 0; v < vectors; ++v) right[v] = load(b + v * lanes);
#pragma GCC unroll 8
      for (int i = 0; i < rows; ++i)
#pragma GCC unroll 4
        for (int v = 0; v < vectors; ++v) sum[i][v] += a[i * rowStride] * right[v];
    }
  }
  for (int i = 0; i < rows; ++i)
    for (int v = 0; v < vectors; ++v) store(c + i * stride + v * lanes, sum[i][v]);
}

template <int vectors, int rows = tileRows>
inline void lastTile(int64_t count, const Term* terms, int termCount, int64_t firstRow, int64_t panel, float* c,
                     int64_t stride, Start start) {
  if constexpr (rows > 1) {
    if (count < rows) return lastTile<vectors, rows - 1>(count, terms, termCount, firstRow, panel, c, stride, start);
  }
  tile<rows, vectors>(terms, termCount, firstRow, panel, c, stride, start);
}

template <int vectors>
inline void panelProduct(int64_t rows, const Term* terms, int count, int64_t panel, float* c, int64_t stride,
                         Start start) {
  for (int64_t i = 0; i < rows; i += tileRows) {
    float* corner = c + i * stride;
    if (rows - i >= tileRows)
      tile<tileRows, vectors>(terms, count, i, panel, corner, stride, start);
    else
      lastTile<vectors>(rows - i, terms, count, i, panel, corner, stride, start);
  }
}

template <int vectors = tileVectors - 1>
inline void lastPanel(int64_t count, int64_t rows, const Term* terms, int termCount, int64_t panel, float* c,
                      int64_t stride, Start start) {
  if constexpr (vectors > 1) {
    if (count < vectors) return lastPanel<vectors - 1>(count, rows, terms, termCount, panel, c, stride, start);
  }
  panelProduct<vectors>(rows, terms, termCount, panel, c, stride, start);
}

/// C [rows, columns], with the given distance between its rows, = start + the sum of the terms. Columns are whole blocks.
inline void multiply(int64_t rows, int64_t columns, const Term* terms, int count, float* c, int64_t stride,
                     Start start) {
  for (int64_t panel = 0; panel < panels(columns); ++panel) {
    const int64_t first = panel * panelWidth;
    const Start here = {start.row ? start.row + first : nullptr, start.add};
    if (columns - first >= panelWidth)
      panelProduct<tileVectors>(rows, terms, count, panel, c + first, stride, here);
    else
      lastPanel((columns - first) / lanes, rows, terms, count, panel, c + first, stride, here);
  }
}

/// Packs a kernel [depth, gates × units], each gate padded with zeros to whole blocks, as right side of a product.
inline void pack(const float* from, int64_t depth, int64_t units, int gates, float* to) {
  const int64_t wide = padded(units), width = gates * units;
  memset(to, 0, sizeof(float) * packedSize(depth, gates * wide));
  constexpr int64_t piece = 8;  // divides blocks and panels
  for (int64_t k = 0; k < depth; ++k)
    for (int64_t gate = 0; gate < gates; ++gate)
      for (int64_t unit = 0; unit < units; unit += piece) {
        const int64_t column = gate * wide + unit, left = units - unit;
        memcpy(to + (column / panelWidth * depth + k) * panelWidth + column % panelWidth,
               from + k * width + gate * units + unit, sizeof(float) * (left < piece ? left : piece));
      }
}

/// Packs the transpose of the same kernel, [gates × padded units, rows], as right side of a product of whole blocks.
inline void packTransposed(const float* from, int64_t rows, int64_t units, int gates, float* to) {
  const int64_t wide = padded(units), width = gates * units, depth = gates * wide;
  memset(to, 0, sizeof(float) * packedSize(depth, padded(rows)));
  for (int64_t first = 0; first < rows; first += panelWidth) {
    const int64_t count = rows - first < panelWidth ? rows - first : panelWidth;
    for (int64_t gate = 0; gate < gates; ++gate)
      for (int64_t unit = 0; unit < units; ++unit) {
        const float* column = from + first * width + gate * units + unit;
        float* row = to + first * depth + (gate * wide + unit) * panelWidth;
        for (int64_t i = 0; i < count; ++i) row[i] = column[i * width];
      }
  }
}

}  // namespace
}  // namespace rnnlab
