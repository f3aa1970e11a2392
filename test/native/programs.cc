// Replays programs of models under sanitizers, with each value in an array that ends where it should. Its file has what
// test/native/program-file.ts writes: programs with their inputs, and with what they gave where they were recorded.
#include <cmath>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>

#include "arena.h"
#include "instructions.h"
#include "program.h"
#include "threads.h"

#if !defined(RNNLAB_ADDRESS_SANITIZER)
#define ASAN_POISON_MEMORY_REGION(begin, bytes) (static_cast<void>(begin), static_cast<void>(bytes))
#endif

namespace rnnlab {

static int threadsNow = 1;

// In place of those of processors.cc: here the least work is worth several threads.
int processors() { return threadsNow; }
int threadsFor(int64_t, int64_t, int64_t pieces) {
  return static_cast<int>(pieces < 1 ? 1 : pieces < threadsNow ? pieces : threadsNow);
}

}  // namespace rnnlab

using namespace rnnlab;

/// Numbers of four bytes: an array of exactly this size on the heap, so that the sanitizer sees its end.
struct Numbers {
  TF_DataType type;
  Shape shape;
  int64_t size;
  std::unique_ptr<float[]> data;

  Numbers(TF_DataType type, const Shape& shape) : type(type), shape(shape), size(1) {
    for (const int64_t each : shape) size *= each;
    data.reset(new float[size]);
  }
  Numbers(const Numbers& from) : Numbers(from.type, from.shape) { memcpy(data.get(), from.data.get(), bytes()); }
  Numbers(Numbers&&) = default;
  Numbers& operator=(Numbers&&) = default;
  size_t bytes() const { return sizeof(float) * size; }
};

using List = std::vector<Numbers>;

/// One call of a program. What it gives are its outputs, and then its inputs: an optimiser's slots are changed in place.
struct Recorded {
  std::string text;
  List inputs, results;
};

class Reader {
 public:
  explicit Reader(const char* file) : from_(file, std::ios::binary) {}
  bool hasMore() { return from_.peek() != EOF; }
  Recorded call() {
    Recorded call;
    call.text.resize(integer());
    from_.read(call.text.data(), call.text.size());
    for (List* list : {&call.inputs, &call.results})
      for (int32_t left = integer(); left > 0; --left) list->push_back(numbers());
    return call;
  }

 private:
  int32_t integer() {
    int32_t value = 0;
    from_.read(reinterpret_cast<char*>(&value), sizeof value);
    return value;
  }
  Numbers numbers() {
    const TF_DataType type = integer() ? TF_INT32 : TF_FLOAT;
    Shape shape(integer());
    for (int64_t& size : shape) size = integer();
    Numbers read(type, shape);
    from_.read(reinterpret_cast<char*>(read.data.get()), read.bytes());
    return read;
  }

  std::ifstream from_;
};

/// A line of a program that is not an operation: `word`, where its kind has one, and then sizes.
struct Line {
  std::string kind, word;
  Shape shape;
  int64_t size = 1;

  explicit Line(const std::string& text) {
    std::istringstream words(text);
    words >> kind;
    if (kind == "run") return;
    if (kind != "input" && kind != "batch" && kind != "output") words >> word;
    for (int64_t each; words >> each; size *= each) shape.push_back(each);
  }
  bool hasPlace() const { return kind == "local" || kind == "rows" || kind == "integers"; }
  bool isBatch() const { return kind == "batch" || kind == "integers"; }
  std::string text() const {
    std::string all = kind + (word.empty() ? "" : " " + word);
    for (const int64_t each : shape) all += " " + std::to_string(each);
    return all;
  }
};

/// How a program is run.
struct Way {
  std::string instructions;
  int threads;
  /// Whether each value has a place of its own, with room between them that nobody may touch.
  bool isSpread;
  /// How many numbers are missing at the end of each value that has a place: none but to see that this is found.
  int64_t missing;
  /// What memory holds that nobody has written.
  float filling;
};

/// A program's text for a way to run it, and which parts of its memory nobody may touch.
struct Arranged {
  struct Room {
    int64_t begin, end;
  };
  std::string text;
  std::vector<Room> rooms;

