// Threads that stay, because starting some for every op would take longer than a small op.
#pragma once
#include <cstdint>

namespace rnnlab {

/// Calls work(data, part) for each part from 0 to parts - 1, on several threads, and waits for all.
void parallel(int parts, void (*work)(void* data, int part), void* data);

/// The processors that this process may use.
int processors();

/// How many threads some work is worth that comes in pieces: so many that each has about `worthwhile` of it, at least one.
int threadsFor(int64_t work, int64_t worthwhile, int64_t pieces);

}  // namespace rnnlab
