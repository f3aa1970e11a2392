// Sums and means over neighbouring axes.
#include <algorithm>

#include "operation.h"

namespace rnnlab {
namespace {

/// Of [outer, n, inner] to [outer, inner], each sum times a factor.
struct Reduction {
  int outer, inner;
  bool isMean;

  explicit Reduction(const Attributes& from)
      : outer(from.integer("outer")), inner(from.integer("inner")), isMean(from.flag("mean")) {
    if (outer < 1 || inner < 1)
      throw OpError("outer and inner must be positive, got " + std::to_string(outer) + " and " + std::to_string(inner));
  }

  void compute(Context& context) const {
    const Tensor& x = context.input();
    const int64_t kept = int64_t{outer} * inner, count = x.size() / kept;
    if (count * kept != x.size())
      throw OpError("what is added up must be a multiple of " + std::to_string(kept) + " numbers, got shape " +
                    text(x.shape()));
    float* to = context.output({outer, inner});
    const double divisor = isMean ? static_cast<double>(count) : 1;
    std::vector<double> sums(inner);
    const float* from = x.data<float>();
    for (int o = 0; o < outer; ++o, to += inner) {
      std::fill(sums.begin(), sums.end(), 0);
      for (int64_t n = 0; n < count; ++n, from += inner)
        for (int i = 0; i < inner; ++i) sums[i] += from[i];
      for (int i = 0; i < inner; ++i) to[i] = static_cast<float>(sums[i] / divisor);
    }
  }
};

}  // namespace

std::unique_ptr<Operation> makeReduction(const Attributes& from) { return makeOperation<Reduction>(from); }

}  // namespace rnnlab
