// One piece of memory for all that a call works with.
#pragma once
#include "call.h"

namespace rnnlab {
namespace {

/// Hands out parts of one array, or only adds up how much that would be.
class Arena {
 public:
  explicit Arena(float* start) : start_(start) {}
  float* take(int64_t floats) {
    float* part = start_ == nullptr ? nullptr : start_ + used_;
    used_ += padded(floats);
    return part;
  }
  int64_t used() const { return used_; }

 private:
  float* start_;
  int64_t used_ = 0;
};

}  // namespace
}  // namespace rnnlab
