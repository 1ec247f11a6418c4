#include "faults/crash/tracee.h"

#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <utility>

namespace assay::crash {
namespace {

constexpr int kCallFlag = 0x80;  // PTRACE_O_TRACESYSGOOD
constexpr unsigned char kSystemCallCode[2] = {0x0f, 0x05};

std::string named(const char* what, pid_t pid) {
  return std::string(what) + " process " + std::to_string(pid);
}

// The parent's number follows the name, which stands in parentheses, and the state.
bool is_child(pid_t pid) {
  std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  std::getline(stat, line);
  const auto name_end = line.rfind(") ");
  return name_end != std::string::npos && std::atoi(line.c_str() + name_end + 4) == ::getpid();
}

Expected<void> single_threaded(pid_t pid) {
  std::error_code code;
  std::size_t threads = 0;
  for (auto entry = std::filesystem::directory_iterator("/proc/" + std::to_string(pid) + "/task", code);
       !code && entry != std::filesystem::directory_iterator(); entry.increment(code))
    ++threads;
  if (threads > 1)
    return refusal("process " + std::to_string(pid) + " has several threads; only processes with one can be followed");
  return {};
}

}  // namespace

Expected<Tracee> Tracee::attach(pid_t pid) {
#ifndef __x86_64__
  return refusal("crash states can be explored on x86-64 only");
#else
  ASSAY_TRY(single_threaded(pid));
  if (::ptrace(PTRACE_SEIZE, pid, nullptr, PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD) != 0) {
    const bool forbidden = errno == EPERM || errno == EACCES || errno == ENOSYS;
    const std::string message = with_errno(named("ptrace may not attach to", pid));
    if (!forbidden) return failure(message);
    return refusal(message +
                   " (run as the same user or as root, without another tracer, with kernel.yama.ptrace_scope at most 1 "
                   "and without a filter of system calls)");
  }
  Tracee tracee(pid);
  ASSAY_TRY(tracee.interrupt());
  ASSAY_TRY(tracee.find_system_call());
  return tracee;
#endif
}

Tracee::Tracee(Tracee&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      stopped_(std::exchange(other.stopped_, false)),
      ended_(other.ended_),
      kept_signal_(other.kept_signal_),
      system_call_(other.system_call_) {}

Tracee::~Tracee() {
  if (pid_ <= 0 || ended_) return;
  if (!stopped_ && !interrupt()) return;
  ::ptrace(PTRACE_DETACH, pid_, nullptr, kept_signal_);
}

// It is stopped in the system call in which it was idle, right behind the instruction.
Expected<void> Tracee::find_system_call() {
  auto at = ASSAY_TRY(registers());
  std::byte code[2];
  if (auto done = read(at.rip - 2, code); !done) return done;
  if (static_cast<unsigned char>(code[0]) != kSystemCallCode[0] ||
      static_cast<unsigned char>(code[1]) != kSystemCallCode[1])
    return failure(named("", pid_) + " is not idle in a system call; it cannot be followed");
  system_call_ = at.rip - 2;
  return {};
}

Expected<void> Tracee::resume(int signal) {
  if (signal == 0) signal = std::exchange(kept_signal_, 0);
  if (::ptrace(PTRACE_CONT, pid_, nullptr, signal) != 0) return failure(with_errno(named("cannot resume", pid_)));
  stopped_ = false;
  return {};
}

Expected<void> Tracee::resume_to_call(int signal) {
  if (signal == 0) signal = std::exchange(kept_signal_, 0);
  if (::ptrace(PTRACE_SYSCALL, pid_, nullptr, signal) != 0) return failure(with_errno(named("cannot resume", pid_)));
  stopped_ = false;
  return {};
}

Expected<Tracee::CallStop> Tracee::call_stop() const {
  __ptrace_syscall_info info{};
  if (::ptrace(PTRACE_GET_SYSCALL_INFO, pid_, sizeof info, &info) <= 0)
    return failure(with_errno(named("cannot ask for the system call of", pid_)));
  if (info.op == PTRACE_SYSCALL_INFO_ENTRY) return CallStop{static_cast<std::int64_t>(info.entry.nr)};
  // The kernel's own ERESTARTSYS to ERESTART_RESTARTBLOCK, which no program ever sees.
  const bool interrupted = info.op == PTRACE_SYSCALL_INFO_EXIT && info.exit.rval <= -512 && info.exit.rval >= -516;
  return CallStop{std::nullopt, interrupted};
}

Expected<Tracee::Stop> Tracee::stop_from(int status) {
  if (WIFEXITED(status) || WIFSIGNALED(status)) {
    ended_ = true;
    stopped_ = false;
    return Stop{Stop::Kind::ended, WIFSIGNALED(status) ? WTERMSIG(status) : 0};
  }
  stopped_ = true;
  if (WSTOPSIG(status) == (SIGTRAP | kCallFlag)) return Stop{Stop::Kind::call, SIGTRAP};
  if (status >> 16 != 0) return Stop{Stop::Kind::event, WSTOPSIG(status)};
  return Stop{Stop::Kind::signal, WSTOPSIG(status)};
}

Expected<Tracee::Stop> Tracee::wait() {
  int status = 0;
  while (::waitpid(pid_, &status, __WALL) < 0) {
    if (errno != EINTR) return failure(with_errno(named("cannot wait for", pid_)));
  }
  return stop_from(status);
}

Expected<std::optional<Tracee::Stop>> Tracee::poll() {
  int status = 0;
  const pid_t got = ::waitpid(pid_, &status, __WALL | WNOHANG);
  if (got < 0) return failure(with_errno(named("cannot wait for", pid_)));
  if (got == 0) return std::optional<Stop>();
  auto stop = ASSAY_TRY(stop_from(status));
  return std::optional<Stop>(stop);
}

Expected<Tracee::Stop> Tracee::step() {
  while (true) {
    if (::ptrace(PTRACE_SINGLESTEP, pid_, nullptr, 0) != 0) return failure(with_errno(named("cannot step", pid_)));
    stopped_ = false;
    auto stop = wait();
    if (!stop || stop->kind == Stop::Kind::ended) return stop;
    const bool about_the_instruction = stop->kind == Stop::Kind::signal &&
                                       (stop->signal == SIGTRAP || stop->signal == SIGSEGV || stop->signal == SIGBUS);
    if (about_the_instruction) return stop;
    if (stop->kind == Stop::Kind::signal) kept_signal_ = stop->signal;
  }
}

Expected<void> Tracee::interrupt() {
  if (::ptrace(PTRACE_INTERRUPT, pid_, nullptr, nullptr) != 0) return failure(with_errno(named("cannot stop", pid_)));
  while (true) {
    auto stop = ASSAY_TRY(wait());
    if (stop.kind == Stop::Kind::ended) return failure(named("", pid_) + " ended while it was being stopped");
    // Whoever stops at a system call is not stopped a second time.
    if (stop.kind == Stop::Kind::event || stop.kind == Stop::Kind::call) return {};
    kept_signal_ = stop.signal;
    if (auto on = resume(); !on) return on;
  }
}

void Tracee::kill() {
  if (pid_ <= 0 || ended_) return;
  const bool child = is_child(pid_);
  ::kill(pid_, SIGKILL);
  ended_ = true;
  stopped_ = false;
  siginfo_t info{};
  while (true) {
    const int how = WEXITED | __WALL | (child ? WNOWAIT : 0);
    if (::waitid(P_PID, static_cast<id_t>(pid_), &info, how) == 0 || errno != EINTR) return;
  }
}

Expected<user_regs_struct> Tracee::registers() const {
  user_regs_struct registers{};
  if (::ptrace(PTRACE_GETREGS, pid_, nullptr, &registers) != 0)
    return failure(with_errno(named("cannot read the registers of", pid_)));
  return registers;
}

Expected<void> Tracee::set_registers(const user_regs_struct& registers) {
  if (::ptrace(PTRACE_SETREGS, pid_, nullptr, &registers) != 0)
    return failure(with_errno(named("cannot set the registers of", pid_)));
  return {};
}

Expected<siginfo_t> Tracee::signal_info() const {
  siginfo_t info{};
  if (::ptrace(PTRACE_GETSIGINFO, pid_, nullptr, &info) != 0)
    return failure(with_errno(named("cannot ask for the signal of", pid_)));
  return info;
}

Expected<void> Tracee::read(std::uint64_t address, std::span<std::byte> into) const {
  const iovec here{into.data(), into.size()};
  const iovec there{reinterpret_cast<void*>(address), into.size()};
  if (::process_vm_readv(pid_, &here, 1, &there, 1, 0) != static_cast<ssize_t>(into.size()))
    return failure(with_errno(named("cannot read the memory of", pid_)));
  return {};
}

Expected<std::int64_t> Tracee::call(std::int64_t number, std::uint64_t a, std::uint64_t b, std::uint64_t c) {
  const auto before = ASSAY_TRY(registers());
  user_regs_struct calling = before;
  calling.rip = system_call_;
  calling.rax = static_cast<unsigned long long>(number);
  calling.orig_rax = ~0ull;  // not to be taken for the call that was interrupted
  calling.rdi = a;
  calling.rsi = b;
  calling.rdx = c;
  ASSAY_TRY(set_registers(calling));
  auto stop = ASSAY_TRY(step());
  if (stop.kind == Stop::Kind::ended) return failure(named("", pid_) + " ended in a system call of ours");
  const auto after = ASSAY_TRY(registers());
  ASSAY_TRY(set_registers(before));
  return static_cast<std::int64_t>(after.rax);
}

Expected<Tracee::Stop> Tracee::run_to(std::uint64_t address) {
  errno = 0;
  const long code = ::ptrace(PTRACE_PEEKTEXT, pid_, address, nullptr);
  if (errno != 0) return failure(with_errno(named("cannot read the code of", pid_)));
  if (::ptrace(PTRACE_POKETEXT, pid_, address, (code & ~0xffl) | 0xcc) != 0)
    return failure(with_errno(named("cannot set a breakpoint in", pid_)));
  auto stop = [&]() -> Expected<Stop> {
    while (true) {
      if (::ptrace(PTRACE_CONT, pid_, nullptr, 0) != 0) return failure(with_errno(named("cannot resume", pid_)));
      stopped_ = false;
      auto seen = wait();
      if (!seen || seen->kind == Stop::Kind::ended) return seen;
      if (seen->kind == Stop::Kind::signal && (seen->signal == SIGTRAP || seen->signal == SIGSEGV)) return seen;
      if (seen->kind == Stop::Kind::signal) kept_signal_ = seen->signal;
    }
  }();
  if (!stop || stop->kind == Stop::Kind::ended) return stop;
  if (::ptrace(PTRACE_POKETEXT, pid_, address, code) != 0)
    return failure(with_errno(named("cannot take a breakpoint out of", pid_)));
  if (stop->signal != SIGTRAP) return stop;
  auto at = ASSAY_TRY(registers());
  at.rip = address;
  ASSAY_TRY(set_registers(at));
  return stop;
}

}  // namespace assay::crash
