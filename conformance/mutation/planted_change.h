#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "support/error.h"

namespace assay::conformance {

// One generic change that scripts/plant-operators planted in the reference; no person wrote it.
struct PlantedChange {
  int id = 0;             // chooses it: ASSAY_PLANTED (faults/operators/planted.h)
  std::string file;       // of the project: "reference/segment/segment.cpp"
  int line = 0;           // of its first character, in the project's own file
  int end_line = 0;       // of its last one
  std::string operation;  // "comparison", "removed call"
  std::string original;   // one line; empty where something was put in
  std::string changed;    // one line; empty where it was removed

  // The folder below reference: "segment", "script_cache", "php".
  std::string area() const;
  // What the planter calls it where it is not to be planted: "FILE:LINE:OPERATOR:CHANGED".
  std::string key() const;
};

// What the planter printed. The error names the field.
Expected<std::vector<PlantedChange>> planted_changes_from_json(const std::string& text);

// `per_area` changes of each area, or all where there are not so many, chosen by the seed alone; in the order of ids.
std::vector<PlantedChange> sample_of(const std::vector<PlantedChange>& changes, std::size_t per_area,
                                     std::uint64_t seed);

// Those on lines that the compiler complained about in the log of a build: "FILE:LINE:COLUMN: error: ...".
std::vector<PlantedChange> not_compiled(const std::vector<PlantedChange>& changes, const std::string& build_log);

}  // namespace assay::conformance
