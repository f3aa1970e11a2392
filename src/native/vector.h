// Vectors as wide as the instruction set that this file is compiled for.
//
// Everything that includes this is compiled once for each instruction set. It lives in unnamed namespaces and calls no
// template or inline function of the standard library: the linker keeps one copy of those, which could be the one that
// a plain machine cannot run.
#pragma once
#include <cstdint>
#include <cstring>

#if defined(__AVX512F__)
#define RNNLAB_LANES 16
#elif defined(__AVX2__)
#define RNNLAB_LANES 8
#else
#define RNNLAB_LANES 4
#endif

namespace rnnlab {
namespace {

constexpr int lanes = RNNLAB_LANES;
typedef float Vector __attribute__((vector_size(lanes * 4)));
typedef uint32_t Bits __attribute__((vector_size(lanes * 4)));

inline Vector load(const float* from) {
  Vector result;
  memcpy(&result, from, sizeof result);
  return result;
}

inline void store(float* to, Vector value) { memcpy(to, &value, sizeof value); }

inline Vector all(float value) { return Vector{} + value; }

// For arrays of any length.
inline void copy(float* to, const float* from, int64_t floats) {
  // Most are short: a call of memcpy would take longer than its work.
  int64_t i = 0;
  for (; i + lanes <= floats; i += lanes) store(to + i, load(from + i));
  if (i < floats) memcpy(to + i, from + i, sizeof(float) * (floats - i));
}
inline void clear(float* to, int64_t floats) { memset(to, 0, sizeof(float) * floats); }
inline void add(float* to, const float* from, int64_t floats) {
  for (int64_t i = 0; i < floats; ++i) to[i] += from[i];
}

}  // namespace
}  // namespace rnnlab
