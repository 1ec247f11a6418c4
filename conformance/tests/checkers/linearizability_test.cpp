#include "conformance/checkers/linearizability.h"
// gmock has a macro ACTION of its own, and must come after ours.
#include "conformance/models/volatile_model.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace assay::conformance {
namespace {

using testing::HasSubstr;
using testing::Not;
using Kind = KeyEvent::Kind;
using Result = KeyEvent::Result;

class LinearizabilityTest : public testing::Test {
 protected:
  HistoryCall<KeyEvent>& call(int worker, std::int64_t began, std::int64_t ended, Kind kind, Result result,
                              int value = 0) {
    HistoryCall<KeyEvent> made;
    made.event.kind = kind;
    made.event.result = result;
    if (kind == Kind::set || result == Result::hit) made.event.value = values.number(Value(value));
    made.worker = worker;
    made.began = began;
    made.ended = ended;
    history.push_back(made);
    return history.back();
  }
  void set(int worker, std::int64_t began, std::int64_t ended, int value) {
    call(worker, began, ended, Kind::set, Result::done, value);
  }
  void get(int worker, std::int64_t began, std::int64_t ended, int value) {
    call(worker, began, ended, Kind::get, Result::hit, value);
  }
  void miss(int worker, std::int64_t began, std::int64_t ended) { call(worker, began, ended, Kind::get, Result::miss); }
  void crashed_set(int worker, std::int64_t began, int value) {
    auto& made = call(worker, began, HistoryCall<KeyEvent>::never, Kind::set, Result::done, value);
    made.may_be_left_out = true;
  }
  LinearizabilityResult check(std::uint64_t limit = 1'000'000) {
    const VolatileKeyModel model(rules, clock, values);
    return LinearizabilityChecker(model, limit).check(history);
  }

