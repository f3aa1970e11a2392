#include "routines.h"

namespace rnnlab {
const Routine avx512Routines[cellKinds] = RNNLAB_ROUTINES;
}
