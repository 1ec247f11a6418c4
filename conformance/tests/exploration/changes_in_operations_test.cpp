// The sources that measure replies first: what they ask in which order, and what they expect then.
#include "conformance/exploration/changes_in_operations.h"

#include <gtest/gtest.h>

#include "conformance/exploration/with_and_without_rows.h"

namespace assay::conformance {
namespace {

Trace labelled(const std::string& name, std::initializer_list<const char*> labels) {
  Trace trace;
  trace.name = name;
  Request request;
  for (const char* label : labels)
    request.exchanges.push_back({make_operation(OperationKind::time, {}), label, std::nullopt});
  trace.steps.emplace_back(request);
  return trace;
}

// What a target replied, in the order of the operations.
Execution replied(const Trace& trace, std::vector<Reply> replies) {
  Execution execution;
  const auto& exchanges = std::get<Request>(trace.steps[0]).exchanges;
  for (std::size_t i = 0; i < replies.size(); ++i) {
    Observation seen;
    seen.exchange = i;
    seen.operation = exchanges[i].operation;
    seen.reply = std::move(replies[i]);
    execution.observations.push_back(std::move(seen));
  }
  return execution;
}

bool takes(const Trace& trace, std::size_t exchange, const Reply& reply) {
  const auto& expected = std::get<Request>(trace.steps[0]).exchanges[exchange].expected;
  return expected && !mismatch(*expected, reply, {});
}

MidOperation operation() {
  return {"operation", [](MidOperation::Order order, const PointVisit& at) {
            return labelled(std::to_string(static_cast<int>(order)) + at.point, {"operation", "after"});
          }};
}

TEST(ChangesInOperations, ExpectsWhatComesBetweenTwoLooksAsWell) {
  MidOperation looks_twice = operation();
  looks_twice.between_looks = {equals("gone")};
  ChangesInOperations source({looks_twice}, 1, 0);
  for (int order = 0; order < 3; ++order) {
    const auto probe = source.next();
    ASSERT_TRUE(probe);
    Execution execution = replied(probe->trace, {Reply::of("old"), Reply::of("left")});
    execution.counted = {{"hit/found", 1}};
    source.observe(*probe, execution);
  }
  const auto candidate = source.next();
  ASSERT_TRUE(candidate);
  EXPECT_TRUE(takes(candidate->trace, 0, Reply::of("gone")));
  EXPECT_TRUE(takes(candidate->trace, 0, Reply::of("old")));
  EXPECT_FALSE(takes(candidate->trace, 0, Reply::of("never")));
  EXPECT_FALSE(takes(candidate->trace, 1, Reply::of("gone")));
}

TEST(ChangesInOperations, ExpectsWhatTheOrdersGaveAtEachPause) {
  ChangesInOperations source({operation()}, 1, 0);
  const char* replies[][2] = {{"old", "left"}, {"new", "changed"}, {"true", "not asked"}};
  for (const auto& [reply, after] : replies) {
    const auto probe = source.next();
    ASSERT_TRUE(probe && probe->role == Candidate::Role::probe);
    Execution execution = replied(probe->trace, {Reply::of(reply), Reply::of(after)});
    execution.counted = {{"hit/found", 2}, {"no such point", 5}};
    EXPECT_EQ(source.observe(*probe, execution), 0u);
  }
  std::size_t pauses = 0;
  while (const auto candidate = source.next()) {
    EXPECT_EQ(candidate->role, Candidate::Role::counted);
    EXPECT_EQ(candidate->trace.name, "3hit/found");
    for (const char* right : {"old", "new", "true"}) EXPECT_TRUE(takes(candidate->trace, 0, Reply::of(right)));
    EXPECT_FALSE(takes(candidate->trace, 0, Reply::of("a mixture")));
    EXPECT_FALSE(takes(candidate->trace, 0, Reply::thrown("Error", "")));
    EXPECT_TRUE(takes(candidate->trace, 1, Reply::of("left")));
    EXPECT_FALSE(takes(candidate->trace, 1, Reply::of("not asked")));
    Execution fired;
    fired.evidence.faults_fired = pauses == 0 ? 1 : 0;
    EXPECT_EQ(source.observe(*candidate, fired), pauses == 0 ? 1u : 0u) << "a pause that nobody came to is none";
    ++pauses;
  }
  EXPECT_EQ(pauses, 2u);
}

TEST(WithAndWithoutRows, ExpectsWithTheCacheWhatCameWithout) {
  using Cache = WithAndWithoutRows::Cache;
  WithAndWithoutRows source({{0}, {1}}, [](const Row& row, Cache cache) {
    return labelled(std::to_string(row[0]) + (cache == Cache::on ? " on" : " off"), {"include", ""});
  });
  for (int row = 0; row < 2; ++row) {
    const auto without = source.next();
    ASSERT_TRUE(without && without->role == Candidate::Role::probe);
    EXPECT_EQ(without->trace.name, std::to_string(row) + " off");
    Reply reply = Reply::of(row);
    reply.output = "printed";
    source.observe(*without, replied(without->trace, {reply, Reply::of("unlabelled")}));
    const auto with = source.next();
    ASSERT_TRUE(with && with->role == Candidate::Role::counted);
    EXPECT_EQ(with->trace.name, std::to_string(row) + " on");
    EXPECT_TRUE(takes(with->trace, 0, reply));
    EXPECT_FALSE(takes(with->trace, 0, Reply::of(row))) << "it printed nothing";
    EXPECT_FALSE(std::get<Request>(with->trace.steps[0]).exchanges[1].expected);
    EXPECT_EQ(source.observe(*with, Execution()), 1u);
  }
  EXPECT_FALSE(source.next());
}

}  // namespace
}  // namespace assay::conformance
