#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "conformance/vocabulary/trace.h"

namespace assay::conformance {

// What a history is made of. `links`: two scripts, a link to the first, two workers; includes by both names, a once-include,
// compile_file, invalidations, a query, a restart, a new version, a removal, a switch of the link, the clock beyond the
// window. `moves`: a script in a folder that moves and leaves a link in its place; includes and once-includes by both of
// its names, a query, compile_file, a new version, the clock beyond the lifetime of resolved paths; `unchanged_moves`: without the new version. `files`: a script with a
// file in the file cache, which is damaged and removed; includes, compile_file, invalidations, a restart, a new version, a
// removal.
enum class ScriptAlphabet { links, moves, unchanged_moves, files };

struct ExhaustiveScriptOptions {
  int operations = 3;
  ScriptAlphabet alphabet = ScriptAlphabet::links;
  Directives ini{};
  // Of the histories of this many operations and more only one of `every`, beginning with the one of that number.
  int sampled_from = 99;
  std::uint64_t every = 1, first = 0;
  std::size_t together = 200;  // in one trace
};

// Every history of up to so many operations over a tiny alphabet of the script cache. Each has a folder of its own and ends
// with a probe: both names by both workers, and a report of the counters. Many stand in one trace, so that they share a
// runtime. In order of length; the same at each call.
class ExhaustiveScripts {
 public:
  explicit ExhaustiveScripts(ExhaustiveScriptOptions options) : options_(std::move(options)) {}

  // The next histories; nullopt after the last one.
  std::optional<Trace> next();
  std::uint64_t histories() const { return histories_; }  // so far

 private:
  bool advance();
  bool is_left_out();

  const ExhaustiveScriptOptions options_;
  std::vector<std::size_t> word_;  // of letters
  std::uint64_t number_ = 0;       // of the word
  bool ended_ = false;
  std::uint64_t histories_ = 0;
};

}  // namespace assay::conformance
