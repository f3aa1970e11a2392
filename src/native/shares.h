// Work on many numbers, shared out to threads where it is worth waking them.
#pragma once
#include <cstdint>

#include "threads.h"

namespace rnnlab {

/// Calls work(begin, end) for shares of the pieces from 0 to count.
/// @param numbers  how many all pieces have together
template <class Work>
void inShares(int64_t count, int64_t numbers, const Work& work) {
  constexpr int64_t worthwhile = 1 << 17;
  struct Shares {
    const Work& work;
    int64_t count;
    int parts;
  } shares = {work, count, threadsFor(numbers, worthwhile, count)};
  if (shares.parts == 1) return work(0, count);
  parallel(
      shares.parts,
      [](void* data, int part) {
        const Shares& all = *static_cast<Shares*>(data);
        all.work(all.count * part / all.parts, all.count * (part + 1) / all.parts);
      },
      &shares);
}

}  // namespace rnnlab
