#include "conformance/models/slow_requests.h"

#include <gtest/gtest.h>

#include "conformance/models/volatile_model.h"

namespace assay::conformance {
namespace {

// A request that stores for five seconds, waits while ten go by, and asks for what it stored.
class SlowRequests : public testing::Test {
 protected:
  SlowRequests() {
    Request request;
    request.background = "slow";
    const auto ask = [&](OperationKind kind, std::initializer_list<std::pair<const char*, Value>> arguments) {
      request.exchanges.push_back({make_operation(kind, arguments), "", std::nullopt});
    };
    ask(OperationKind::cache_set, {{"key", "k"}, {"value", 1}, {"ttl", 5}});
    ask(OperationKind::rendezvous, {{"name", "here"}});
    ask(OperationKind::cache_get, {{"key", "k"}, {"default", "none"}});
    trace_.steps = {request, make_action(ActionKind::wait_for_arrival, {{"name", "here"}}),
                    make_action(ActionKind::advance_clock, {{"seconds", 10}}),
                    make_action(ActionKind::release, {{"name", "here"}}),
                    make_action(ActionKind::await, {{"request", "slow"}})};
  }

  Judgement judge(Value got) const {
    const auto& exchanges = std::get<Request>(trace_.steps[0]).exchanges;
    const Reply replies[] = {Reply::of(true), Reply::of(Value()), Reply::of(std::move(got))};
    std::vector<Observation> seen;
    for (std::size_t i = 0; i < 3; ++i) {
      Observation observation;
      observation.exchange = i;
      observation.operation = exchanges[i].operation;
      observation.reply = replies[i];
      seen.push_back(std::move(observation));
    }
    const auto model = [](const Trace& trace, std::span<const Observation> observations) {
      return judge_data_cache(trace, observations, CacheRules());
    };
    return judge_in_sequence(model, trace_, seen);
  }

  Trace trace_;
};

TEST_F(SlowRequests, WhatExpiredMeanwhileIsGone) {
  const Judgement judgement = judge("none");
  EXPECT_FALSE(judgement.refusal);
  EXPECT_EQ(judgement.judged, 2u);
  EXPECT_EQ(judgement.not_judged, "");
}

TEST_F(SlowRequests, WhatShouldHaveExpiredIsRefusedWhereItStandsInTheTrace) {
  const Judgement judgement = judge(1);
  ASSERT_TRUE(judgement.refusal);
  EXPECT_EQ(judgement.refusal->step, 0u);
  EXPECT_EQ(judgement.refusal->exchange, 2u);
}

}  // namespace
}  // namespace assay::conformance
