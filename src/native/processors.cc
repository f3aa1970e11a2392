// How many threads there are for some work: apart from the threads, because the tests have an answer of their own.
#include <algorithm>
#include <thread>

#include "call.h"
#include "threads.h"

namespace rnnlab {

int processors() {
  // Asked once: the C library opens a file of the system for the answer, which takes longer than a small op.
  static const unsigned count = std::thread::hardware_concurrency();
  return count == 0 ? 1 : static_cast<int>(count);
}

int threadsFor(int64_t work, int64_t worthwhile, int64_t pieces) {
  const int64_t sensible = std::min<int64_t>({processors(), 1 + work / worthwhile, pieces, maxParts});
  return static_cast<int>(std::max<int64_t>(1, sensible));
}

}  // namespace rnnlab
