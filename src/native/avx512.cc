#include "product-loops.h"
#include "routines.h"
#include "update-loops.h"

namespace rnnlab {
const Routines avx512Routines = routines;
const UpdateRoutines avx512Updates = RNNLAB_UPDATES;
const ProductRoutine avx512Product = multiplyMatrices;
}
