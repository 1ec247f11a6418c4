#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "conformance/vocabulary/trace.h"

namespace assay::conformance {

// Every history of up to `operations` steps over a tiny alphabet of the script cache: two scripts, a link to the first, two
// workers; includes by both names, a once-include, compile_file, invalidations, a query, a restart, a new version, a
// removal, a switch of the link, the clock beyond the window. Each history has a folder of its own and ends with a probe:
// both names by both workers, and a report of the counters. Many histories stand in one trace, so that they share a
// runtime. In order of length; the same at each call.
class ExhaustiveScripts {
 public:
  explicit ExhaustiveScripts(int operations, std::size_t together = 200);

  // The next histories; nullopt after the last one.
  std::optional<Trace> next();
  std::uint64_t histories() const { return histories_; }  // so far

 private:
  bool advance();

  int operations_;
  std::size_t together_;
  std::vector<std::size_t> word_;  // of letters
  bool ended_ = false;
  std::uint64_t histories_ = 0;
};

}  // namespace assay::conformance
