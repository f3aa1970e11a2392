#include "product-loops.h"
#include "routines.h"
#include "update-loops.h"

namespace rnnlab {
const Routines plainRoutines = routines;
const UpdateRoutines plainUpdates = RNNLAB_UPDATES;
const ProductRoutine plainProduct = multiplyMatrices;
}
