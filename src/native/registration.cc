#include "registration.h"

#include "call.h"
#include "tensorflow/c/ops.h"

namespace rnnlab {

int Attributes::threads() const {
  const int threads = integer("threads");
  if (threads < 0 || threads > maxParts)
    throw OpError("threads must be 0 (choose) to " + std::to_string(maxParts) + ", got " + std::to_string(threads));
  return threads;
}

std::string KernelAttributes::text(const char* name) const {
  Status status;
  int32_t length = 0;
  int32_t bytes = 0;
  TF_OpKernelConstruction_GetAttrSize(from_, name, &length, &bytes, status.get());
  status.check();
  std::string value(bytes, '\0');
  TF_OpKernelConstruction_GetAttrString(from_, name, value.data(), value.size(), status.get());
  status.check();
  return value;
}

bool KernelAttributes::flag(const char* name) const {
  Status status;
  TF_Bool value = 0;
  TF_OpKernelConstruction_GetAttrBool(from_, name, &value, status.get());
  status.check();
  return value != 0;
}

int KernelAttributes::integer(const char* name) const {
  Status status;
  int32_t value = 0;
  TF_OpKernelConstruction_GetAttrInt32(from_, name, &value, status.get());
  status.check();
  return value;
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
