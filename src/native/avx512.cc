#include "routines.h"
#include "update-loops.h"

namespace rnnlab {
const Routine avx512Routines[cellKinds] = RNNLAB_ROUTINES;
const UpdateRoutines avx512Updates = RNNLAB_UPDATES;
}
