#pragma once

#include <signal.h>
#include <sys/types.h>
#include <sys/user.h>

#include <cstdint>
#include <optional>
#include <span>

#include "faults/crash/result.h"

namespace assay::crash {

// A process under ptrace, one thread of execution. All calls must come from the thread that attached (the kernel ties
// them to it). Dies with its tracer, so that none is ever left stopped.
class Tracee {
 public:
  // What the process stopped for.
  struct Stop {
    enum class Kind { signal, event, call, ended };
    Kind kind = Kind::ended;
    int signal = 0;
  };

  // Attaches and stops it. Error refused: the system does not let us (another tracer, another user, a security
  // module); the message says what would help. REQUIRES: it is idle in a system call.
  static Expected<Tracee> attach(pid_t pid);
  Tracee(Tracee&& other) noexcept;
  Tracee& operator=(Tracee&&) = delete;
  // Detaches if it is stopped and still ours.
  ~Tracee();

  pid_t pid() const { return pid_; }

  Expected<void> resume(int signal = 0);
  // As resume(), but it stops with kCall when it enters a system call, and when it leaves one.
  Expected<void> resume_to_call(int signal = 0);
  // At such a stop: the number of the call that it enters, or that it leaves one. A call that a signal interrupted is
  // left without a result, and may be entered again by the kernel.
  struct CallStop {
    std::optional<std::int64_t> entered;
    bool is_interrupted = false;
  };
  Expected<CallStop> call_stop() const;
  Expected<Stop> wait();
  // Waits no longer than it takes to look.
  Expected<std::optional<Stop>> poll();
  // One instruction. A signal that arrives instead is kept and given to the next resume().
  Expected<Stop> step();
  // Stops it wherever it is.
  Expected<void> interrupt();
  // SIGKILL, and waits until it is dead. Its parent learns of it as of any death; where the parent is this process, it
  // is left to be reaped.
  void kill();

  Expected<user_regs_struct> registers() const;
  Expected<void> set_registers(const user_regs_struct& registers);
  Expected<siginfo_t> signal_info() const;
  Expected<void> read(std::uint64_t address, std::span<std::byte> into) const;

  // Makes the process carry out a system call, wherever it is stopped; answers what the call returned.
  Expected<std::int64_t> call(std::int64_t number, std::uint64_t a, std::uint64_t b, std::uint64_t c);
  // Runs it to an address, which must be the begin of an instruction that it will reach.
  Expected<Stop> run_to(std::uint64_t address);

 private:
  explicit Tracee(pid_t pid) : pid_(pid) {}
  Expected<void> find_system_call();
  Expected<Stop> stop_from(int status);

  pid_t pid_;
  bool stopped_ = false;
  bool ended_ = false;
  int kept_signal_ = 0;
  std::uint64_t system_call_ = 0;  // address of a system call instruction
};

}  // namespace assay::crash
