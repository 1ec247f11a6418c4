#pragma once

// What PHP on the command line measures of its own loops.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <chrono>
#include <sstream>
#include <string>
#include <vector>

#include "conformance/adapters/php/command.h"
#include "conformance/adapters/php/php_binary.h"

namespace {

// For the script: $cpu() is the processor time of the process so far, in nanoseconds.
constexpr const char* kPhpClock = R"php(
$cpu = function () { $u = getrusage(); return 1e9 * ($u['ru_utime.tv_sec'] + $u['ru_stime.tv_sec'])
  + 1e3 * ($u['ru_utime.tv_usec'] + $u['ru_stime.tv_usec']); };
)php";

// Runs PHP with these arguments, which name the script; it prints the nanoseconds of one operation, or ends with another
// status where `cache` is not there. For benchmarks with UseManualTime().
inline void time_by_php(benchmark::State& state, const char* cache, const std::vector<std::string>& arguments) {
  namespace php = assay::conformance::php;
  const auto fpm = php::find_php_fpm();
  std::vector<std::string> command = {fpm ? php::find_cli_of(*fpm) : ""};
  if (command[0].empty()) return state.SkipWithError("no php on this machine");
  command.insert(command.end(), arguments.begin(), arguments.end());
  for (auto _ : state) {
    const auto output = php::run_command(command, {}, std::chrono::minutes(2));
    if (!output || output->exit_status != 0)
      return state.SkipWithError(fmt::format("{} did not measure: is it installed?", cache).c_str());
    double nanoseconds = 0;
    std::istringstream(output->text) >> nanoseconds;
    state.SetIterationTime(nanoseconds * 1e-9);
  }
}

}  // namespace
