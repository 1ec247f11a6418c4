#pragma once

#include <string>
#include <vector>

#include "conformance/generators/draw.h"

namespace assay::conformance {

// A small library, to be preloaded or included, and scripts that use it. Everything that a file declares stands at its top
// level, in the order in which it depends on another; a file depends only on files before it. So that including all files
// in their order declares what preloading them in any order declares, and nothing else shows which was done.
//
// One line of a text is one declaration or one statement.
struct PreloadProgram {
  std::vector<std::string> files;   // the contents of d0.php, d1.php, ...
  std::vector<std::string> uses;    // statements, without what makes the library known
  std::vector<std::string> spoils;  // statements that change statics, for a preload script that required the files
};

// Which programs are made. Each flag adds a dimension.
struct PreloadProgramOptions {
  bool late_statics = true;  // static properties whose values are evaluated at the first use
};

PreloadProgram random_preload_program(Draw& draw, const PreloadProgramOptions& options);

}  // namespace assay::conformance
