#pragma once

#include <map>
#include <string>

#include "conformance/exploration/comparison.h"
#include "conformance/vocabulary/value_json.h"

namespace assay::conformance {

// What a comparison was, for its reader.
struct ComparisonTitle {
  Description a, b;
  std::string option_a, option_b;  // as on the command line
  Directives ini_a, ini_b;
  std::uint64_t seed = 1;
  std::map<std::string, std::string> not_common;  // areas, and why they were not compared
};

// Where a difference was written to; empty: nowhere.
struct DifferenceFiles {
  std::string trace, phpt;
  std::string no_phpt;  // why one PHP process cannot show it
};

// One difference, when it is found: number, kind, what each side showed, the trace, how to replay it.
std::string difference_text(const DifferenceKind& difference, const ComparisonTitle& title,
                            const DifferenceFiles& files);

// The last paragraph: how much was compared, what was left out, how many kinds of differences there are.
std::string comparison_summary(const Comparison& comparison, const ComparisonTitle& title);

// Schema assay-comparison/1 (docs/user-guide.md). `files` by kind.
Json comparison_json(const Comparison& comparison, const ComparisonTitle& title,
                     const std::map<std::string, DifferenceFiles>& files);

}  // namespace assay::conformance
