// Every aarch64 has these vectors, so plain.cc is compiled for them too: here the tiles use all of the 32 registers.
#define RNNLAB_NEON
#include "product-loops.h"
#include "routines.h"
#include "update-loops.h"

namespace rnnlab {
const Routines neonRoutines = routines;
const UpdateRoutines neonUpdates = RNNLAB_UPDATES;
const ProductRoutine neonProduct = multiplyMatrices;
}
