// The node addon: loading it after tfjs-node's binding adds the ops to the TensorFlow that the binding loaded.
#include <node_api.h>

#include "instructions.h"
#include "ops.h"

namespace {

/// Ops are registered with the process, while each worker thread of Node loads the addon anew.
const std::string& registered() {
  static const std::string problem = rnnlab::registerOps();
  return problem;
}

}  // namespace

/// Exports `instructionSets`, the names of those that this machine runs, the best first.
NAPI_MODULE_INIT() {
  if (!registered().empty()) {
    napi_throw_error(env, nullptr, registered().c_str());
    return nullptr;
  }
  napi_value names;
  bool ok = napi_create_array(env, &names) == napi_ok;
  uint32_t index = 0;
  for (const std::string& set : rnnlab::instructionSets()) {
    napi_value name;
    ok = ok && napi_create_string_utf8(env, set.c_str(), set.size(), &name) == napi_ok &&
         napi_set_element(env, names, index++, name) == napi_ok;
  }
  ok = ok && napi_set_named_property(env, exports, "instructionSets", names) == napi_ok;
  if (!ok) napi_throw_error(env, nullptr, "Cannot export what the addon of rnnlab offers");
  return exports;
}
