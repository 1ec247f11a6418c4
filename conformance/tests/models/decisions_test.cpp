#include "conformance/models/decisions.h"

#include <gmock/gmock-matchers.h>

#include <string>

namespace assay::conformance {
namespace {

TEST(Decisions, EveryWayIsTriedOnce) {
  std::vector<std::string> ways;
  every_way([&](Decisions& decisions) {
    std::string way = decisions.decide() ? "a" : "b";
    if (way == "a") way += decisions.decide() ? "c" : "d";
    ways.push_back(way);
  });
  EXPECT_THAT(ways, testing::UnorderedElementsAre("ac", "ad", "b"));
}

TEST(Decisions, WithoutAQuestionThereIsOneWay) {
  int ways = 0;
  every_way([&](Decisions&) { ++ways; });
  EXPECT_EQ(ways, 1);
}

}  // namespace
}  // namespace assay::conformance
