#include "conformance/registry/test_case.h"

#include <algorithm>
#include <sstream>
#include <stdexcept>

namespace assay::conformance {
namespace {

std::vector<TestCase>& registry() {
  static std::vector<TestCase> tests;
  return tests;
}

std::string slug(const std::string& title) {
  std::string out;
  for (const char c : title) {
    const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (word)
      out += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    else if (!out.empty() && out.back() != '-')
      out += '-';
  }
  while (!out.empty() && out.back() == '-') out.pop_back();
  return out;
}

std::string project_relative(const std::string& file) {
  const auto at = file.rfind("conformance/");
  return at == std::string::npos ? file : file.substr(at);
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

namespace detail {

TestCase describe_test(const char* kind, const char* clauses, const char* title, const char* file, int line) {
  TestCase test;
  std::istringstream words(clauses);
  for (std::string word; words >> word;) test.clauses.push_back(word);
  test.kind = kind;
  test.title = title;
  test.id = test.clauses.front() + "/" + slug(title);
  test.area = area_of(test.clauses.front());
  test.file = project_relative(file);
  test.line = line;
  return test;
}

}  // namespace detail
}  // namespace assay::conformance
