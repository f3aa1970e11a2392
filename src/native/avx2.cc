#include "routines.h"
#include "update-loops.h"

namespace rnnlab {
const Routine avx2Routines[cellKinds] = RNNLAB_ROUTINES;
const UpdateRoutines avx2Updates = RNNLAB_UPDATES;
}
