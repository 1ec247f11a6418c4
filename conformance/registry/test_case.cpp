#include <algorithm>
#include <stdexcept>
#include <tuple>

#include "conformance/registry/registration.h"

namespace assay::conformance {
namespace {

std::vector<TestCase>& registry() {
  static std::vector<TestCase> tests;
  return tests;
}

}  // namespace

std::span<const TestCase> all_tests() {
  static const bool sorted = [] {
    std::stable_sort(registry().begin(), registry().end(), [](const TestCase& a, const TestCase& b) {
      return std::tie(a.file, a.line) < std::tie(b.file, b.line);
    });
    return true;
  }();
  (void)sorted;
  return registry();
}

const TestCase* find_test(const std::string& id) {
  for (const TestCase& test : all_tests()) {
    if (test.id == id) return &test;
  }
  return nullptr;
}

bool register_test(TestCase test) {
  for (const TestCase& other : registry()) {
    if (other.id == test.id) throw std::logic_error("two tests have the id " + test.id);
  }
  registry().push_back(std::move(test));
  return true;
}

std::string area_of(const std::string& clause) {
  if (clause.starts_with("SC-FIL")) return "file";
  if (clause.starts_with("SC-")) return "script";
  if (clause.starts_with("PL-")) return "preload";
  if (clause.starts_with("RP-")) return "realpath";
  if (clause.starts_with("ST-")) return "static";
  if (clause.starts_with("DP-")) return "deploy";
  return "guarantees";
}

}  // namespace assay::conformance
