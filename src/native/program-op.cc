#include "program-op.h"

#include "program.h"

namespace rnnlab {
namespace {

struct ProgramOp {
  Program program;

  explicit ProgramOp(const Attributes& from) : program(from.text("program")) {}

  void compute(Context& context) const { program.run(context); }
};

}  // namespace

void registerProgramOp() {
  registerOp<ProgramOp>(
      "RnnlabProgram",
      {"program: string", "input_count: int >= 0", "integer_count: int >= 0", "output_count: int >= 0"},
      {"inputs: input_count * float", "integers: integer_count * int32"}, {"outputs: output_count * float"});
}

}  // namespace rnnlab
