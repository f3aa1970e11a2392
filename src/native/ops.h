// All the ops as TensorFlow sees them, and the recurrent ones in ops.cc.
#pragma once
#include <string>

namespace rnnlab {

/// Makes the ops known to the TensorFlow of this process.
/// Returns what went wrong, empty if nothing did.
std::string registerOps();

}  // namespace rnnlab
