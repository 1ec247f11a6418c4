#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "conformance/vocabulary/matcher.h"
#include "conformance/vocabulary/observation.h"

namespace assay::conformance {

// One part of a reply, or the end of a request, that two targets show differently. Plain data.
struct ReplyDifference {
  std::size_t step = 0, exchange = 0;  // where
  // What differs, numbers and paths aside: two differences of one kind are one difference. "OPERATION: PART, A against
  // B", for example "include: value, int against false" or "script_status: value at scripts/PATH/hits, int against int".
  std::string kind;
  std::string a, b;                  // what each showed of that part, for people
  std::optional<Matcher> expected;   // what A replied, as an expectation; none where the ends of the request differ
  std::optional<Outcome::Kind> end;  // how the request ended on A, where the ends differ
};

// What is compared.
struct ComparisonRules {
  bool memory = false;  // also bytes of memory, which each implementation needs as many of as it likes
  // Real time in which both runs took place, in seconds since the epoch: numbers that lie in it on both sides are times
  // of the real clock, and not compared.
  std::int64_t real_began = 0, real_ended = 0;
};

// How two runs of one trace differ, in the order of the trace. Left aside is what is another one in each process or
// implementation (process ids, the order of a report, bytes of memory unless asked, times of the real clock), and the
// replies to operations that one side did not come to. Only steps that both came to are compared.
std::vector<ReplyDifference> differences_between(std::span<const Observation> a, std::span<const Observation> b,
                                                 const ComparisonRules& rules);

// A text without its numbers and paths: what is the same of two that say the same of other files.
std::string without_particulars(const std::string& text);

}  // namespace assay::conformance
