#include "product-loops.h"
#include "routines.h"
#include "update-loops.h"

namespace rnnlab {
const Routines avx2Routines = routines;
const UpdateRoutines avx2Updates = RNNLAB_UPDATES;
const ProductRoutine avx2Product = multiplyMatrices;
}
