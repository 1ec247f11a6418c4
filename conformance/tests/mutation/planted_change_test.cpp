#include "conformance/mutation/planted_change.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace assay::conformance {
namespace {

using testing::HasSubstr;

PlantedChange change(int id, const std::string& file, int line, int end_line = 0) {
  return {id, file, line, end_line == 0 ? line : end_line, "comparison", "a == b", "a != b"};
}

std::vector<PlantedChange> many() {
  std::vector<PlantedChange> changes;
  for (int i = 1; i <= 50; ++i)
    changes.push_back(change(i, i <= 40 ? "reference/lock/a.cpp" : "reference/log/b.cpp", i));
  return changes;
}

std::vector<int> ids_of(const std::vector<PlantedChange>& changes) {
  std::vector<int> ids;
  for (const PlantedChange& one : changes) ids.push_back(one.id);
  return ids;
}

TEST(PlantedChange, IsReadFromWhatThePlanterPrints) {
  const auto changes = planted_changes_from_json(
      R"json({"mutants": [{"id": 3, "file": "reference/php/value/value.cpp", "line": 7, "end_line": 8,
                       "operator": "removed call", "original": "f()", "changed": ""}]})json");
  ASSERT_TRUE(changes) << changes.error().message;
  ASSERT_EQ(changes->size(), 1u);
  EXPECT_EQ(changes->front().area(), "php");
  EXPECT_EQ(changes->front().key(), "reference/php/value/value.cpp:7:removed call:");
  EXPECT_EQ(changes->front().end_line, 8);
}

TEST(PlantedChange, ThatLacksAFieldIsRefused) {
  EXPECT_FALSE(planted_changes_from_json("no JSON"));
  EXPECT_FALSE(planted_changes_from_json("{}"));
  EXPECT_FALSE(planted_changes_from_json(R"({"mutants": [7]})"));
  const auto without_line = planted_changes_from_json(R"({"mutants": [{"id": 3, "file": "f"}]})");
  ASSERT_FALSE(without_line);
  EXPECT_THAT(without_line.error().message, HasSubstr("\"line\""));
}

TEST(PlantedChange, ASampleIsSoManyOfEachAreaAndTheSeedsAlone) {
  const auto sample = sample_of(many(), 20, 1);
  std::map<std::string, int> areas;
  for (const PlantedChange& one : sample) ++areas[one.area()];
  EXPECT_EQ(areas["lock"], 20);
  EXPECT_EQ(areas["log"], 10);
  EXPECT_TRUE(std::is_sorted(sample.begin(), sample.end(), [](auto& a, auto& b) { return a.id < b.id; }));
  EXPECT_EQ(ids_of(sample_of(many(), 20, 1)), ids_of(sample));
  EXPECT_NE(ids_of(sample_of(many(), 20, 2)), ids_of(sample));
  EXPECT_EQ(sample_of(many(), 1000, 1).size(), 50u);
}

TEST(PlantedChange, WhatTheCompilerComplainsAboutIsFoundByItsLine) {
  const std::vector<PlantedChange> changes{change(1, "reference/lock/a.cpp", 5),
                                           change(2, "reference/lock/a.cpp", 6, 9),
                                           change(3, "reference/log/b.cpp", 5)};
  EXPECT_EQ(ids_of(not_compiled(changes, "../../reference/lock/a.cpp:8:3: error: no match\n")), std::vector<int>{2});
  EXPECT_EQ(ids_of(not_compiled(changes, "/x/reference/log/b.cpp:5:3: fatal error: no\nx.cpp:5:3: error: y\n")),
            std::vector<int>{3});
  EXPECT_TRUE(not_compiled(changes, "reference/lock/a.cpp:5:3: warning: unused\nninja: error: broken\n").empty());
}

}  // namespace
}  // namespace assay::conformance
