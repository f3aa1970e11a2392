// The instruction sets that the arithmetic is compiled for, each in a file of its own, and the choice among them.
#pragma once
#include <string>
#include <vector>

#include "call.h"
#include "product.h"
#include "update.h"

namespace rnnlab {

/// The arithmetic of one cell in one instruction set, on a number of threads. With no space the functions only return how
/// many floats of it they need.
struct Routine {
  int64_t (*forward)(const Call&, int threads, float* space);
  int64_t (*backward)(const Call&, int threads, float* space);
};

/// The arithmetic of every cell, by its CellKind.
struct Routines {
  Routine of[cellKinds];
};

extern const Routines plainRoutines;
extern const UpdateRoutines plainUpdates;
extern const ProductRoutine plainProduct;
#if defined(__x86_64__)
extern const Routines avx2Routines;
extern const Routines avx512Routines;
extern const UpdateRoutines avx2Updates;
extern const ProductRoutine avx2Product;
extern const UpdateRoutines avx512Updates;
extern const ProductRoutine avx512Product;
#elif defined(__aarch64__)
extern const Routines neonRoutines;
extern const UpdateRoutines neonUpdates;
extern const ProductRoutine neonProduct;
#endif

/// The names of the sets that this machine runs, the best first: "avx512", "avx2", "neon", "plain".
std::vector<std::string> instructionSets();

/// The arithmetic for a cell, null if the machine does not have the set; an empty name means the best one.
const Routine* findRoutine(CellKind cell, const std::string& set);

/// The steps of the optimisers, as findRoutine().
const UpdateRoutines* findUpdates(const std::string& set);

/// The product of matrices, as findRoutine().
ProductRoutine findProduct(const std::string& set);

}  // namespace rnnlab
