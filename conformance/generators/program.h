#pragma once

#include <string>
#include <vector>

#include "conformance/generators/draw.h"

namespace assay::conformance {

// Which programs are made. Each flag adds a dimension.
struct ProgramOptions {
  bool early_use = true;         // classes used above their declaration
  bool repeated = true;          // a file that declares something is included a second time in one request
  bool compile_warnings = true;  // what PHP says while it compiles
  bool handlers = true;          // scripts that set an error handler of their own
  bool handled_warnings = true;  // what PHP says while it compiles reaches such a handler
  bool shutdown = true;          // functions that are called when the request is over
};

// One line of a text is one statement, so that a program stays a program when lines are left out.
struct ProgramFile {
  std::string name;
  std::vector<std::string> versions;  // whole contents; the first is written first
};

struct ProgramUse {
  std::string how;   // include, include_once, require, require_once
  std::string name;  // of a file
};

// A small program over the script subset: files that declare, use, include each other, return early, warn, throw; ways to
// use it, each a request; and a script that returns which of all names are declared.
struct Program {
  std::vector<ProgramFile> files;
  std::vector<std::vector<ProgramUse>> requests;
  static std::string probe();
};

Program random_program(Draw& draw, const ProgramOptions& options);

}  // namespace assay::conformance
