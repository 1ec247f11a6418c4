#include <algorithm>

#include "conformance/catalogue/catalogue.h"

namespace assay::conformance {
namespace {

// In the order of the enumerations.
constexpr std::array<std::string_view, 7> kAreas = {"script", "preload", "file",      "realpath",
                                                    "static", "deploy",  "guarantees"};
constexpr std::array<std::string_view, 8> kEvidence = {"guarantee",      "documented", "rfc",      "observed",
                                                       "implementation", "article",    "inferred", "unverified"};
constexpr std::array<std::string_view, 3> kStrengths = {"must", "should", "may"};
constexpr std::array<std::string_view, kRulesCount> kRules = {"portable", "php"};

template <class Enum, std::size_t N>
std::optional<Enum> named(const std::array<std::string_view, N>& names, std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Enum>(found - names.begin());
}

}  // namespace

std::string_view to_text(Area area) {
  return kAreas.at(static_cast<std::size_t>(area));
}
std::string_view to_text(EvidenceLevel evidence) {
  return kEvidence.at(static_cast<std::size_t>(evidence));
}
std::string_view to_text(Strength strength) {
  return kStrengths.at(static_cast<std::size_t>(strength));
}
std::string_view to_text(Rules rules) {
  return kRules.at(static_cast<std::size_t>(rules));
}

std::optional<Area> area_named(std::string_view name) {
  return named<Area>(kAreas, name);
}
std::optional<EvidenceLevel> evidence_level_named(std::string_view name) {
  return named<EvidenceLevel>(kEvidence, name);
}
std::optional<Strength> strength_named(std::string_view name) {
  return named<Strength>(kStrengths, name);
}
std::optional<Rules> rules_named(std::string_view name) {
  return named<Rules>(kRules, name);
}

}  // namespace assay::conformance
