// A node addon of its own, without TensorFlow: it has a thread open TensorFlow's library, which takes 0.3 s, while the main
// thread loads JavaScript. Who opens the library after that, waits for the thread and gets the same one.
#include <dlfcn.h>
#include <node_api.h>

#include <string>
#include <system_error>
#include <thread>

namespace {

/// `open(file)`: whether a thread has begun to open the library. Why one cannot be opened is for the next to hear who needs it.
napi_value open(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument;
  size_t length = 0;
  if (napi_get_cb_info(env, info, &count, &argument, nullptr, nullptr) != napi_ok || count != 1 ||
      napi_get_value_string_utf8(env, argument, nullptr, 0, &length) != napi_ok) {
    napi_throw_type_error(env, nullptr, "Cannot open a library: its path must be a string");
    return nullptr;
  }
  std::string file(length, '\0');
  napi_get_value_string_utf8(env, argument, &file[0], length + 1, &length);
  bool begun = true;
  try {
    std::thread([file] { dlopen(file.c_str(), RTLD_LAZY); }).detach();
  } catch (const std::system_error&) {
    begun = false;
  }
  napi_value result;
  return napi_get_boolean(env, begun, &result) == napi_ok ? result : nullptr;
}

}  // namespace

NAPI_MODULE_INIT() {
  napi_value function;
  const bool ok = napi_create_function(env, "open", NAPI_AUTO_LENGTH, open, nullptr, &function) == napi_ok &&
                  napi_set_named_property(env, exports, "open", function) == napi_ok;
  if (!ok) napi_throw_error(env, nullptr, "Cannot export what the addon of rnnlab offers");
  return exports;
}
