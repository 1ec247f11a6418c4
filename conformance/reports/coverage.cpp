#include "conformance/reports/coverage.h"

#include <fmt/format.h>

namespace assay::conformance {
namespace {

struct Words {
  const char* field;
  const char* text;
};

constexpr Words words_of_states[] = {{"passed", "passed"},
                                     {"failed", "failed"},
                                     {"not_assessed", "not assessed"},
                                     {"no_test", "without a test"},
                                     {"not_selected", "not selected"},
                                     {"not_claimed", "not claimed"},
                                     {"unobservable", "that no test can observe"}};

}  // namespace

int Coverage::in(ClauseState state) const {
  const auto found = counts_.find(state);
  return found == counts_.end() ? 0 : found->second;
}

int Coverage::all() const {
  int sum = 0;
  for (const auto& [state, count] : counts_) sum += count;
  return sum;
}

std::string Coverage::in_words(const std::string& noun) const {
  std::string out = fmt::format("{} of {}{}{} hold", in(ClauseState::passed), all(), noun.empty() ? "" : " ", noun);
  if (const int failed = in(ClauseState::failed)) out += fmt::format(", {} failed", failed);
  std::string reasons;
  for (const auto& [state, count] : counts_) {
    if (state <= ClauseState::failed) continue;
    reasons += fmt::format("{}{} {}", reasons.empty() ? "" : ", ", count, conformance::in_words(state));
  }
  return reasons.empty() ? out : fmt::format("{} ({})", out, reasons);
}

const char* to_field(ClauseState state) {
  return words_of_states[static_cast<int>(state)].field;
}

const char* in_words(ClauseState state) {
  return words_of_states[static_cast<int>(state)].text;
}

}  // namespace assay::conformance
