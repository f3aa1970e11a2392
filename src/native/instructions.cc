#include "instructions.h"

namespace rnnlab {
namespace {

struct Set {
  const char* name;
  const Routines& routines;
  const UpdateRoutines* updates;
  ProductRoutine product;
};

std::vector<Set> available() {
  std::vector<Set> sets;
#if defined(__x86_64__)
  // These ask the operating system too: a processor may have registers that it does not save.
  __builtin_cpu_init();
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (avx2 && __builtin_cpu_supports("avx512f"))
    sets.push_back({"avx512", avx512Routines, &avx512Updates, avx512Product});
  if (avx2) sets.push_back({"avx2", avx2Routines, &avx2Updates, avx2Product});
#elif defined(__aarch64__)
  sets.push_back({"neon", neonRoutines, &neonUpdates, neonProduct});
#endif
  sets.push_back({"plain", plainRoutines, &plainUpdates, plainProduct});
  return sets;
}

const std::vector<Set>& sets() {
  static const std::vector<Set> found = available();
  return found;
}

}  // namespace

std::vector<std::string> instructionSets() {
  std::vector<std::string> names;
  for (const Set& set : sets()) names.push_back(set.name);
  return names;
}

const Routine* findRoutine(CellKind cell, const std::string& name) {
  for (const Set& set : sets())
    if (name.empty() || name == set.name) return &set.routines.of[static_cast<int>(cell)];
  return nullptr;
}

const UpdateRoutines* findUpdates(const std::string& name) {
  for (const Set& set : sets())
    if (name.empty() || name == set.name) return set.updates;
  return nullptr;
}

ProductRoutine findProduct(const std::string& name) {
  for (const Set& set : sets())
    if (name.empty() || name == set.name) return set.product;
  return nullptr;
}

}  // namespace rnnlab
