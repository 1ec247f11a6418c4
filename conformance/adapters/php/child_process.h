#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "conformance/adapters/php/deadline.h"
#include "conformance/adapters/php/program_root.h"

namespace assay::conformance::php {

// The status of a child that could not execute its program, as a shell's.
inline constexpr int kCannotExecute = 127;
// How often a child is looked at that cannot be waited for, and how long what was killed may take to end.
inline constexpr std::chrono::microseconds kPollInterval{300};
inline constexpr std::chrono::seconds kKillLimit{5};

// The environment in which PHP is started: nothing of the caller's but what loading a program may need (PATH, HOME and
// LD_LIBRARY_PATH), in UTC and the C locale, so that a run does not depend on the terminal it was started from. In a root of its own
// not even that, but the usual PATH.
std::vector<std::string> plain_environment(const ProgramRoot& root = {});

// Pointers to the strings and a final null, as execve(2) wants them. Valid as long as the strings.
std::vector<char*> pointers_to(const std::vector<std::string>& strings);

// For the child of a fork, before it executes: an own process group, death with the thread that forked it, default
// signal dispositions, no blocked signals, standard input from /dev/null, both outputs to `output`, everything else
// closed on exec. False when the parent is gone already. Async-signal-safe.
bool prepare_child(pid_t parent, int output);

// Reaps `child`, a child of this process, and returns its status as waitpid(2) gives it; nothing when the deadline
// passed first. Does not poll: it wakes when the child ends.
std::optional<int> wait_for_exit(pid_t child, Deadline deadline);

// As a shell shows it: 128 + signal when a signal ended the process.
int exit_status_of(int wait_status);

// Kills what is left of a process group and waits until nothing in it runs, and for a moment until its dead are reaped
// too; where nobody reaps orphans, they stay as zombies. False when something still runs after the deadline (a process
// stuck in the kernel). REQUIRES: no member that this process still has to wait for.
bool kill_group(pid_t group, Deadline deadline);

}  // namespace assay::conformance::php
