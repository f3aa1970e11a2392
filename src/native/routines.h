// The table of one instruction set; each file that includes this is compiled for another.
#pragma once
#include "gru.h"
#include "instructions.h"
#include "lstm.h"

namespace rnnlab {
namespace {

template <class Cell>
constexpr Routine routineOf() {
  return {forward<Cell>, backward<Cell>};
}

}  // namespace
}  // namespace rnnlab

#define RNNLAB_ROUTINES \
  { routineOf<SimpleRnn>(), routineOf<Lstm>(), routineOf<Gru<true>>(), routineOf<Gru<false>>() }
