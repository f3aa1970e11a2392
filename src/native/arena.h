// One piece of memory for all that a call works with.
#pragma once
#include "call.h"

#if defined(__SANITIZE_ADDRESS__)
#define RNNLAB_ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define RNNLAB_ADDRESS_SANITIZER 1
#endif
#endif
#if defined(RNNLAB_ADDRESS_SANITIZER)
#include <sanitizer/asan_interface.h>
#endif

namespace rnnlab {
namespace {

/// Hands out parts of one array, or only adds up how much that would be.
class Arena {
 public:
  explicit Arena(float* start) : start_(start) {}
  float* take(int64_t floats) {
    float* part = start_ == nullptr ? nullptr : start_ + used_;
    used_ += padded(floats);
#if defined(RNNLAB_ADDRESS_SANITIZER)
    // Room that nobody may touch: the sanitizer sees the end of each part, and not only that of the array.
    if (part != nullptr) {
      ASAN_UNPOISON_MEMORY_REGION(part, sizeof(float) * padded(floats));
      ASAN_POISON_MEMORY_REGION(start_ + used_, sizeof(float) * block);
    }
    used_ += block;
#endif
    return part;
  }
  int64_t used() const { return used_; }

 private:
  float* start_;
  int64_t used_ = 0;
};

}  // namespace
}  // namespace rnnlab
