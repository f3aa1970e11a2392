#include "product.h"

#include <algorithm>

#include "instructions.h"
#include "operation.h"
#include "threads.h"

namespace rnnlab {
namespace {

struct ProductOperation {
  bool aTransposed, bTransposed;
  ProductRoutine routine;

  explicit ProductOperation(const Attributes& from)
      : aTransposed(from.flag("transpose_a")),
        bTransposed(from.flag("transpose_b")),
        routine(findProduct(from.text("instructions"))) {
    if (routine == nullptr) throw OpError("instructions: this machine does not run those that are asked for");
  }

  void compute(Context& context) const {
    const Tensor& a = context.input("a", {-1, -1});
    const int64_t rows = a.shape()[aTransposed ? 1 : 0], depth = a.shape()[aTransposed ? 0 : 1];
    const Tensor& b = context.input("b", bTransposed ? Shape{-1, depth} : Shape{depth, -1});
    const int64_t columns = b.shape()[bTransposed ? 0 : 1];
    const Product product = {a.data<float>(), b.data<float>(), context.output({rows, columns}), rows, depth, columns,
                             aTransposed,     bTransposed};
    constexpr int64_t worthwhile = 1 << 20;
    const int64_t sensible = std::min<int64_t>(processors(), 1 + 2 * rows * depth * columns / worthwhile);
    const int threads = static_cast<int>(std::min<int64_t>({sensible, rows, maxParts}));
    routine(product, threads, context.temporary(routine(product, threads, nullptr)));
  }
};

}  // namespace

std::unique_ptr<Operation> makeProduct(const Attributes& from) { return makeOperation<ProductOperation>(from); }

}  // namespace rnnlab