  Arranged(const std::string& program, const Way& way) {
    constexpr int64_t room = 16;
    std::istringstream lines(program);
    int64_t next = 0;
    for (std::string each; std::getline(lines, each);) {
      Line line(each);
      if (line.kind == "run") {
        each = withInstructions(each, way.instructions);
      } else if (line.hasPlace() && way.isSpread) {
        line.word = std::to_string(next);
        const int64_t end = next + line.size;
        next = padded(end) + room;
        rooms.push_back({end - (line.size > way.missing ? way.missing : 0), next});
        each = line.text();
      }
      text += each + "\n";
    }
    // So that the memory has the last of these rooms, too.
    if (!rooms.empty()) text += "local " + std::to_string(next) + " 1\n";
  }

 private:
  static std::string withInstructions(const std::string& line, const std::string& instructions) {
    const size_t begin = strlen("run "), end = line.find(' ', begin);
    for (const char* kind : {"recurrent", "recurrentGradient", "optimizer", "product"})
      if (line.compare(begin, end - begin, kind) == 0)
        return line.substr(0, end) + " instructions=" + instructions + line.substr(end);
    return line;
  }
};

/// The caller of a program: every array is one of its own.
class Caller final : public Context {
 public:
  Caller(const List& inputs, const Arranged& program, const Way& way)
      : inputs_(inputs), program_(program), filling_(way.filling) {
    for (const Numbers& each : inputs_) tensors_.emplace_back(each.type, each.shape, each.data.get());
  }

  using Context::input;
  const Tensor& input() override { return tensors_.at(next_++); }
  float* output(const Shape& shape) override {
    outputs_.emplace_back(TF_FLOAT, shape);
    return fill(outputs_.back());
  }
  float* temporary(int64_t floats) override {
    float* const memory = fill(temporary_.emplace_back(TF_FLOAT, Shape{floats}));
    // The first is the program's own.
    if (temporary_.size() > 1) return memory;
    for (const Arranged::Room& room : program_.rooms)
      ASAN_POISON_MEMORY_REGION(memory + room.begin, sizeof(float) * (room.end - room.begin));
    return memory;
  }

  List takeResults() {
    for (Numbers& each : inputs_) outputs_.push_back(std::move(each));
    return std::move(outputs_);
  }

 private:
  float* fill(Numbers& numbers) const {
    for (int64_t i = 0; i < numbers.size; ++i) numbers.data[i] = filling_;
    return numbers.data.get();
  }

  List inputs_, outputs_, temporary_;
  const Arranged& program_;
  const float filling_;
  std::vector<Tensor> tensors_;
  size_t next_ = 0;
};

static List run(const std::string& text, const List& inputs, const Way& way) {
  threadsNow = way.threads;
  const Arranged arranged(text, way);
  const Program program(arranged.text);
  Caller caller(inputs, arranged, way);
  program.run(caller);
  return caller.takeResults();
}

/// Where the numbers of two runs differ by more than a part; empty if nowhere.
static std::string difference(const List& some, const List& others, float part) {
  if (some.size() != others.size()) return "other numbers of results";
  for (size_t k = 0; k < some.size(); ++k) {
    const Numbers &a = some[k], &b = others[k];
    if (a.shape != b.shape) return "result " + std::to_string(k) + " has another shape";
    for (int64_t i = 0; i < a.size; ++i) {
      const float x = a.data[i], y = b.data[i];
      const bool isSame = memcmp(&x, &y, sizeof x) == 0 || (std::isnan(x) && std::isnan(y));
      if (isSame || std::fabs(x - y) <= part * (1 + std::fabs(y))) continue;
      return "number " + std::to_string(i) + " of result " + std::to_string(k) + " is " + std::to_string(x) + ", not " +
             std::to_string(y);
    }
  }
  return "";
}

