#include "conformance/adapters/php/process_state.h"

#include <fmt/format.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <charconv>
#include <sstream>
#include <string_view>
#include <thread>

#include "support/proc/process_tree.h"

namespace assay::conformance::php {

namespace {

std::string process_file(pid_t pid, std::string_view name) {
  return proc_text(fmt::format("/proc/{}/{}", pid, name));
}

std::chrono::milliseconds from_ticks(long long ticks) {
  static const long long per_second = sysconf(_SC_CLK_TCK);
  return std::chrono::milliseconds(ticks * 1000 / per_second);
}

// The name stands in parentheses and may itself hold parentheses and spaces: it ends at the last one.
bool parse_stat(const std::string& stat, ProcessState& state) {
  const std::size_t open = stat.find('(');
  const std::size_t close = stat.rfind(')');
  if (open == std::string::npos || close == std::string::npos) return false;
  state.name = stat.substr(open + 1, close - open - 1);
  std::istringstream fields(stat.substr(close + 1));
  long long skipped = 0;
  fields >> state.state >> state.parent >> state.group;
  for (int field = 6; field <= 13; ++field) fields >> skipped;
  long long user = 0;
  long long system = 0;
  fields >> user >> system;
  state.user_time = from_ticks(user);
  state.system_time = from_ticks(system);
  return static_cast<bool>(fields);
}

std::string joined_arguments(std::string arguments) {
  while (!arguments.empty() && arguments.back() == '\0') arguments.pop_back();
  for (char& c : arguments) {
    if (c == '\0') c = ' ';
  }
  return arguments;
}

// Names for the calls in which a PHP worker is found waiting.
std::string system_call_name(int number) {
  switch (number) {
    case SYS_futex:
      return "futex";
    case SYS_fcntl:
      return "fcntl";
    case SYS_flock:
      return "flock";
    case SYS_read:
      return "read";
    case SYS_write:
      return "write";
    case SYS_recvfrom:
      return "recvfrom";
    case SYS_poll:
      return "poll";
    case SYS_ppoll:
      return "ppoll";
    case SYS_select:
      return "select";
    case SYS_pselect6:
      return "pselect6";
    case SYS_epoll_wait:
      return "epoll_wait";
    case SYS_nanosleep:
      return "nanosleep";
    case SYS_clock_nanosleep:
      return "clock_nanosleep";
    case SYS_accept:
      return "accept";
    case SYS_accept4:
      return "accept4";
    case SYS_wait4:
      return "wait4";
    case SYS_semop:
      return "semop";
    case SYS_pause:
      return "pause";
    default:
      return fmt::format("{}", number);
  }
}

std::string_view state_verb(char state) {
  switch (state) {
    case 'R':
      return "runs";
    case 'S':
      return "sleeps";
    case 'D':
      return "sleeps uninterruptibly";
    case 'T':
    case 't':
      return "is stopped";
    case 'Z':
      return "is dead and not reaped";
    case 'X':
      return "is dead";
    case 'I':
      return "is idle";
    default:
      return "is in an unknown state";
  }
}

}  // namespace

std::optional<ProcessState> read_process_state(pid_t pid) {
  ProcessState state;
  state.pid = pid;
  if (!parse_stat(process_file(pid, "stat"), state)) return std::nullopt;
  state.command_line = joined_arguments(process_file(pid, "cmdline"));
  const std::string channel = process_file(pid, "wchan");
  if (channel != "0") state.wait_channel = channel;
  // "running", or the number of the call followed by its arguments; "-1" when stopped outside of a call.
  const std::string call = process_file(pid, "syscall");
  std::from_chars(call.data(), call.data() + call.size(), state.system_call);
  return state;
}

std::string state_of_hung(pid_t pid) {
  const auto first = read_process_state(pid);
  if (!first) return fmt::format("process {} is gone", pid);
  std::this_thread::sleep_for(std::chrono::milliseconds(30));
  const auto second = read_process_state(pid);
  if (!second) return first->describe() + ", then it ended";
  const bool ran = second->user_time + second->system_time > first->user_time + first->system_time;
  const bool spins = ran || (first->state == 'R' && second->state == 'R');
  return second->describe() + (spins ? ", spinning" : ", waiting");
}

std::vector<ProcessState> children_of(pid_t pid) {
  std::vector<ProcessState> children;
  for (const pid_t child : assay::children_of(pid)) {
    auto state = read_process_state(child);
    if (state && state->parent == pid) children.push_back(std::move(*state));
  }
  return children;
}

std::vector<ProcessState> processes_of_group(pid_t group) {
  std::vector<ProcessState> members;
  for (const pid_t pid : all_processes()) {
    auto state = read_process_state(pid);
    if (state && state->group == group) members.push_back(std::move(*state));
  }
  return members;
}

std::string ProcessState::describe() const {
  std::string text = fmt::format("process {} ({}) {}", pid, name, state_verb(state));
  if (!wait_channel.empty()) text += " in " + wait_channel;
  if (system_call >= 0) text += ", system call " + system_call_name(system_call);
  return text + fmt::format(", {} ms user and {} ms system time", user_time.count(), system_time.count());
}

}  // namespace assay::conformance::php
