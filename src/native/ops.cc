#include "ops.h"

#include <exception>

#include "optimizer-op.h"
#include "program-op.h"
#include "recurrent-op.h"
#include "row-gradient-op.h"

namespace rnnlab {

std::string registerOps() {
  try {
    registerRecurrentOps();
    registerOptimizerOp();
    registerRowGradientOp();
    registerProgramOp();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

}  // namespace rnnlab
