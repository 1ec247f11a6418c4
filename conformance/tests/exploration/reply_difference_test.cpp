#include "conformance/exploration/reply_difference.h"

#include <gmock/gmock-matchers.h>
#include <gmock/gmock-more-matchers.h>

namespace assay::conformance {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

using K = OperationKind;

Observation seen(Operation operation, Reply reply, Outcome::Kind end = Outcome::Kind::completed) {
  Observation observation;
  observation.operation = std::move(operation);
  observation.reply = std::move(reply);
  observation.outcome = end;
  return observation;
}

std::vector<ReplyDifference> between(const Operation& operation, const Reply& a, const Reply& b,
                                     ComparisonRules rules = {}) {
  const std::vector<Observation> in_a = {seen(operation, a)}, in_b = {seen(operation, b)};
  return differences_between(in_a, in_b, rules);
}

// The kinds; each expectation holds for A's reply and not for B's.
std::vector<std::string> kinds(const Operation& operation, const Reply& a, const Reply& b, ComparisonRules rules = {}) {
  std::vector<std::string> all;
  for (const ReplyDifference& difference : between(operation, a, b, rules)) {
    all.push_back(difference.kind);
    EXPECT_TRUE(difference.expected) << difference.kind;
    EXPECT_EQ(mismatch(*difference.expected, a, {}), std::nullopt) << difference.kind;
    EXPECT_NE(mismatch(*difference.expected, b, {}), std::nullopt) << difference.kind;
  }
  return all;
}

Operation include() {
  return make_operation(K::include, {{"path", "@/a.php"}});
}
Operation status() {
  return make_operation(K::script_status, {});
}
Value report(std::int64_t used, std::int64_t hits) {
  return Value::map({{Key("memory_usage"), Value::map({{Key("used_memory"), used}})},
                     {Key("scripts"), Value::map({{Key("@/a.php"), Value::map({{Key("hits"), hits}})}})}});
}

TEST(ReplyDifferenceTest, EqualRepliesDoNotDiffer) {
  EXPECT_THAT(kinds(include(), Reply::of("new"), Reply::of("new")), IsEmpty());
  EXPECT_THAT(kinds(include(), Reply::thrown("Error", "no"), Reply::thrown("Error", "no")), IsEmpty());
}

TEST(ReplyDifferenceTest, AKindSaysOperationAndPartWithoutTheNumbers) {
  EXPECT_THAT(kinds(include(), Reply::of(7), Reply::of(8)), ElementsAre("include: value, int against int"));
  EXPECT_THAT(kinds(include(), Reply::of(7), Reply::of(false)), ElementsAre("include: value, int against false"));
  EXPECT_THAT(kinds(include(), Reply::of(7), Reply::thrown("Error", "gone")),
              ElementsAre("include: reply, int against thrown Error"));
  EXPECT_THAT(kinds(include(), Reply::thrown("Error", "gone (7)"), Reply::of(7)),
              ElementsAre("include: reply, thrown Error against int"));
}

TEST(ReplyDifferenceTest, EachPartOfAReportIsOneByItself) {
  EXPECT_THAT(kinds(status(), Reply::of(report(1, 1)), Reply::of(report(1, 2))),
              ElementsAre("script_status: value at scripts/PATH/hits, int against int"));
  EXPECT_THAT(kinds(status(), Reply::of(report(1, 1)), Reply::of(Value::map({{Key("scripts"), Value::list({})}}))),
              ElementsAre("script_status: value at scripts/PATH, array against nothing"));
  EXPECT_THAT(kinds(status(), Reply::of(Value::list({})), Reply::of(Value::map({{Key("jit"), 1}}))),
              ElementsAre("script_status: value at jit, nothing against int"));
}

TEST(ReplyDifferenceTest, BytesOfMemoryAreComparedWhereTheyAreAskedFor) {
  EXPECT_THAT(kinds(status(), Reply::of(report(100, 1)), Reply::of(report(200, 1))), IsEmpty());
  EXPECT_THAT(kinds(status(), Reply::of(report(100, 1)), Reply::of(report(200, 1)), {.memory = true}),
              ElementsAre("script_status: value at memory_usage/used_memory, int against int"));
}

TEST(ReplyDifferenceTest, TimesOfTheRealClockAreNotCompared) {
  const ComparisonRules rules{.real_began = 1000, .real_ended = 1010};
  const Operation mtime = make_operation(K::file_mtime, {{"path", "@/a"}});
  EXPECT_THAT(kinds(mtime, Reply::of(1001), Reply::of(1009), rules), IsEmpty());
  EXPECT_THAT(kinds(mtime, Reply::of(1001), Reply::of(1011), rules), SizeIs(1));
}

TEST(ReplyDifferenceTest, ProcessIdsAreNotCompared) {
  EXPECT_THAT(kinds(make_operation(K::process_id, {}), Reply::of(1), Reply::of(2)), IsEmpty());
}

TEST(ReplyDifferenceTest, OrderIsComparedButInReports) {
  const Value ab = Value::map({{Key("a"), 1}, {Key("b"), 2}}), ba = Value::map({{Key("b"), 2}, {Key("a"), 1}});
  EXPECT_THAT(kinds(include(), Reply::of(ab), Reply::of(ba)),
              ElementsAre("include: value in another order, array against array"));
  EXPECT_THAT(kinds(make_operation(K::realpath_cache_get, {}), Reply::of(ab), Reply::of(ba)), IsEmpty());
}

TEST(ReplyDifferenceTest, OutputAndDiagnosticsAreParts) {
  Reply a = Reply::of(1), b = Reply::of(1);
  a.output = "line 7\n";
  b.diagnostics = {"Warning: include(@/d/a.php): no such file"};
  EXPECT_THAT(kinds(include(), a, b), ElementsAre("include: output, line N against nothing",
                                                  "include: diagnostics, none against Warning: include(PATH): no such "
                                                  "file"));
}

TEST(ReplyDifferenceTest, WhatWasThrownIsClassAndMessage) {
  EXPECT_THAT(kinds(include(), Reply::thrown("Error", "a (b)"), Reply::thrown("TypeError", "a (b)")),
              ElementsAre("include: thrown, Error against TypeError"));
  EXPECT_THAT(kinds(include(), Reply::thrown("Error", "at 7"), Reply::thrown("Error", "none")),
              ElementsAre("include: message of Error, at N against none"));
}

TEST(ReplyDifferenceTest, AnotherEndOfARequestIsOneDifferenceAtTheOperationThatEndedIt) {
  std::vector<Observation> a, b;
  for (std::size_t i = 0; i < 3; ++i) {
    a.push_back(seen(include(), Reply::of(1)));
    b.push_back(seen(include(), i == 0 ? Reply::of(1) : Reply::not_run(), Outcome::Kind::died));
    a.back().exchange = b.back().exchange = i;
  }
  const auto found = differences_between(a, b, {});
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].kind, "include: end of the request, completed against died");
  EXPECT_EQ(found[0].exchange, 1u);
  EXPECT_EQ(found[0].end, Outcome::Kind::completed);
}

TEST(ReplyDifferenceTest, OnlyWhatBothCameToIsCompared) {
  const std::vector<Observation> a = {seen(include(), Reply::of(1))};
  EXPECT_THAT(differences_between(a, {}, {}), IsEmpty());
}

}  // namespace
}  // namespace assay::conformance
