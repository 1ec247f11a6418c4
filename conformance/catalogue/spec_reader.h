#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/catalogue/catalogue.h"
#include "support/error.h"

namespace assay::conformance {

// Reads the pages of docs/spec. Used by the generator of the catalogue, and by tests of the suite; the program itself
// has the finished table. docs/spec/README.md says how a clause is written.

// A clause as its page has it: Clause with text of its own, without what the .def tables add.
struct SpecClause {
  std::string id;
  std::string title;
  std::string statement;
  std::string observe;
  std::string level;
  EvidenceLevel evidence = EvidenceLevel::unverified;
  bool documented = false;
  std::string faults;
  Area area = Area::guarantees;
  std::array<Strength, kRulesCount> strengths{};
  std::string since;
  std::string until;
  int line = 0;
};

// All clauses of one page, in its order. `file` is used in messages only. Strict: a clause with a field that is
// missing, repeated, unknown or malformed is an error, and so is a second clause of the same id. Text outside of
// clauses is ignored. An error says where the page is malformed and how: "docs/spec/x.md:12: SC-KEY-03 has no '- Since:'
// line".
Expected<std::vector<SpecClause>> read_spec_page(std::string_view file, std::string_view text);

// The area to which an id belongs by its prefix; nothing for an id of another shape.
std::optional<Area> area_by_prefix(std::string_view id);

}  // namespace assay::conformance
