#include "memory.h"

#if defined(_WIN32)
#include <windows.h>
#else
#include <sys/mman.h>
#endif

#include <map>
#include <mutex>
#include <vector>

namespace rnnlab {
namespace {

constexpr size_t hugePage = 2 << 20;

/// Pages of zeros from the system, null if it has no more.
void* mapPages(size_t bytes) {
#if defined(_WIN32)
  return VirtualAlloc(nullptr, bytes, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
#else
  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return nullptr;
#ifdef MADV_HUGEPAGE
  madvise(memory, bytes, MADV_HUGEPAGE);
#endif
  return memory;
#endif
}

void unmapPages(void* memory, [[maybe_unused]] size_t bytes) {
#if defined(_WIN32)
  VirtualFree(memory, 0, MEM_RELEASE);
#else
  munmap(memory, bytes);
#endif
}

struct Free {
  void* memory;
  size_t bytes;
  long since;
};

class Pool {
 public:
  void* take(size_t bytes) {
    std::lock_guard<std::mutex> lock(mutex_);
    ++clock_;
    size_t best = free_.size();
    for (size_t i = 0; i < free_.size(); ++i) {
      const bool fits = free_[i].bytes >= bytes && free_[i].bytes <= 2 * bytes;
      if (fits && (best == free_.size() || free_[i].bytes < free_[best].bytes)) best = i;
    }
    if (best == free_.size()) return map(bytes);
    const Free found = free_[best];
    free_.erase(free_.begin() + best);
    used_[found.memory] = found.bytes;
    return found.memory;
  }

  void giveBack(void* memory) {
    std::lock_guard<std::mutex> lock(mutex_);
    const auto found = used_.find(memory);
    free_.push_back({memory, found->second, clock_});
    used_.erase(found);
    // Those that came back first are at the front.
    while (clock_ - free_.front().since > patience) {
      unmapPages(free_.front().memory, free_.front().bytes);
      free_.erase(free_.begin());
    }
  }

 private:
  /// Calls of take() after which unwanted memory is let go: more than a training step makes.
  static constexpr long patience = 256;

  void* map(size_t bytes) {
    // An eighth of room, so that the next batch, a little longer, fits too.
    bytes = (bytes + bytes / 8 + hugePage - 1) / hugePage * hugePage;
    void* memory = mapPages(bytes);
    if (memory == nullptr) return nullptr;
    used_[memory] = bytes;
    return memory;
  }

  std::mutex mutex_;
  std::map<void*, size_t> used_;
  std::vector<Free> free_;
  long clock_ = 0;
};

Pool& pool() {
  // Never destroyed: tensors may outlive it.
  static Pool& instance = *new Pool;
  return instance;
}

}  // namespace

void* takeMemory(size_t bytes) { return pool().take(bytes); }

void returnMemory(void* memory) { pool().giveBack(memory); }

}  // namespace rnnlab
