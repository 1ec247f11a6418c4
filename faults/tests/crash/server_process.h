#pragma once

#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstddef>
#include <cstring>
#include <functional>

namespace assay::crash {

// A child that does one piece of work in shared memory for each byte it is sent, and answers with a byte.
class ServerProcess {
 public:
  static constexpr std::size_t kSize = 256 << 10;
  using Work = std::function<void(volatile std::byte*)>;

  explicit ServerProcess(const Work& work) {
    memory_ =
        static_cast<std::byte*>(::mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    start(work);
  }
  ~ServerProcess() {
    end();
    ::munmap(memory_, kSize);
  }
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  pid_t pid() const { return pid_; }
  std::byte* memory() const { return memory_; }

  // False: it died.
  bool request() const {
    char answer = 0;
    return ::write(to_, "x", 1) == 1 && ::read(from_, &answer, 1) == 1;
  }

  // How it ended, as waitpid tells.
  int end() {
    if (pid_ <= 0) return 0;
    ::close(to_);
    int status = 0;
    ::waitpid(pid_, &status, 0);
    ::close(from_);
    pid_ = 0;
    return status;
  }

 private:
  void start(const Work& work) {
    int in[2], out[2];
    if (::pipe(in) != 0 || ::pipe(out) != 0) return;
    pid_ = ::fork();
    if (pid_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      ::close(in[1]);
      ::close(out[0]);
      char byte = 0;
      while (::read(in[0], &byte, 1) == 1) {
        work(memory_);
        if (::write(out[1], &byte, 1) != 1) break;
      }
      ::_exit(0);
    }
    ::close(in[0]);
    ::close(out[1]);
    to_ = in[1];
    from_ = out[0];
  }

  std::byte* memory_ = nullptr;
  pid_t pid_ = 0;
  int to_ = -1, from_ = -1;
};

}  // namespace assay::crash
