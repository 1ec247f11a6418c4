#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <string>

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

// Another program: it inherits what is open and not marked to be closed.
BuiltinResult shell_exec(BuiltinCall& call) {
  const auto command = ASSAY_TRY(string_argument(call, 0, "command"));
  FILE* pipe = ::popen(command.c_str(), "re");
  if (pipe == nullptr) return Value(false);
  std::string output;
  char piece[4096];
  while (const std::size_t size = std::fread(piece, 1, sizeof piece, pipe)) output.append(piece, size);
  ::pclose(pipe);
  return output.empty() ? Value() : Value(std::move(output));
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
  builtins.add("shell_exec", 1, 1, shell_exec);
}

}  // namespace assay::reference::php
