// The recurrent ops as TensorFlow sees them.
#pragma once

namespace rnnlab {

/// Registers RnnlabRecurrent, a layer through time, and RnnlabRecurrentGrad, its gradient. The forward op gives what the
/// other needs as `saved`, whose layout is nobody else's business: cell, mask and threads must be the same for both.
void registerRecurrentOps();

}  // namespace rnnlab
