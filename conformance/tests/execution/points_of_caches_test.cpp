// No cache reports under the point of another: plans and sweeps would hit the wrong one.
#include "conformance/execution/executor.h"

#include <gtest/gtest.h>

#include "conformance/scenario/scenario.h"
#include "conformance/tests/test_folder.h"
#include "faults/points/catalogue.h"

namespace assay::conformance {
namespace {

template <bool scripts>
class Used final : public Scenario {
 public:
  using Scenario::Scenario;

 private:
  void steps() override {
    auto w = worker();
    write("@/a.php", returns("a"));
    act(ActionKind::arm, {{"point", "*"}, {"effect", "count"}});
    if (scripts) {
      expect(w.include("@/a.php"), "a");
      expect(w.invalidate("@/a.php", true), true);
    } else {
      expect(w.set("k", 1), true);
      expect(w.set("k", 2), true);
      expect(w.get("k"), 2);
      expect(w.remove_key("k"), true);
      expect(w.clear_cache(), true);
    }
    act(ActionKind::disarm, {});
  }
};

template <bool scripts>
void expect_points_of(points::Area area) {
  TestFolder folder;
  auto target = *make_target("reference");
  Trace trace = Used<scripts>(target->description()).build("used", {});
  const Execution execution = Executor(*target, folder.path()).run(trace);
  ASSERT_EQ(execution.verdict, Verdict::pass) << execution.reason;
  int seen = 0;
  for (const auto& [name, visits] : execution.counted) {
    const auto* point = points::find_point(name);
    if (!point || point->group != points::Group::cache) continue;
    ++seen;
    EXPECT_TRUE(point->is_of(area)) << name;
  }
  EXPECT_GT(seen, 10);
}

TEST(PointsOfCaches, AStaticCacheVisitsItsOwn) {
  expect_points_of<false>(points::Area::static_cache);
}

TEST(PointsOfCaches, AScriptCacheVisitsItsOwn) {
  expect_points_of<true>(points::Area::script);
}

}  // namespace
}  // namespace assay::conformance
