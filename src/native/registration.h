// How an op becomes known to TensorFlow: a class that reads its attributes when it is made and then computes.
#pragma once
#include <string>
#include <vector>

#include "context.h"
#include "tensorflow/c/kernels.h"

namespace rnnlab {

template <class Value>
struct Named {
  const char* name;
  Value value;
};

template <class Value, size_t count>
Value find(const Named<Value> (&all)[count], const std::string& attribute, const std::string& name) {
  std::string names;
  for (const Named<Value>& each : all) {
    if (name == each.name) return each.value;
    names += (names.empty() ? "" : ", ") + std::string(each.name);
  }
  throw OpError(attribute + " must be one of " + names + ", got " + name);
}

/// The attributes that an op is made with, wherever they come from.
class Attributes {
 public:
  virtual ~Attributes() = default;
  virtual std::string text(const char* name) const = 0;
  virtual bool flag(const char* name) const = 0;
  virtual int integer(const char* name) const = 0;
  /// The attribute `threads`: as many as the work is worth if 0.
  int threads() const;
};

/// Those that TensorFlow has.
class KernelAttributes final : public Attributes {
 public:
  explicit KernelAttributes(TF_OpKernelConstruction* from) : from_(from) {}
  std::string text(const char* name) const override;
  bool flag(const char* name) const override;
  int integer(const char* name) const override;

 private:
  TF_OpKernelConstruction* from_;
};

/// Runs code that may throw, and reports what it throws as a status: no exception may reach TensorFlow.
template <class Report, class Code>
void guarded(Report report, Code code) {
  Status status;
  try {
    code();
    return;
  } catch (const OpError& error) {
    TF_SetStatus(status.get(), error.code, error.what());
  } catch (const std::exception& error) {
    TF_SetStatus(status.get(), TF_RESOURCE_EXHAUSTED, error.what());
  }
  report(status.get());
}

struct Definition {
  const char* name;
  std::vector<const char*> attributes, inputs, outputs;
  void* (*create)(TF_OpKernelConstruction*);
  void (*compute)(void*, TF_OpKernelContext*);
  void (*destroy)(void*);
};

void registerDefinition(const Definition& definition);

/// Registers a class with a constructor from its attributes and a method compute(Context&) const.
template <class Op>
void registerOp(const char* name, const std::vector<const char*>& attributes, const std::vector<const char*>& inputs,
                const std::vector<const char*>& outputs) {
  registerDefinition({name, attributes, inputs, outputs,
                      [](TF_OpKernelConstruction* from) -> void* {
                        Op* op = nullptr;
                        guarded([&](TF_Status* status) { TF_OpKernelConstruction_Failure(from, status); },
                                [&] { op = new Op(KernelAttributes(from)); });
                        return op;
                      },
                      [](void* op, TF_OpKernelContext* from) {
                        guarded([&](TF_Status* status) { TF_OpKernelContext_Failure(from, status); },
                                [&] {
                                  KernelContext context(from);
                                  static_cast<const Op*>(op)->compute(context);
                                });
                      },
                      [](void* op) { delete static_cast<Op*>(op); }});
}

}  // namespace rnnlab
