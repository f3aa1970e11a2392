// Memory for large tensors that is used again: new pages cost more than the arithmetic of a whole layer.
#pragma once
#include <cstddef>

namespace rnnlab {

/// Smaller pieces are the business of TensorFlow's allocator.
constexpr size_t largeBytes = 1 << 20;

/// Memory of at least a number of bytes, which begins at a page; null if the system has no more.
void* takeMemory(size_t bytes);

/// Gives such memory back; from any thread. What many later calls do not want goes back to the system.
void returnMemory(void* memory);

}  // namespace rnnlab