/// Three steps in one call are those of three calls, each with the updates of the one before.
class ThreeSteps {
 public:
  explicit ThreeSteps(const Recorded& call) : call_(call), three_(call.inputs) {
    std::istringstream lines(call.text);
    size_t input = 0;
    std::vector<size_t> inputOf;  // of each value
    for (std::string each; std::getline(lines, each);) {
      const Line line(each);
      if (line.kind == "run") continue;
      if (line.kind == "update") updates_.push_back({outputs_.size(), inputOf.at(std::stoul(line.word))});
      if (line.kind == "output" || line.kind == "update") outputs_.push_back(line.kind == "output");
      inputOf.push_back(input);
      if (line.kind == "input" || line.isBatch()) ++input;
      if (line.isBatch()) batches_.push_back(input - 1);
    }
    for (const size_t batch : batches_) three_[batch] = repeated(call.inputs[batch]);
  }

  bool isPossible() const { return !batches_.empty(); }

  std::string difference(const Way& way) const {
    List inputs = call_.inputs;
    std::vector<List> each;
    for (int step = 0; step < 3; ++step) {
      for (const size_t batch : batches_)
        inputs[batch] = step == 1 ? turned(call_.inputs[batch]) : Numbers(call_.inputs[batch]);
      each.push_back(run(call_.text, inputs, way));
      const List& results = each.back();
      for (size_t i = 0; i < inputs.size(); ++i) inputs[i] = Numbers(results[outputs_.size() + i]);
      for (const auto& [output, input] : updates_) inputs[input] = Numbers(results[output]);
    }
    const List together = run(call_.text, three_, way);
    List expected, got;
    for (size_t i = 0; i < outputs_.size(); ++i) {
      got.push_back(together[i]);
      expected.push_back(outputs_[i] ? joined(each[0][i], each[1][i], each[2][i]) : each[2][i]);
    }
    return ::difference(got, expected, 0);
  }

 private:
  /// The same numbers in the opposite order: a batch, too, and another one.
  static Numbers turned(const Numbers& from) {
    Numbers to = from;
    for (int64_t i = 0; i < from.size; ++i) memcpy(&to.data[i], &from.data[from.size - 1 - i], sizeof(float));
    return to;
  }
  static Numbers joined(const Numbers& a, const Numbers& b, const Numbers& c) {
    Shape shape = a.shape;
    if (shape.empty()) shape = {1};
    shape[0] *= 3;
    Numbers all(a.type, shape);
    float* to = all.data.get();
    for (const Numbers* each : {&a, &b, &c}) {
      memcpy(to, each->data.get(), each->bytes());
      to += each->size;
    }
    return all;
  }
  static Numbers repeated(const Numbers& from) { return joined(from, turned(from), from); }

  struct Updated {
    size_t output, input;
  };
  const Recorded& call_;
  List three_;
  std::vector<bool> outputs_;  // whether each step has its own
  std::vector<Updated> updates_;
  std::vector<size_t> batches_;
};

/// What is wrong with a program; empty if nothing is.
static std::string problem(const Recorded& call, int64_t missing) {
  const ThreeSteps three(call);
  for (const std::string& instructions : instructionSets())
    for (const int threads : {1, 3}) {
      const Way planned = {instructions, threads, false, 0, 1e30f};
      const Way spread = {instructions, threads, true, missing, NAN};
      const std::string way = instructions + ", " + std::to_string(threads) + " threads: ";
      const List results = run(call.text, call.inputs, spread);
      std::string wrong = difference(results, run(call.text, call.inputs, planned), 0);
      if (!wrong.empty()) return way + "with places of their own values are others: " + wrong;
      wrong = difference(results, call.results, 1e-3f);
      if (!wrong.empty()) return way + "not what was recorded: " + wrong;
      if (three.isPossible()) wrong = three.difference(spread);
      if (!wrong.empty()) return way + "three steps are not three times one: " + wrong;
    }
  return "";
}

int main(int count, char** arguments) {
  if (count < 2) return 2;
  const int64_t missing = count > 2 ? std::atoi(arguments[2]) : 0;
  int calls = 0;
  for (Reader reader(arguments[1]); reader.hasMore(); ++calls) {
    const Recorded call = reader.call();
    std::string wrong;
    try {
      wrong = problem(call, missing);
    } catch (const std::exception& error) {
      wrong = error.what();
    }
    if (wrong.empty()) continue;
    std::printf("call %d, %s\n%s\n", calls, wrong.c_str(), call.text.c_str());
    return 1;
  }
  std::printf("%d calls agree\n", calls);
}
