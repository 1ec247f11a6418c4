#pragma once

#include <span>
#include <string>
#include <vector>

#include "support/error.h"

namespace assay::conformance {

// A defect planted in the reference: replaces one text by another in one source file. A small JSON file each, in
// faults/mutants; no defect stands in the reference's own source.
struct Mutant {
  std::string name;     // of its file: "A05-reset-without-lock"
  std::string defect;   // the entry of history it re-creates ("A05"), or "own"
  std::string summary;  // what is broken, one sentence
  std::string file;     // of the project: "reference/script_cache/script_cache.cpp"
  std::string find;     // stands there exactly once
  std::string replace;
  std::vector<std::string> clauses;  // that it breaks: their tests are run first
};

// The mutants that were there when the program was built, sorted by name.
std::span<const Mutant> all_mutants();

// Strict: an error names the file and the field.
Expected<Mutant> mutant_from_json(const std::string& text, const std::string& name);

// The text with the defect in it. An error where `find` does not stand there exactly once: the mutant has to follow the
// source.
Expected<std::string> planted(const Mutant& mutant, const std::string& source);

}  // namespace assay::conformance
