#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace assay::conformance::php {

// What the kernel shows of a process at one moment (procfs): the evidence in a report of a hang. Of the main thread
// only.
struct ProcessState {
  pid_t pid = 0;
  pid_t parent = 0;
  pid_t group = 0;
  char state = '?';  // As in /proc/PID/stat: R runs, S sleeps, D sleeps in the kernel, T stopped, Z zombie.
  std::string name;  // At most 15 characters.
  std::string
      command_line;  // Arguments joined by spaces; php-fpm writes "php-fpm: pool NAME" there. Empty for a zombie.
  std::string wait_channel;  // The kernel function it sleeps in; empty when it runs or when it is not ours to see.
  int system_call = -1;      // Number of the system call it is in; -1 when it is in none or when it is not ours to see.
  std::chrono::milliseconds user_time{0};
  std::chrono::milliseconds system_time{0};

  bool is_running() const { return state != 'Z' && state != 'X'; }

  // "process 4711 (php-fpm8.2) sleeps in futex_wait_queue, system call futex, 20 ms user and 10 ms system time"
  std::string describe() const;
};

// Nothing when there is no such process (any more). A zombie is there.
std::optional<ProcessState> read_process_state(pid_t pid);

// The same for people, of one that does not answer: two looks, so that waiting and spinning can be told apart.
std::string state_of_hung(pid_t pid);

// Direct children, zombies included, in the order of the kernel's list.
std::vector<ProcessState> children_of(pid_t pid);

// All processes of a process group, zombies included.
std::vector<ProcessState> processes_of_group(pid_t group);

}  // namespace assay::conformance::php
