#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "support/error.h"

namespace assay::conformance {

// One text replaced by another in one source file.
struct Edit {
  std::string file;  // of the project: "reference/script_cache/script_cache.cpp"
  std::string find;  // stands there exactly once
  std::string replace;
};

// A defect planted in the reference: one edit or more. A small JSON file each, in faults/mutants (its form:
// docs/user-guide.md); no defect stands in the reference's own source.
struct Mutant {
  std::string name;     // of its file: "A05-reset-without-lock"
  std::string defect;   // the entry of history it re-creates ("A05"), or "own"
  std::string summary;  // what is broken, one sentence
  std::vector<Edit> edits;
  std::vector<std::string> clauses;  // that it breaks: their tests are run first
};

// The mutants that were there when the program was built, sorted by name; the error of the first file that is none.
const Expected<std::vector<Mutant>>& all_mutants();

// The names of those that break the clause.
std::vector<std::string> mutants_that_break(std::string_view clause);

// Strict: an error names the file, the line and the field.
Expected<Mutant> mutant_from_json(const std::string& text, const std::string& name);

// The text with one edit in it. An error where `find` does not stand there exactly once: the mutant has to follow the
// source.
Expected<std::string> planted(const Mutant& mutant, const Edit& edit, const std::string& source);

}  // namespace assay::conformance
