#pragma once

#include <span>

#include "conformance/vocabulary/trace.h"

namespace assay::conformance {

// What a path means to the file system: see path_roles.def.
enum class PathRole { changes, reads, link_text, file_name };

struct PathParameter {
  const CallSpec* spec;  // of an operation or action
  const char* parameter;
  PathRole role;
};

// Every path parameter of every operation and action, in the order of path_roles.def.
std::span<const PathParameter> path_parameters();

// The line of a step (from 0) in a trace file: the header has the first, and each step one of its own.
constexpr std::size_t line_of_step(std::size_t step) {
  return step + 2;
}

// Whether a trace that somebody else wrote names nothing outside of the sandbox that it would change: each path of an
// action, and of an operation that changes files, begins with "@" and has no ".." that leads above it. A relative path
// of an operation may stand, without a ".." that leads above where it begins; where it begins is inside as well. The
// text of a link may be relative.
//
// It is the text of the trace that is judged, before anything runs: where links lead is for the runtime (World) to see,
// and what INI directives and the scripts of a trace do is for the target's user to allow.
//
// With `allow_outside` absolute paths may stand as they are written. An error names `file`, line and field.
Expected<void> check_paths(const Trace& trace, const std::string& file, bool allow_outside);

}  // namespace assay::conformance
