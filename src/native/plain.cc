#include "routines.h"

namespace rnnlab {
const Routine plainRoutines[cellKinds] = RNNLAB_ROUTINES;
}
