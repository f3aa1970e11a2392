// Sums, means and extremes over neighbouring axes.
#include <algorithm>
#include <cmath>
#include <limits>

#include "operation.h"
#include "shares.h"

namespace rnnlab {
namespace {

enum class ReductionKind { sum, mean, maximum, minimum, position };
constexpr Named<ReductionKind> reductionKinds[] = {{"sum", ReductionKind::sum},
                                                   {"mean", ReductionKind::mean},
                                                   {"maximum", ReductionKind::maximum},
                                                   {"minimum", ReductionKind::minimum},
                                                   {"position", ReductionKind::position}};

/// Of [outer, n, inner] to [outer, inner].
struct Reduction {
  int outer, inner;
  ReductionKind kind;

  explicit Reduction(const Attributes& from)
      : outer(from.integer("outer")),
        inner(from.integer("inner")),
        kind(find(reductionKinds, "function", from.text("function"))) {
    if (outer < 1 || inner < 1)
      throw OpError("outer and inner must be positive, got " + std::to_string(outer) + " and " + std::to_string(inner));
  }

  void compute(Context& context) const {
    const Tensor& x = context.input();
    const int64_t kept = int64_t{outer} * inner, count = x.size() / kept;
    if (count * kept != x.size())
      throw OpError("what is added up must be a multiple of " + std::to_string(kept) + " numbers, got shape " +
                    text(x.shape()));
    float* const to = context.output({outer, inner});
    const float* const from = x.data<float>();
    inShares(outer, x.size(), [&](int64_t begin, int64_t end) {
      switch (kind) {
        case ReductionKind::sum: return add(from, count, begin, end, 1, to);
        case ReductionKind::mean: return add(from, count, begin, end, static_cast<double>(count), to);
        case ReductionKind::maximum:
          return choose(from, count, begin, end, to, [](float x, float y) { return x > y || std::isnan(x) ? x : y; });
        case ReductionKind::minimum:
          return choose(from, count, begin, end, to, [](float x, float y) { return x < y || std::isnan(x) ? x : y; });
        case ReductionKind::position: return findMost(from, count, begin, end, to);
      }
    });
  }

 private:
  void add(const float* from, int64_t count, int64_t begin, int64_t end, double divisor, float* to) const {
    std::vector<double> sums(inner);
    from += begin * count * inner, to += begin * inner;
    for (int64_t o = begin; o < end; ++o, to += inner) {
      std::fill(sums.begin(), sums.end(), 0);
      for (int64_t n = 0; n < count; ++n, from += inner)
        for (int i = 0; i < inner; ++i) sums[i] += from[i];
      for (int i = 0; i < inner; ++i) to[i] = static_cast<float>(sums[i] / divisor);
    }
  }

  template <class Choice>
  void choose(const float* from, int64_t count, int64_t begin, int64_t end, float* to, Choice better) const {
    from += begin * count * inner, to += begin * inner;
    for (int64_t o = begin; o < end; ++o, to += inner) {
      std::copy_n(from, inner, to);
      from += inner;
      for (int64_t n = 1; n < count; ++n, from += inner)
        for (int i = 0; i < inner; ++i) to[i] = better(from[i], to[i]);
    }
  }

  /// Where the first of the largest numbers is; what is no number is none of them.
  void findMost(const float* from, int64_t count, int64_t begin, int64_t end, float* to) const {
    std::vector<float> most(inner);
    from += begin * count * inner, to += begin * inner;
    for (int64_t o = begin; o < end; ++o, to += inner) {
      std::fill(most.begin(), most.end(), std::numeric_limits<float>::lowest());
      std::fill_n(to, inner, 0.0F);
      for (int64_t n = 0; n < count; ++n, from += inner)
        for (int i = 0; i < inner; ++i)
          if (from[i] > most[i]) most[i] = from[i], to[i] = static_cast<float>(n);
    }
  }
};

}  // namespace

std::unique_ptr<Operation> makeReduction(const Attributes& from) { return makeOperation<Reduction>(from); }

}  // namespace rnnlab
