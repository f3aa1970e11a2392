// A recurrent layer: its packed kernels, where its steps are saved, and the products that its cells are made of.
//
// What the forward pass saves is laid out [row and step, slot, padded units]: the slots of a cell are its gates and then
// the state after the step. The rows of a group at one step lie side by side, and the steps one after the other.
#pragma once
#include "arena.h"
#include "matrix-product.h"

namespace rnnlab {
namespace {

/// The rows at work in one step.
struct Step {
  int64_t rows;
  const float* x;       // [rows, features]
  float* at;            // what is saved of the step: its gates and the state after it
  const float* before;  // what is saved of the step before
};

/// Rows of the steps from `begin` to before `end`.
inline int64_t stepRows(const Group& group, int64_t begin, int64_t end) {
  return group.before[end] - group.before[begin];
}

/// The rows at work in a step.
inline int64_t activeRows(const Group& group, int64_t step) { return stepRows(group, step, step + 1); }

/// Rows that are a power of two apart fall into the same few places of the cache. A line of it, in floats, helps.
constexpr int64_t apart = 16;

/// A call with its packed kernels: what the threads share and only read. Widths are in padded units.
template <class Cell>
struct Layer {
  const Call& call;
  int64_t wide = padded(call.units);
  int64_t slotsWide = Cell::shape.slots * wide;
  /// From one row of the gates' gradients to the next.
  int64_t gradientsWide = Cell::columns * wide + apart;
  float* kernel = nullptr;
  float* recurrent = nullptr;
  float* bias = nullptr;  // Cell::columns × wide

  /// What is saved of a step; -1 is the state before the first. A row at its end keeps its place where only two steps
  /// have one: the steps after have fewer rows.
  float* saved(const Group& group, int64_t step) const {
    const int64_t row = !group.keepsSteps ? (step + 1) % 2 * group.rows
                        : step < 0        ? 0
                                          : group.rows + group.before[step];
    return call.saved + (group.saved + row) * slotsWide;
  }
  const int64_t* positions(const Group& group, int64_t i) const {
    return group.position + group.row[i] * group.positionStride;
  }
  /// Where the input of row i of a group at one of its steps begins.
  int64_t input(const Group& group, int64_t i, int64_t step) const {
    const int64_t position = positions(group, i)[step];
    return (group.row[i] * call.time + (call.goBackwards ? call.time - 1 - position : position)) * call.features;
  }
  /// How many rows of steps are worked on while they are in the cache.
  int64_t rowsTogether() const {
    constexpr int64_t cached = 1 << 15, most = 1024;
    const int64_t width = Cell::columns * wide;
    const int64_t fitting = cached / (width > call.features ? width : call.features);
    return fitting < groupRows ? groupRows : fitting > most ? most : fitting;
  }
  /// Where steps that begin at `begin` end if no more rows than that, or one step, are to be worked on.
  int64_t endTogether(const Group& group, int64_t begin) const {
    int64_t end = begin + 1;
    while (end < group.steps && stepRows(group, begin, end + 1) <= rowsTogether()) ++end;
    return end;
  }
  /// Where such steps begin that end before `end`.
  int64_t beginTogether(const Group& group, int64_t end) const {
    int64_t begin = end - 1;
    while (begin > 0 && stepRows(group, begin - 1, end) <= rowsTogether()) --begin;
    return begin;
  }
  /// Copies the inputs of some steps side by side, row by row of the batch: these lie far from each other.
  void gatherInputs(const Group& group, int64_t begin, int64_t end, float* to) const {
    for (int64_t i = 0; i < group.rows; ++i)
      for (int64_t step = begin; step < end && step < group.length[i]; ++step)
        copy(to + (stepRows(group, begin, step) + i) * call.features, call.x + input(group, i, step), call.features);
  }

  // The products of one step; columns and gates are counted in units.
  Term inputTerm(const Step& step, int gate) const {
    const int64_t depth = call.features;
    return {step.x, depth, 1, kernel + gate * wide * depth, panelWidth, depth * panelWidth, depth};
  }
  /// A slot of the step before, or of this one, times a recurrent kernel.
  Term stateTerm(const float* slot, int gate) const {
    const int64_t depth = call.units;
    return {slot, slotsWide, 1, recurrent + gate * wide * depth, panelWidth, depth * panelWidth, depth};
  }
  void gates(const Step& step, int column, int columns, const Term* terms, int count) const {
    multiply(step.rows, columns * wide, terms, count, step.at + column * wide, slotsWide,
             {bias + column * wide, false});
  }
  /// Gradients of columns of gates times the transposed kernel: its rows begin at `gate`.
  Term backTerm(const float* packed, const float* dz, int column, int gate, int gates) const {
    return {dz + column * wide,
            gradientsWide,
            1,
            packed + gate * wide * panelWidth,
            panelWidth,
            Cell::shape.gates * wide * panelWidth,
            gates * wide};
  }
};

}  // namespace
}  // namespace rnnlab
