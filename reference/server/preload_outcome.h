#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reference/php/interpreter/builtins.h"
#include "reference/server/preload_run.h"
#include "support/error.h"

namespace assay::reference {

// All that a preload run left, in the process that made it: what there is to report, and the parts of graphs in the script
// cache's segment, which stands at the same address in the process that started it.
struct PreloadOutcome {
  PreloadRun run;
  std::vector<const php::FunctionData*> functions;
  std::vector<const php::ClassData*> classes;  // linked, parents first
  std::vector<const void*> refused;            // of these: declaring it again is an error

  void apply(php::Builtins& builtins) const;
};

// A run or its error as bytes, and back; bytes of another origin are an error as well.
std::string to_bytes(const Expected<PreloadOutcome>& outcome);
Expected<PreloadOutcome> outcome_from_bytes(std::string_view bytes);

}  // namespace assay::reference
