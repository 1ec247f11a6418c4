#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "conformance/generators/draw.h"

namespace assay::conformance {

// What a library declares so far.
struct Library {
  bool late_statics = true;                             // static properties may be evaluated late
  std::set<std::string> all;                            // what it will have in the end
  std::vector<std::string> names;                       // what it has
  std::map<std::string, std::set<std::string>> traits;  // of a class and its ancestors
  std::set<std::string> late;                           // traits with properties that are evaluated late
};

// Declarations over the whole of PHP 8.2, of the names f*, K*, I*, T* and E*, for libraries that are preloaded: what
// implementations have to copy, link and evaluate. Only what the library has already is extended, implemented or used, so
// that including it is never fatal; constant expressions name what it will have, types and bodies anything. Adds the name to
// the library. REQUIRES: K0 is one of all.
std::string random_library_declaration(Draw& draw, const std::string& name, const std::string& tag, Library& library);

// An expression that shows something of one of the declarations, and changes statics now and then.
std::string random_library_use(Draw& draw);

}  // namespace assay::conformance
