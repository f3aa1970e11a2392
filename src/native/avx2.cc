#include "routines.h"

namespace rnnlab {
const Routine avx2Routines[cellKinds] = RNNLAB_ROUTINES;
}
