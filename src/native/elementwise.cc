// Operations that take each number of their inputs by itself, with the sizes of 1 stretched as TensorFlow does it.
#include <algorithm>
#include <cmath>

#include "operation.h"
#include "shares.h"

namespace rnnlab {
namespace {

/// Sizes of the output from the first, and how far apart numbers of the inputs lie along each: 0 where one is stretched.
/// Neighbouring sizes that are alike in both inputs are one.
struct Broadcast {
  struct Axis {
    int64_t size, a, b;
  };
  std::vector<Axis> axes;
  Shape shape;

  Broadcast(const Shape& a, const Shape& b) {
    const size_t rank = std::max(a.size(), b.size());
    const auto sizeOf = [rank](const Shape& shape, size_t axis) {
      return axis + shape.size() < rank ? 1 : shape[axis + shape.size() - rank];
    };
    int64_t strideA = 1, strideB = 1;
    shape.resize(rank);
    for (size_t axis = rank; axis-- > 0;) {
      const int64_t x = sizeOf(a, axis), y = sizeOf(b, axis);
      if (x != y && x != 1 && y != 1)
        throw OpError("shapes must be the same or have sizes of 1, got " + text(a) + " and " + text(b));
      shape[axis] = x == 1 ? y : x;
      add({shape[axis], x == 1 ? 0 : strideA, y == 1 ? 0 : strideB});
      strideA *= x, strideB *= y;
    }
    if (axes.empty()) axes.push_back({1, 1, 1});
    std::reverse(axes.begin(), axes.end());
  }

 private:
  /// Axes come from the last.
  void add(Axis axis) {
    if (axis.size == 1) return;
    if (!axes.empty()) {
      Axis& inner = axes.back();
      if (axis.a == inner.a * inner.size && axis.b == inner.b * inner.size) {
        inner.size *= axis.size;
        return;
      }
    }
    axes.push_back(axis);
  }
};

template <class Function>
void alongLast(const Broadcast::Axis& axis, const float* a, const float* b, float* to, Function f) {
  if (axis.a == 1 && axis.b == 1)
    for (int64_t i = 0; i < axis.size; ++i) to[i] = f(a[i], b[i]);
  else if (axis.a == 1)
    for (int64_t i = 0; i < axis.size; ++i) to[i] = f(a[i], *b);
  else
    for (int64_t i = 0; i < axis.size; ++i) to[i] = f(*a, b[i]);
}

template <class Function>
float* alongAxes(const Broadcast& all, size_t axis, const float* a, const float* b, float* to, Function f) {
  const Broadcast::Axis& here = all.axes[axis];
  if (axis + 1 == all.axes.size()) {
    alongLast(here, a, b, to, f);
    return to + here.size;
  }
  for (int64_t i = 0; i < here.size; ++i) to = alongAxes(all, axis + 1, a + i * here.a, b + i * here.b, to, f);
  return to;
}

enum class BinaryKind {
  add,
  subtract,
  multiply,
  divide,
  maximum,
  minimum,
  equal,
  notEqual,
  greater,
  greaterEqual,
  less,
  lessEqual,
  eluGradient
};
constexpr Named<BinaryKind> binaryKinds[] = {
    {"add", BinaryKind::add},
    {"subtract", BinaryKind::subtract},
    {"multiply", BinaryKind::multiply},
    {"divide", BinaryKind::divide},
    {"maximum", BinaryKind::maximum},
    {"minimum", BinaryKind::minimum},
    {"equal", BinaryKind::equal},
    {"notEqual", BinaryKind::notEqual},
    {"greater", BinaryKind::greater},
    {"greaterEqual", BinaryKind::greaterEqual},
    {"less", BinaryKind::less},
    {"lessEqual", BinaryKind::lessEqual},
    {"eluGradient", BinaryKind::eluGradient},
};

struct Binary {
  BinaryKind kind;

  explicit Binary(const Attributes& from) : kind(find(binaryKinds, "function", from.text("function"))) {}

