#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "conformance/vocabulary/matcher.h"

namespace assay::conformance {

// Why a model does not allow a reply: the clause, and a text for people.
struct Refusal {
  std::string clause;
  std::string message;
  std::size_t step = 0;               // of the trace, from 0
  std::size_t exchange = 0;           // in the request, from 0
  std::optional<Matcher> expected{};  // what would have been allowed; none: anything but what came
  std::string ends{};                 // how the request would have ended; empty: no statement
};

// What a model says of a whole run.
struct Judgement {
  std::optional<Refusal> refusal;  // the first step that is not allowed
  std::uint64_t judged = 0;        // replies that the model had a statement about
  std::uint64_t listings = 0;      // of them: questions for the content or the size of a cache
  std::string not_judged;          // why it stopped making statements; empty: it did not
  bool lost_track = false;         // and it knows the trace, but not what happened: what came before was judged
};

}  // namespace assay::conformance
