// RnnlabProgram: a training step as one op. Its attribute `program` is what program.h says.
#pragma once

namespace rnnlab {

void registerProgramOp();

}  // namespace rnnlab
