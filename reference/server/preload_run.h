#pragma once

#include <cerrno>
#include <string>
#include <vector>

#include "reference/php/interpreter/builtins.h"
#include "reference/script_cache/script_cache.h"
#include "reference/server/preloaded.h"
#include "support/error.h"

namespace assay::reference {

// What came of a preload run that did not fail.
struct PreloadRun {
  Preloaded preloaded;
  std::string said;                   // output and messages, as they came
  std::vector<std::string> messages;  // these alone, for a log: "PHP Warning:  ... in FILE on line N"
};

// The code of the error of a run that failed: the runtime must not start (PL-ERR-01 to -06).
inline constexpr int preloading_failed = ECANCELED;

// Runs the preload script of the settings, once, before there are workers. Stores what it compiles in `cache` for good,
// and makes what it declares exist in every request that runs with `builtins`: what it declared itself, then the classes
// and functions of the files that it only compiled, in any order (PL-LNK-01). The error of a run that failed has all that
// was said. A process of root runs it in a child of the user that the settings name (PL-CFG-05), in itself where that is root
// (PL-CFG-06); an error of another code says that none, or an unknown one, is named (PL-CFG-04).
Expected<PreloadRun> run_preload(const Settings& settings, ScriptCache& cache, php::Builtins& builtins);

}  // namespace assay::reference
