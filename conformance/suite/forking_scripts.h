#pragma once

#include <string>

namespace assay::conformance {

// Code of scripts that make a child and end without PHP's own ending, on any target with workers.fork: by modules, or by
// C functions where a target has none (the test asks for ini "ffi.enable").
inline constexpr const char* forking_functions =
    "$c = function_exists('pcntl_fork') ? null : FFI::cdef('int fork(void); int kill(int, int);'); ";
inline constexpr const char* fork_child = "$child = $c === null ? pcntl_fork() : $c->fork(); ";
inline constexpr const char* end_child = "$c === null ? posix_kill(getmypid(), 9) : $c->kill(getmypid(), 9); ";

// The child does `work` and ends; the parent goes on with `rest`.
inline std::string with_child(const std::string& work, const std::string& rest) {
  return std::string(forking_functions) + fork_child + "if ($child === 0) { " + work + end_child + "} " + rest;
}

}  // namespace assay::conformance
