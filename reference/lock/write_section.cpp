#include "reference/lock/write_section.h"

#include <signal.h>

#include <atomic>
#include <cstdint>

#include "reference/lock/process_identity.h"

namespace assay::reference::write_section {
namespace {

// Both words have the process in the upper half, so that a forked child, which has copies of them, starts anew.
std::atomic<std::uint64_t> writes;   // and the number of writes that go on
std::atomic<std::uint64_t> delayed;  // and the signal that waits
static_assert(std::atomic<std::uint64_t>::is_always_lock_free, "used by a signal handler");

constexpr std::uint64_t kLow = 0xffffffff;

std::uint64_t this_process_with(std::uint64_t low) {
  return static_cast<std::uint64_t>(this_process()) << 32 | low;
}

bool is_of_this_process(std::uint64_t word) {
  return (word & ~kLow) == this_process_with(0);
}

bool is_writing() {
  const std::uint64_t word = writes.load();
  return is_of_this_process(word) && (word & kLow) != 0;
}

void end_by(int signal) {
  ::signal(signal, SIG_DFL);
  ::raise(signal);  // in a handler: when it returns
}

void deliver_delayed() {
  const std::uint64_t word = delayed.exchange(0);
  if (is_of_this_process(word)) end_by(static_cast<int>(word & kLow));
}

void on_signal(int signal) {
  if (!is_writing()) return end_by(signal);
  delayed.store(this_process_with(static_cast<std::uint64_t>(signal)));
  if (!is_writing()) deliver_delayed();  // the last write of another thread ended meanwhile, and saw nothing
}

void delay(int signal) {
  struct sigaction action {};
  if (::sigaction(signal, nullptr, &action) != 0 || action.sa_handler != SIG_DFL) return;
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  sigfillset(&action.sa_mask);
  ::sigaction(signal, &action, nullptr);
}

}  // namespace

void delay_ending_signals() {
  for (const int signal : {SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGALRM, SIGTERM, SIGUSR1, SIGUSR2, SIGPOLL, SIGPROF,
                           SIGVTALRM, SIGXCPU, SIGXFSZ, SIGPWR, SIGSTKFLT})
    delay(signal);
  for (int signal = SIGRTMIN; signal <= SIGRTMAX; ++signal) delay(signal);
}

void begin() {
  std::uint64_t word = writes.load(std::memory_order_relaxed);
  while (!writes.compare_exchange_weak(word, is_of_this_process(word) ? word + 1 : this_process_with(1))) {
  }
}

void end() {
  const bool is_last = writes.fetch_sub(1) == this_process_with(1);
  if (is_last && delayed.load() != 0) deliver_delayed();
}

}  // namespace assay::reference::write_section
