#include <signal.h>
#include <unistd.h>

#include "reference/php/interpreter/request_host.h"
#include "reference/php/library/standard_functions.h"

namespace assay::reference::php {

namespace {

BuiltinResult process_id(BuiltinCall&) {
  return Value(static_cast<std::int64_t>(::getpid()));
}

BuiltinResult fork_process(BuiltinCall& call) {
  return Value(call.context.host ? call.context.host->fork() : std::int64_t{-1});
}

// One process only: numbers of groups, and of everybody, are refused.
BuiltinResult send_signal(BuiltinCall& call) {
  const auto process = ASSAY_TRY(int_argument(call, 0, "process_id"));
  const auto number = ASSAY_TRY(int_argument(call, 1, "signal"));
  return Value(process > 1 && ::kill(static_cast<pid_t>(process), static_cast<int>(number)) == 0);
}

}  // namespace

void add_process_functions(Builtins& builtins) {
  builtins.add("getmypid", 0, 0, process_id);
  builtins.add("pcntl_fork", 0, 0, fork_process);
  builtins.add("posix_kill", 2, 2, send_signal);
}

}  // namespace assay::reference::php
