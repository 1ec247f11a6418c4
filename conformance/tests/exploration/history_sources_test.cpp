#include "conformance/exploration/history_sources.h"

#include <gmock/gmock-matchers.h>

namespace assay::conformance {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

Description target(std::string name, std::set<std::string> features) {
  Description description;
  description.name = std::move(name);
  description.features = std::move(features);
  return description;
}

const std::set<std::string> everything = {"script_cache",          "realpath_cache",      "static_cache",
                                          "static_cache.volatile", "static_cache.pinned", "static_cache.locks"};

bool any_of_histories(const HistorySource& source, const std::function<bool(const Trace&)>& holds) {
  for (std::uint64_t seed = 1; seed < 100; ++seed)
    if (holds(source.make(seed))) return true;
  return false;
}

bool asks(const Trace& trace, const std::string& feature) {
  return features_of(trace).contains(feature);
}

bool steps_clock(const Trace& trace) {
  return asks(trace, "clock.virtual");
}

TEST(HistorySourcesTest, AllAreasThatBothHave) {
  const CommonHistories common = common_histories(target("a", everything), target("b", everything), {});
  ASSERT_THAT(common.sources, SizeIs(3));
  EXPECT_TRUE(common.not_common.empty());
  EXPECT_TRUE(any_of_histories(common.sources[2], [](const Trace& t) { return asks(t, "static_cache.locks"); }));
  EXPECT_EQ(to_json_lines(common.sources[0].make(7)), to_json_lines(common.sources[0].make(7)));
  EXPECT_NE(to_json_lines(common.sources[0].make(7)), to_json_lines(common.sources[0].make(8)));
}

TEST(HistorySourcesTest, AnAreaThatOneLacksIsNamedWithItsReason) {
  const CommonHistories common =
      common_histories(target("a", everything), target("b", {"script_cache"}), {"script", "static"});
  ASSERT_THAT(common.sources, SizeIs(1));
  EXPECT_EQ(common.sources[0].area, "script");
  EXPECT_THAT(common.not_common, ElementsAre(testing::Pair("static", HasSubstr("b does not claim static_cache"))));
}

TEST(HistorySourcesTest, ScriptsAreNotCompiledOrIncludedOnceWhereThatDiffers) {
  Description a = target("a", {"script_cache", "deploy"}), b = a;
  const auto shows = [&](const char* text) {
    return any_of_histories(common_histories(a, b, {}).sources.at(0),
                            [&](const Trace& t) { return to_json_lines(t).find(text) != std::string::npos; });
  };
  for (const char* text : {"compile_file", "include_once", "serve"}) EXPECT_TRUE(shows(text)) << text;
  a.choices["compile-of-a-cached-file"] = "included";
  EXPECT_FALSE(shows("compile_file"));
  a.choices["keys-of-once-includes"] = "doubled";
  EXPECT_FALSE(shows("include_once"));
  a.choices["main-script"] = "none";
  EXPECT_FALSE(shows("serve"));
}

TEST(HistorySourcesTest, DifferentChoicesAreNotShown) {
  Description a = target("a", {"static_cache", "static_cache.volatile"}), b = a;
  const auto clock_moves = [&] { return any_of_histories(common_histories(a, b, {}).sources.at(0), steps_clock); };
  EXPECT_TRUE(clock_moves());
  a.choices["ttl-edge"] = "inclusive";
  b.choices["ttl-edge"] = "exclusive";
  EXPECT_FALSE(clock_moves());
}

}  // namespace
}  // namespace assay::conformance
