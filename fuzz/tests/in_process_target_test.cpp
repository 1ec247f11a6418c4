#include "fuzz/common/in_process_target.h"

#include <gtest/gtest.h>

#include "conformance/adapters/reference/reference_target.h"
#include "conformance/execution/executor.h"
#include "conformance/generators/trace_generators.h"
#include "fuzz/common/leads_out.h"
#include "fuzz/common/private_world.h"

namespace assay::fuzz {
namespace {

using namespace conformance;

std::vector<Reply> replies_of(const Execution& execution) {
  std::vector<Reply> replies;
  for (const Observation& seen : execution.observations) replies.push_back(seen.reply);
  return replies;
}

Trace trace_of(const std::string& steps, const std::string& header = "") {
  const std::string lines = steps.empty() ? "" : steps + "\n";
  auto trace = trace_from_json_lines(R"({"assay_trace":1,"name":"n")" + header + "}\n" + lines, "trace");
  EXPECT_TRUE(trace) << trace.error().message;
  return trace.value_or(Trace());
}

class InProcessTargetTest : public testing::Test {
 protected:
  const std::filesystem::path folder = PrivateWorld::of_process().run_folder();
  const std::unique_ptr<Target> target = make_in_process_target();
};

TEST_F(InProcessTargetTest, AnswersAsTheReferenceWithItsProcesses) {
  const auto other = *reference_target_kind().make({});
  int compared = 0;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    ScriptTraceOptions options;
    options.kills = false;
    for (const Trace& trace : {random_script_trace(seed, options), random_cache_trace(seed, {}),
                               random_realpath_trace(seed, {}), random_reservation_trace(seed, {})}) {
      if (!can_run_in_process(trace, target->description())) continue;
      const Execution here = Executor(*target, folder).run(trace), there = Executor(*other, folder).run(trace);
      ASSERT_EQ(here.verdict, there.verdict) << here.reason << there.reason << to_text(trace);
      ASSERT_EQ(replies_of(here), replies_of(there)) << to_text(trace);
      ++compared;
    }
  }
  EXPECT_GE(compared, 12);
}

TEST_F(InProcessTargetTest, LeavesOutWhatWouldEndOrHoldTheProcess) {
  const auto can_run = [&](const std::string& steps) {
    return can_run_in_process(trace_of(steps), target->description());
  };
  EXPECT_TRUE(can_run(R"({"action":"arm","point":"files/open","effect":"fail","error":"EACCES"})"));
  EXPECT_FALSE(can_run(R"({"action":"arm","point":"files/open","effect":"kill"})"));
  EXPECT_FALSE(can_run(R"({"action":"arm","point":"files/open","effect":"pause"})"));
  const std::string lock = R"({"worker":0,"operations":[{"op":"cache_lock","key":"k"}]})";
  EXPECT_TRUE(can_run(lock));
  EXPECT_FALSE(can_run(lock + "\n" + R"({"worker":0,"operations":[{"op":"cache_increment","key":"k"}]})"));
  EXPECT_FALSE(can_run(R"({"action":"arm","point":"files/open","effect":"fail","error":"EINTR","onwards":true})"));
  EXPECT_FALSE(can_run(R"({"action":"kill","worker":0})"));
  EXPECT_FALSE(can_run(R"({"worker":0,"background":"b","operations":[]})"));
  EXPECT_FALSE(can_run(R"({"worker":0,"operations":[{"op":"rendezvous","name":"r"}]})"));
}

TEST(LeadsOut, TellsTracesThatMayLeadTheirTargetOut) {
  EXPECT_FALSE(may_lead_out(trace_of(R"({"action":"make_link","path":"@/l","target":"a/b"})")));
  EXPECT_FALSE(may_lead_out(trace_of(R"({"worker":0,"operations":[{"op":"symlink","target":"@/a","link":"@/l"}]})")));
  EXPECT_TRUE(may_lead_out(trace_of(R"({"action":"make_link","path":"@/l","target":"../.."})")));
  EXPECT_TRUE(may_lead_out(trace_of(R"({"worker":0,"operations":[{"op":"symlink","target":"..","link":"@/l"}]})")));
  EXPECT_TRUE(may_lead_out(trace_of("", R"(,"ini":{"opcache.error_log":"/tmp/log"})")));
  EXPECT_FALSE(may_lead_out(trace_of("", R"(,"ini":{"opcache.file_cache":"@/cache"})")));
}

}  // namespace
}  // namespace assay::fuzz