  CacheRules rules;
  ClockTimeline clock;
  ValueTable values;
  History<KeyEvent> history;
};

TEST_F(LinearizabilityTest, NothingIsLinearizable) {
  EXPECT_EQ(check().verdict, Linearizability::yes);
}

TEST_F(LinearizabilityTest, OneAfterTheOther) {
  miss(0, 0, 1);
  set(0, 2, 3, 1);
  get(1, 4, 5, 1);
  set(1, 6, 7, 2);
  get(0, 8, 9, 2);
  EXPECT_EQ(check().verdict, Linearizability::yes);
}

TEST_F(LinearizabilityTest, AnOverlappingReadSeesOldOrNew) {
  set(0, 0, 1, 1);
  set(0, 2, 9, 2);
  get(1, 3, 4, 1);
  get(1, 5, 6, 2);
  EXPECT_EQ(check().verdict, Linearizability::yes);
}

TEST_F(LinearizabilityTest, NewThenOldIsNotAllowed) {
  set(0, 0, 1, 1);
  set(0, 2, 9, 2);
  get(1, 3, 4, 2);
  get(1, 5, 6, 1);
  const auto result = check();
  EXPECT_EQ(result.verdict, Linearizability::no);
  EXPECT_THAT(result.explanation, HasSubstr("get -> 1"));
  EXPECT_THAT(result.explanation, HasSubstr("get -> 2"));
}

TEST_F(LinearizabilityTest, StaleReadIsFoundAndExplainedBriefly) {
  for (int i = 0; i < 50; ++i) {
    set(0, 10 * i, 10 * i + 1, i);
    get(1, 10 * i + 2, 10 * i + 3, i);
  }
  get(2, 495, 496, 20);
  const auto result = check();
  EXPECT_EQ(result.verdict, Linearizability::no);
  EXPECT_LE(result.culprits.size(), 4u) << result.explanation;
  EXPECT_THAT(result.explanation, HasSubstr("W2"));
  EXPECT_THAT(result.explanation, Not(HasSubstr("set 7\n")));
}

TEST_F(LinearizabilityTest, LostUpdate) {
  call(0, 0, 1, Kind::set, Result::done, 5);
  for (int worker = 0; worker < 2; ++worker) {
    auto& made = call(worker, 2, 9, Kind::add, Result::done);
    made.event.step_by = 1;
    made.event.shown = 6;
    made.event.value = values.number(Value(6));
  }
  EXPECT_EQ(check().verdict, Linearizability::no);
  history.back().event.shown = 7;
  history.back().event.value = values.number(Value(7));
  EXPECT_EQ(check().verdict, Linearizability::yes);
}

TEST_F(LinearizabilityTest, MissNeedsAReason) {
  set(0, 0, 1, 1);
  miss(1, 2, 3);
  EXPECT_EQ(check().verdict, Linearizability::no);
  rules.eviction = Eviction::some;
  EXPECT_EQ(check().verdict, Linearizability::yes);
  get(1, 4, 5, 1);  // evicted entries do not come back
  EXPECT_EQ(check().verdict, Linearizability::no);
}

TEST_F(LinearizabilityTest, MissBesideADeletion) {
  set(0, 0, 1, 1);
  call(0, 2, 9, Kind::remove, Result::done);
  miss(1, 3, 4);
  EXPECT_EQ(check().verdict, Linearizability::yes);
  get(1, 5, 6, 1);
  EXPECT_EQ(check().verdict, Linearizability::no);
}

TEST_F(LinearizabilityTest, CrashedWriteMayBeSeenLate) {
  set(0, 0, 1, 1);
  crashed_set(1, 2, 2);
  get(0, 4, 5, 1);
  get(0, 6, 7, 2);
  get(2, 8, 9, 2);
  EXPECT_EQ(check().verdict, Linearizability::yes);
  get(2, 10, 11, 1);  // once seen as done it stays done
  EXPECT_EQ(check().verdict, Linearizability::no);
}

TEST_F(LinearizabilityTest, CrashedWriteMayNeverBeSeen) {
  set(0, 0, 1, 1);
  crashed_set(1, 2, 2);
  get(0, 4, 5, 1);
  EXPECT_EQ(check().verdict, Linearizability::yes);
  get(0, 6, 7, 3);
  EXPECT_EQ(check().verdict, Linearizability::no);
}

TEST_F(LinearizabilityTest, OperationsOfOneRequestKeepTheirOrder) {
  set(0, 0, 9, 1);
  get(0, 0, 9, 2);
  set(0, 0, 9, 2);
  EXPECT_EQ(check().verdict, Linearizability::yes);
  history[1].after = 0;
  history[2].after = 1;
  EXPECT_EQ(check().verdict, Linearizability::no);
}

TEST_F(LinearizabilityTest, BeyondTheLimitItMakesNoStatement) {
  for (int i = 0; i < 12; ++i) set(i, 0, 100, i);
  for (int i = 0; i < 6; ++i) get(20, 101 + 2 * i, 102 + 2 * i, i);
  EXPECT_EQ(check(200).verdict, Linearizability::inconclusive);
  EXPECT_EQ(check().verdict, Linearizability::no);
}

// Random histories of a real cell: clients that overlap, each operation taking effect at a moment between its stamps.
History<KeyEvent> random_history(std::mt19937& random, ValueTable& values, int clients, int operations) {
  struct Planned {
    std::int64_t began, moment, ended;
    int client, value;  // value < 0: a read
  };
  std::vector<Planned> planned;
  for (int client = 0; client < clients; ++client) {
    std::int64_t now = static_cast<std::int64_t>(random() % 10);
    for (int i = 0; i < operations; ++i) {
      Planned p{now, 0, 0, client, random() % 2 ? static_cast<int>(random() % 1000) : -1};
      p.moment = p.began + 1 + static_cast<std::int64_t>(random() % 20);
      p.ended = p.moment + 1 + static_cast<std::int64_t>(random() % 20);
      now = p.ended + 1 + static_cast<std::int64_t>(random() % 5);
      planned.push_back(p);
    }
  }
  std::stable_sort(planned.begin(), planned.end(), [](auto& a, auto& b) { return a.moment < b.moment; });
  History<KeyEvent> history;
  int cell = -1;
  for (const Planned& p : planned) {
    HistoryCall<KeyEvent> call;
    call.worker = p.client;
    call.began = p.began;
    call.ended = p.ended;
    call.event.kind = p.value >= 0 ? Kind::set : Kind::get;
    if (p.value >= 0) cell = p.value;
    call.event.result = p.value >= 0 ? Result::done : cell < 0 ? Result::miss : Result::hit;
    if (cell >= 0) call.event.value = values.number(Value(cell));
    history.push_back(call);
  }
  return history;
}

TEST_F(LinearizabilityTest, HistoriesOfARealCellAreAccepted) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    history = random_history(random, values, 5, 30);
    const auto result = check();
    ASSERT_EQ(result.verdict, Linearizability::yes) << "round " << round << "\n" << result.explanation;
  }
}

