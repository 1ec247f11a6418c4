#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace assay {

// Which processes and threads there are, as procfs lists them at this moment. Racy by nature: whoever was listed may be
// gone, and its number another's. `proc` is where procfs is mounted. Thread-safe; what cannot be read is left out.

// Every process that procfs shows.
std::vector<pid_t> all_processes(const std::string& proc = "/proc");

// The ids of the threads of a process; empty when it is gone.
std::vector<pid_t> threads_of(pid_t pid, const std::string& proc = "/proc");

// Direct children, zombies included, of all its threads.
std::vector<pid_t> children_of(pid_t pid, const std::string& proc = "/proc");

// All processes below one, without it; a parent comes before its children.
std::vector<pid_t> descendants_of(pid_t pid, const std::string& proc = "/proc");

// The whole text of a file of procfs; empty where the kernel refuses.
std::string proc_text(const std::string& file);

// The fields of a stat file after the name, which may itself hold parentheses and spaces: from the state on, which is
// the third. Empty when the text is none.
std::string fields_after_name(const std::string& stat);

}  // namespace assay
