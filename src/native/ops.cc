#include "ops.h"

#include <exception>

#include "recurrent-op.h"

namespace rnnlab {

std::string registerOps() {
  try {
    registerRecurrentOps();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

}  // namespace rnnlab
