#include "faults/points/catalogue.h"
#include "faults/points/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <re2/re2.h>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace assay::points {
namespace {

using testing::ElementsAre;
using testing::Not;

TEST(Catalogue, NamesAndHashesAreUnique) {
  std::set<std::string_view> names;
  std::set<std::uint64_t> hashes;
  for (const CatalogueEntry& entry : catalogue()) {
    EXPECT_TRUE(names.insert(entry.name).second) << entry.name << " stands twice";
    EXPECT_TRUE(hashes.insert(hash_name(entry.name)).second) << entry.name << " has the hash of another";
  }
}

TEST(Catalogue, NamesFollowTheScheme) {
  const re2::RE2 scheme("[a-z_]+(/[a-z_0-9]+)+");
  for (const CatalogueEntry& entry : catalogue()) {
    EXPECT_TRUE(re2::RE2::FullMatch(std::string(entry.name), scheme)) << entry.name;
    EXPECT_TRUE(entry.allows(Effect::count)) << entry.name;
  }
}

TEST(Catalogue, FindsWhatItListsAndNothingElse) {
  for (const CatalogueEntry& entry : catalogue()) EXPECT_EQ(find_point(entry.name), &entry);
  EXPECT_EQ(find_point("lock/write"), nullptr);
  EXPECT_EQ(find_point(""), nullptr);
}

TEST(Catalogue, PatternsMatchByPrefixOnly) {
  EXPECT_TRUE(matches("*", "lock/write/held"));
  EXPECT_TRUE(matches("lock/*", "lock/write/held"));
  EXPECT_TRUE(matches("lock/write/held", "lock/write/held"));
  EXPECT_FALSE(matches("lock", "lock/write/held"));
  EXPECT_FALSE(matches("*/held", "lock/write/held"));
}

// Only a lock that was not given back owes nobody anything.
TEST(Catalogue, WhatCanBeRefusedHasAnErrno) {
  std::set<std::string_view> without;
  for (const CatalogueEntry& entry : catalogue()) {
    if (entry.allows(Effect::fail) && entry.error.empty()) without.insert(entry.name);
    if (!entry.error.empty()) {
      EXPECT_TRUE(parse_fault(std::string(entry.name) + " fail:" + std::string(entry.error) + " once:1")) << entry.name;
    }
  }
  EXPECT_THAT(without, ElementsAre("posix/lock/fcntl/unlock", "posix/lock/ofd/unlock"));
}

TEST(Catalogue, SchedulesHandOverWhereAWorkerWaitsForAnother) {
  std::set<std::string_view> blocking;
  for (const CatalogueEntry& entry : catalogue()) {
    if (entry.is(Use::blocks)) blocking.insert(entry.name);
  }
  EXPECT_THAT(blocking, ElementsAre("lock/write/blocked", "posix/lock/fcntl/blocked", "posix/lock/mutex/blocked",
                                    "static/lock/blocked", "static/reservation/blocked"));
}

TEST(Catalogue, AStepInsideACacheIsOfACacheAndSchedulesHoldWorkersThere) {
  for (const CatalogueEntry& entry : catalogue()) {
    if (entry.group != Group::cache) continue;
    EXPECT_NE(entry.areas, 0u) << entry.name;
    EXPECT_TRUE(entry.is(Use::held) && entry.is(Use::swept)) << entry.name;
  }
}

// Every point that the reference visits stands in the catalogue: otherwise no plan could name it. Names are passed on
// as values too, so each literal that begins like a group of the catalogue must be one of its names.
TEST(Catalogue, ListsEveryPointOfTheReference) {
  std::set<std::string> groups;
  for (const CatalogueEntry& entry : catalogue()) groups.emplace(entry.name.substr(0, entry.name.find('/')));
  const re2::RE2 literal(R"re("(([a-z_]+)(?:/[a-z_0-9]+)+)")re");
  const std::filesystem::path root = std::filesystem::path(ASSAY_SOURCE_FOLDER) / "reference";
  for (const auto& file : std::filesystem::recursive_directory_iterator(root)) {
    const std::string path = file.path();
    if (path.find("/tests/") != std::string::npos || !(path.ends_with(".cpp") || path.ends_with(".h"))) continue;
    std::stringstream text;
    text << std::ifstream(path).rdbuf();
    const std::string source = text.str();
    re2::StringPiece rest(source);
    for (std::string name, group; re2::RE2::FindAndConsume(&rest, literal, &name, &group);) {
      if (!groups.contains(group)) continue;
      EXPECT_NE(find_point(name), nullptr)
          << path << " visits '" << name << "', which faults/points/catalogue.def does not list";
    }
  }
}

}  // namespace
}  // namespace assay::points
