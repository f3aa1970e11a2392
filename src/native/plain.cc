#include "routines.h"
#include "update-loops.h"

namespace rnnlab {
const Routine plainRoutines[cellKinds] = RNNLAB_ROUTINES;
const UpdateRoutines plainUpdates = RNNLAB_UPDATES;
}
