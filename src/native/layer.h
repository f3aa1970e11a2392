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

/// A call with its packed kernels: what the threads share and only read. Widths are in padded units.
template <class Cell>
struct Layer {
  const Call& call;
  int64_t wide = padded(call.units);
  int64_t slotsWide = Cell::shape.slots * wide;
  float* kernel = nullptr;
  float* recurrent = nullptr;
  float* bias = nullptr;  // Cell::columns × wide

  float* saved(const Group& group, int64_t step) const { return call.saved + group.saved[step + 1] * slotsWide; }
  const int64_t* positions(const Group& group, int64_t i) const {
    return group.position + group.row[i] * group.positionStride;
  }
  /// Where the input of row i of a group at one of its steps begins.
  int64_t input(const Group& group, int64_t i, int64_t step) const {
    const int64_t position = positions(group, i)[step];
    return (group.row[i] * call.time + (call.goBackwards ? call.time - 1 - position : position)) * call.features;
  }
  void gatherInputs(const Group& group, int64_t step, float* to) const {
    for (int64_t i = 0; i < group.active[step]; ++i, to += call.features)
      copy(to, call.x + input(group, i, step), call.features);
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
    return {dz + column * wide, Cell::columns * wide, 1, packed + gate * wide * panelWidth, panelWidth,
            Cell::shape.gates * wide * panelWidth, gates * wide};
  }
};

}  // namespace
}  // namespace rnnlab