  void compute(Context& context) const {
    const Tensor& a = context.input();
    const Tensor& b = context.input();
    const Broadcast all(a.shape(), b.shape());
    float* const to = context.output(all.shape);
    const auto run = [&](auto f) {
      if (all.axes.size() > 1) return static_cast<void>(alongAxes(all, 0, a.data<float>(), b.data<float>(), to, f));
      const Broadcast::Axis& axis = all.axes[0];
      inShares(axis.size, axis.size, [&](int64_t begin, int64_t end) {
        const Broadcast::Axis share = {end - begin, axis.a, axis.b};
        alongLast(share, a.data<float>() + begin * axis.a, b.data<float>() + begin * axis.b, to + begin, f);
      });
    };
    switch (kind) {
      case BinaryKind::add: return run([](float x, float y) { return x + y; });
      case BinaryKind::subtract: return run([](float x, float y) { return x - y; });
      case BinaryKind::multiply: return run([](float x, float y) { return x * y; });
      case BinaryKind::divide: return run([](float x, float y) { return x / y; });
      case BinaryKind::maximum: return run([](float x, float y) { return x > y || std::isnan(x) ? x : y; });
      case BinaryKind::minimum: return run([](float x, float y) { return x < y || std::isnan(x) ? x : y; });
      case BinaryKind::equal: return run([](float x, float y) { return x == y ? 1.0f : 0.0f; });
      case BinaryKind::notEqual: return run([](float x, float y) { return x != y ? 1.0f : 0.0f; });
      case BinaryKind::greater: return run([](float x, float y) { return x > y ? 1.0f : 0.0f; });
      case BinaryKind::greaterEqual: return run([](float x, float y) { return x >= y ? 1.0f : 0.0f; });
      case BinaryKind::less: return run([](float x, float y) { return x < y ? 1.0f : 0.0f; });
      // x is the gradient by elu's value y.
      case BinaryKind::eluGradient: return run([](float x, float y) { return y < 0 ? x * (y + 1) : x; });
      case BinaryKind::lessEqual: return run([](float x, float y) { return x <= y ? 1.0f : 0.0f; });
    }
  }
};

enum class UnaryKind {
  square,
  root,
  negative,
  absolute,
  exponential,
  logarithm1p,
  relu,
  sigmoid,
  tanh,
  isNan,
  sign,
  logarithm,
  reciprocalRoot,
  truncated,
  logicalNot,
  same,
  reciprocal,
  softplus,
  elu,
  floor
};
constexpr Named<UnaryKind> unaryKinds[] = {
    {"square", UnaryKind::square},
    {"root", UnaryKind::root},
    {"negative", UnaryKind::negative},
    {"absolute", UnaryKind::absolute},
    {"exponential", UnaryKind::exponential},
    {"logarithm1p", UnaryKind::logarithm1p},
    {"relu", UnaryKind::relu},
    {"sigmoid", UnaryKind::sigmoid},
    {"tanh", UnaryKind::tanh},
    {"isNan", UnaryKind::isNan},
    {"sign", UnaryKind::sign},
    {"logarithm", UnaryKind::logarithm},
    {"reciprocalRoot", UnaryKind::reciprocalRoot},
    {"truncated", UnaryKind::truncated},
    {"logicalNot", UnaryKind::logicalNot},
    {"same", UnaryKind::same},
    {"reciprocal", UnaryKind::reciprocal},
    {"softplus", UnaryKind::softplus},
    {"elu", UnaryKind::elu},
    {"floor", UnaryKind::floor},
};

struct Unary {
  UnaryKind kind;

  explicit Unary(const Attributes& from) : kind(find(unaryKinds, "function", from.text("function"))) {}

  void compute(Context& context) const {
    const Tensor& x = context.input();
    float* const to = context.output(x.shape());
    const auto run = [from = x.data<float>(), size = x.size(), to](auto f) {
      inShares(size, size, [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) to[i] = f(from[i]);
      });
    };
    switch (kind) {
      case UnaryKind::square: return run([](float v) { return v * v; });
      case UnaryKind::root: return run([](float v) { return std::sqrt(v); });
      case UnaryKind::negative: return run([](float v) { return -v; });
      case UnaryKind::absolute: return run([](float v) { return std::fabs(v); });
      case UnaryKind::exponential: return run([](float v) { return std::exp(v); });
      case UnaryKind::logarithm1p: return run([](float v) { return std::log1p(v); });
      case UnaryKind::relu: return run([](float v) { return v < 0 ? 0.0f : v; });
      case UnaryKind::sigmoid: return run([](float v) { return 1 / (1 + std::exp(-v)); });
      case UnaryKind::tanh: return run([](float v) { return std::tanh(v); });
      case UnaryKind::isNan: return run([](float v) { return std::isnan(v) ? 1.0f : 0.0f; });
      case UnaryKind::sign: return run([](float v) { return v > 0 ? 1.0f : v < 0 ? -1.0f : v; });
      case UnaryKind::logarithm: return run([](float v) { return std::log(v); });
      case UnaryKind::reciprocalRoot: return run([](float v) { return 1 / std::sqrt(v); });
      case UnaryKind::truncated: return run([](float v) { return std::trunc(v); });
      case UnaryKind::same: return run([](float v) { return v; });
      case UnaryKind::reciprocal: return run([](float v) { return 1 / v; });
      case UnaryKind::softplus:
        return run([](float v) { return std::fmax(v, 0.0f) + std::log1p(std::exp(-std::fabs(v))); });
      case UnaryKind::elu: return run([](float v) { return v < 0 ? std::expm1(v) : v; });
      case UnaryKind::floor: return run([](float v) { return std::floor(v); });
      case UnaryKind::logicalNot: return run([](float v) { return v == 0 ? 1.0f : 0.0f; });
    }
  }
};

/// Of each pair of numbers the first where the condition is not 0, and else the second.
struct Select {
  explicit Select(const Attributes&) {}

  void compute(Context& context) const {
    const Tensor& condition = context.input();
    const float* const is = condition.data<float>();
    const float* const a = context.input("chosen", condition.shape()).data<float>();
    const float* const b = context.input("other", condition.shape()).data<float>();
    float* const to = context.output(condition.shape());
    for (int64_t i = 0, size = condition.size(); i < size; ++i) to[i] = is[i] != 0 ? a[i] : b[i];
  }
};

}  // namespace

std::unique_ptr<Operation> makeBinary(const Attributes& from) { return makeOperation<Binary>(from); }
std::unique_ptr<Operation> makeUnary(const Attributes& from) { return makeOperation<Unary>(from); }
std::unique_ptr<Operation> makeSelect(const Attributes& from) { return makeOperation<Select>(from); }

}  // namespace rnnlab
