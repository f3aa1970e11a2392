// All ops of the addon.
#pragma once
#include <string>

namespace rnnlab {

/// Makes the ops known to the TensorFlow of this process.
/// Returns what went wrong, empty if nothing did.
std::string registerOps();

}  // namespace rnnlab
