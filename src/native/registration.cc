#include "registration.h"

#include "call.h"
#include "tensorflow/c/ops.h"

namespace rnnlab {

std::string stringAttribute(TF_OpKernelConstruction* from, const char* name) {
  Status status;
  char value[64] = {};  // the function writes no end
  TF_OpKernelConstruction_GetAttrString(from, name, value, sizeof value - 1, status.get());
  status.check();
  return value;
}

bool boolAttribute(TF_OpKernelConstruction* from, const char* name) {
  Status status;
  TF_Bool value = 0;
  TF_OpKernelConstruction_GetAttrBool(from, name, &value, status.get());
  status.check();
  return value != 0;
}

int intAttribute(TF_OpKernelConstruction* from, const char* name) {
  Status status;
  int32_t value = 0;
  TF_OpKernelConstruction_GetAttrInt32(from, name, &value, status.get());
  status.check();
  return value;
}

int threadsAttribute(TF_OpKernelConstruction* from) {
  const int threads = intAttribute(from, "threads");
  if (threads < 0 || threads > maxParts)
    throw OpError("threads must be 0 (choose) to " + std::to_string(maxParts) + ", got " + std::to_string(threads));
  return threads;
}

void registerDefinition(const Definition& definition) {
  Status status;
  TF_OpDefinitionBuilder* op = TF_NewOpDefinitionBuilder(definition.name);
  for (const char* spec : definition.attributes) TF_OpDefinitionBuilderAddAttr(op, spec);
  for (const char* spec : definition.inputs) TF_OpDefinitionBuilderAddInput(op, spec);
  for (const char* spec : definition.outputs) TF_OpDefinitionBuilderAddOutput(op, spec);
  TF_RegisterOpDefinition(op, status.get());  // takes the builder
  status.check();
  TF_KernelBuilder* kernel =
      TF_NewKernelBuilder(definition.name, "CPU", definition.create, definition.compute, definition.destroy);
  TF_RegisterKernelBuilder(definition.name, kernel, status.get());
  status.check();
}

}  // namespace rnnlab
