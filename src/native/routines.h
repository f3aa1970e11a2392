// The table of one instruction set; each file that includes this is compiled for another.
#pragma once
#include "gru.h"
#include "instructions.h"
#include "lstm.h"

namespace rnnlab {
namespace {

template <class... Cells>
constexpr Routines routinesOf() {
  static_assert(sizeof...(Cells) == cellKinds, "routines.h must list every cell of CellKind");
  Routines table{};
  ((table.of[static_cast<int>(Cells::kind)] = {forward<Cells>, backward<Cells>}), ...);
  return table;
}

constexpr Routines routines = routinesOf<SimpleRnn, Lstm, Gru<true>, Gru<false>>();

}  // namespace
}  // namespace rnnlab
