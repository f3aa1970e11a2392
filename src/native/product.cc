#include "product.h"

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
    const Tensor a = matrix(context.input());
    const int64_t rows = a.shape()[aTransposed ? 1 : 0], depth = a.shape()[aTransposed ? 0 : 1];
    const Tensor b = matrix(context.input());
    if (b.shape()[bTransposed ? 1 : 0] != depth)
      throw OpError("b must have " + std::to_string(depth) + (bTransposed ? " columns" : " rows") + " for a of shape " +
                    text(a.shape()) + ", got shape " + text(b.shape()));
    const int64_t columns = b.shape()[bTransposed ? 0 : 1];
    const Product product = {a.data<float>(), b.data<float>(), context.output({rows, columns}), rows, depth, columns,
                             aTransposed,     bTransposed};
    constexpr int64_t worthwhile = 1 << 20;
    const int threads = threadsFor(2 * rows * depth * columns, worthwhile, rows);
    routine(product, threads, context.temporary(routine(product, threads, nullptr)));
  }

 private:
  /// A stack of one matrix is that matrix.
  static Tensor matrix(const Tensor& x) {
    const Shape& shape = x.shape();
    const size_t rank = shape.size();
    if (rank < 2 || x.size() == 0 || x.size() != shape[rank - 2] * shape[rank - 1])
      throw OpError("factors must be one matrix each, got shape " + text(shape));
    return x.reshaped({shape[rank - 2], shape[rank - 1]});
  }
};

}  // namespace

std::unique_ptr<Operation> makeProduct(const Attributes& from) { return makeOperation<ProductOperation>(from); }

}  // namespace rnnlab
