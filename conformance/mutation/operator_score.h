#pragma once

#include <string>
#include <vector>

#include "conformance/mutation/planted_change.h"

namespace assay::conformance {

// What became of one planted change.
struct JudgedChange {
  enum class Fate {
    unreached,  // no test comes to it: nothing was run
    caught,     // `test` failed, which passes without it
    hung,       // the suite itself did not end with it: caught, by a time limit
    survived,   // `tests` come to it, and none failed
  };

  PlantedChange change;
  Fate fate = Fate::unreached;
  std::string test;
  std::size_t tests = 0;
  double seconds = 0;
};

std::string_view to_text(JudgedChange::Fate fate);

// The result of `assay mutants --operators --run`.
struct OperatorScore {
  std::string command;  // that makes it again
  std::string commit;   // of the suite
  std::string profile;
  std::size_t tests = 0;     // that were asked for a verdict
  std::size_t planted = 0;   // changes in the program, of which a sample was run
  std::size_t per_area = 0;  // 0: all
  std::uint64_t seed = 0;
  std::vector<JudgedChange> changes;
};

// The table by area, and each survivor.
std::string score_as_text(const OperatorScore& score);
// The same as a page of the documents.
std::string score_as_page(const OperatorScore& score);
std::string score_as_json(const OperatorScore& score);

}  // namespace assay::conformance
