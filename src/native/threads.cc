#include "threads.h"

#include <condition_variable>
#include <mutex>
#include <system_error>
#include <thread>

namespace rnnlab {
namespace {

class Pool {
 public:
  void run(int parts, void (*work)(void*, int), void* data) {
    // Only one caller at a time has the threads; another works alone rather than wait.
    std::unique_lock<std::mutex> turn(turn_, std::try_to_lock);
    if (parts == 1 || !turn.owns_lock()) {
      for (int part = 0; part < parts; ++part) work(data, part);
      return;
    }
    std::unique_lock<std::mutex> lock(mutex_);
    start(parts - 1);
    work_ = work;
    data_ = data;
    next_ = 0;
    parts_ = pending_ = parts;
    lock.unlock();
    wake_.notify_all();
    lock.lock();
    takeParts(lock);
    done_.wait(lock, [this] { return pending_ == 0; });
  }

 private:
  void start(int count) {
    try {
      for (; threads_ < count; ++threads_) std::thread([this] { serve(); }).detach();
    } catch (const std::system_error&) {
      // The system gives no more threads: those that are there, this one at least, share the parts.
    }
  }

  void serve() {
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;) {
      wake_.wait(lock, [this] { return next_ < parts_; });
      takeParts(lock);
    }
  }

  void takeParts(std::unique_lock<std::mutex>& lock) {
    while (next_ < parts_) {
      const int part = next_++;
      lock.unlock();
      work_(data_, part);
      lock.lock();
      if (--pending_ == 0) done_.notify_one();
    }
  }

  std::mutex turn_, mutex_;
  std::condition_variable wake_, done_;
  void (*work_)(void*, int) = nullptr;
  void* data_ = nullptr;
  int threads_ = 0, parts_ = 0, next_ = 0, pending_ = 0;
};

}  // namespace

void parallel(int parts, void (*work)(void*, int), void* data) {
  // Never destroyed: its threads wait until the process ends.
  static Pool& pool = *new Pool;
  pool.run(parts, work, data);
}

}  // namespace rnnlab
