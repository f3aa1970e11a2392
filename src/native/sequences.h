// Which steps of which rows count, put together in groups: what is masked costs neither time nor memory.
#pragma once
#include <vector>

#include "call.h"

namespace rnnlab {

/// The groups of a call and what they point to.
class Sequences {
 public:
  /// Deals the rows out to groups, the longest first, so that all groups have about as much to do.
  /// @param mask  [batch, time], null if every step counts
  /// @param threads  there are as many groups for each, if there are rows enough
  /// @param keepSteps  whether each step has a place in what is saved, or only the last two
  Sequences(const Call& call, const uint8_t* mask, int threads, bool keepSteps);
  Sequences(const Sequences&) = delete;
  Sequences& operator=(const Sequences&) = delete;

  const Group* groups() const { return groups_.data(); }
  int64_t count() const { return static_cast<int64_t>(groups_.size()); }
  int64_t savedRows() const { return savedRows_; }

 private:
  void findSteps(const Call& call, const uint8_t* mask);
  void deal(int64_t batch, int64_t count);
  void place(const Call& call, int64_t begin, int64_t end, bool keepSteps);

  std::vector<int64_t> positions_;
  std::vector<int64_t> rows_, lengths_;  // in the order of the groups
  std::vector<std::vector<int64_t>> before_;
  std::vector<Group> groups_;
  int64_t savedRows_ = 0;
};

}  // namespace rnnlab
