// The recurrent ops as TensorFlow sees them.
#pragma once
#include <string>

namespace rnnlab {

/// Makes RnnlabRecurrent and RnnlabRecurrentGrad known to the TensorFlow of this process.
/// Returns what went wrong, empty if nothing did.
std::string registerOps();

}  // namespace rnnlab
