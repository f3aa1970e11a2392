#include "sequences.h"

#include <algorithm>
#include <numeric>

namespace rnnlab {
namespace {

/// Fewer rows would leave the registers of a matrix product empty.
constexpr int64_t fewestRows = 4;

int64_t groupsFor(int64_t batch, int64_t threads) {
  const int64_t needed = (batch + groupRows - 1) / groupRows;
  const int64_t even = (needed + threads - 1) / threads * threads;
  return std::max(needed, std::min(even, (batch + fewestRows - 1) / fewestRows));
}

}  // namespace

Sequences::Sequences(const Call& call, const uint8_t* mask, int threads, bool keepSteps)
    : rows_(call.batch), lengths_(call.batch, call.time) {
  std::iota(rows_.begin(), rows_.end(), 0);
  findSteps(call, mask);
  const int64_t count = groupsFor(call.batch, threads);
  deal(call.batch, count);
  for (int64_t group = 0, begin = 0; group < count; ++group) {
    const int64_t end = begin + (call.batch - group + count - 1) / count;
    place(call, begin, end, keepSteps);
    begin = end;
  }
}

/// Writes down where the steps of each row are, and sorts the rows by how many there are.
void Sequences::findSteps(const Call& call, const uint8_t* mask) {
  const int64_t time = call.time;
  if (mask == nullptr) {
    positions_.resize(time);
    std::iota(positions_.begin(), positions_.end(), 0);
    return;
  }
  std::vector<int64_t> lengths(call.batch);
  std::vector<int64_t> positions(call.batch * time);
  for (int64_t row = 0; row < call.batch; ++row) {
    const uint8_t* counts = mask + row * time;
    for (int64_t p = 0; p < time; ++p)
      if (counts[call.goBackwards ? time - 1 - p : p] != 0) positions[row * time + lengths[row]++] = p;
  }
  std::stable_sort(rows_.begin(), rows_.end(), [&](int64_t a, int64_t b) { return lengths[a] > lengths[b]; });
  for (int64_t i = 0; i < call.batch; ++i) lengths_[i] = lengths[rows_[i]];
  positions_ = std::move(positions);
}

/// Row i of the sorted ones goes to group i modulo the groups.
void Sequences::deal(int64_t batch, int64_t count) {
  std::vector<int64_t> rows, lengths;
  for (int64_t group = 0; group < count; ++group)
    for (int64_t i = group; i < batch; i += count) {
      rows.push_back(rows_[i]);
      lengths.push_back(lengths_[i]);
    }
  rows_ = std::move(rows);
  lengths_ = std::move(lengths);
}

/// Makes a group of some rows and gives it its place in what is saved.
void Sequences::place(const Call& call, int64_t begin, int64_t end, bool keepSteps) {
  const int64_t rows = end - begin, steps = lengths_[begin];
  std::vector<int64_t>& before = before_.emplace_back(steps + 1);
  for (int64_t step = 0, active = rows; step < steps; ++step) {
    while (lengths_[begin + active - 1] <= step) --active;
    before[step + 1] = before[step] + active;
  }
  const bool masked = static_cast<int64_t>(positions_.size()) > call.time;
  groups_.push_back({rows, steps, rows_.data() + begin, lengths_.data() + begin, before.data(), positions_.data(),
                     masked ? call.time : 0, savedRows_, keepSteps});
  savedRows_ += rows + (keepSteps ? before[steps] : rows);
}

}  // namespace rnnlab
