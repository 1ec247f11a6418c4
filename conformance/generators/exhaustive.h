#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "conformance/vocabulary/trace.h"

namespace assay::conformance {

// Every trace of up to `operations` steps over a tiny alphabet of a data cache: keys a, b; values 1, 2; workers 0, 1;
// get, set (with and without a time to live of one second), delete, clear, and the clock one second on; with counters also
// an increment. Traces that
// only rename keys, values or workers of another one are left out. Each ends with a probe: a get of every key by every
// worker, so that nothing stays unseen. In order of length; the same at each call.
struct ExhaustiveOptions {
  int operations = 3;
  int keys = 2, values = 2, workers = 2;  // at most 9 of each
  bool clock = true;                      // also times to live
  bool counters = false;
  std::string backend = "volatile";
};

class ExhaustiveTraces {
 public:
  explicit ExhaustiveTraces(ExhaustiveOptions options);

  // The next trace; nullopt after the last one. Made when asked for.
  std::optional<Trace> next();

 private:
  // A step: an operation by a worker, or the clock.
  struct Symbol {
    enum class Kind { get, set, remove, clear, advance, count } kind;
    int worker = 0, key = 0, value = 0, ttl = 0;
  };
  bool advance();
  bool is_canonical() const;
  Trace trace() const;

  ExhaustiveOptions options_;
  std::vector<Symbol> alphabet_;
  std::vector<std::size_t> word_;  // indexes into the alphabet
  bool ended_ = false;
};

}  // namespace assay::conformance