TEST_F(LinearizabilityTest, ValuesThatNobodyStoredAreFoundInRandomHistories) {
  std::mt19937 random(8);
  for (int round = 0; round < 50; ++round) {
    history = random_history(random, values, 5, 30);
    const std::size_t victim = random() % history.size();
    history[victim].event.kind = Kind::get;
    history[victim].event.result = Result::hit;
    history[victim].event.value = values.number(Value(5000));
    ASSERT_EQ(check().verdict, Linearizability::no) << "round " << round;
  }
}

// Against a search that tries every order: same answer on small histories, right or wrong.
bool any_order(const VolatileKeyModel& model, const History<KeyEvent>& calls, std::vector<char>& placed,
               const std::vector<KeyState>& states) {
  std::int64_t first_end = HistoryCall<KeyEvent>::never;
  for (std::size_t i = 0; i < calls.size(); ++i)
    if (!placed[i] && !calls[i].may_be_left_out) first_end = std::min(first_end, calls[i].ended);
  if (first_end == HistoryCall<KeyEvent>::never) return true;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    if (placed[i] || calls[i].began > first_end) continue;
    std::vector<KeyState> next;
    for (const KeyState& state : states) model.step(state, calls[i].event, next);
    if (next.empty()) continue;
    placed[i] = true;
    const bool found = any_order(model, calls, placed, next);
    placed[i] = false;
    if (found) return true;
  }
  return false;
}

TEST_F(LinearizabilityTest, AgreesWithExhaustiveSearch) {
  std::mt19937 random(9);
  int wrong = 0;
  for (int round = 0; round < 3000; ++round) {
    history.clear();
    rules.eviction = random() % 4 == 0 ? Eviction::some : Eviction::no_entry;
    for (int i = 0; i < 6; ++i) {
      const auto began = static_cast<std::int64_t>(random() % 12);
      const auto ended = began + 1 + static_cast<std::int64_t>(random() % 6);
      const int value = static_cast<int>(random() % 3);
      switch (random() % 6) {
        case 0:
          miss(i, began, ended);
          break;
        case 1:
          call(i, began, ended, Kind::remove, Result::done);
          break;
        case 2:
          crashed_set(i, began, value);
          break;
        case 3:
          set(i, began, ended, value);
          break;
        default:
          get(i, began, ended, value);
          break;
      }
    }
    const VolatileKeyModel model(rules, clock, values);
    std::vector<char> placed(history.size());
    const bool expected = any_order(model, history, placed, {KeyState{}});
    wrong += expected ? 0 : 1;
    ASSERT_EQ(check().verdict == Linearizability::yes, expected) << "round " << round;
  }
  EXPECT_GT(wrong, 500);
  EXPECT_LT(wrong, 2900);
}

TEST_F(LinearizabilityTest, TenThousandCallsOnOneKey) {
  std::mt19937 random(10);
  history = random_history(random, values, 10, 1000);
  const auto result = check();
  EXPECT_EQ(result.verdict, Linearizability::yes);
  RecordProperty("visits", static_cast<int>(result.visits));
}

}  // namespace
}  // namespace assay::conformance
