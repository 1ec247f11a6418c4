#include "conformance/models/judge_scripts.h"

#include <gtest/gtest.h>

#include "conformance/models/script_body.h"
#include "conformance/tests/models/observed_run.h"

namespace assay::conformance {
namespace {

constexpr const char* script = "@/a.php";

// One directory, one or two scripts, two workers, a window of two seconds, no protection.
class JudgeScripts : public testing::Test, protected ObservedRun {
 protected:
  void SetUp() override {
    ini("opcache.file_update_protection", "0");
    write("old", 1000);
  }
  void ini(const char* name, const char* value) { trace.configuration.ini[name] = value; }
  static std::string returning(const std::string& mark) {
    ScriptBody body;
    body.returned = {{ScriptBody::Element::Kind::mark, mark}};
    return source_of(body);
  }
  void write(const char* mark, std::int64_t age, const char* path = script) {
    act(ActionKind::write, {{"path", path}, {"content", returning(mark)}, {"age", age}});
  }
  static Operation of_path(OperationKind kind, const char* path = script) {
    return make_operation(kind, {{"path", path}});
  }
  void includes(int worker, const char* mark, const char* path = script) {
    answered(worker, of_path(OperationKind::include, path), Value::list({mark}));
  }
  std::string refused() {
    judgement = judge_scripts(trace, observations, "/r", {.excluded_main_script = false});
    return judgement.refusal ? judgement.refusal->clause : "";
  }
  // The last reply is the one possible: another is refused.
  void expect_only(const Value& wrong, const char* clause) {
    EXPECT_EQ(refused(), "") << judgement.refusal->message;
    const Reply right = std::exchange(observations.back().reply, Reply::of(wrong));
    EXPECT_EQ(refused(), clause);
    observations.back().reply = right;
  }
  Judgement judgement;
};

TEST_F(JudgeScripts, NotLookedAtAgainWithinTheWindow) {
  includes(0, "old");
  write("new", 500);
  advance(2);
  includes(1, "old");
  expect_only(Value::list({"new"}), "SC-VAL-02");
  advance(1);
  includes(1, "new");
  expect_only(Value::list({"old"}), "SC-VAL-02");
}

TEST_F(JudgeScripts, ANewFileWithTheSameTimeIsNeverSeen) {
  ini("opcache.revalidate_freq", "0");
  includes(0, "old");
  write("new", 1000);
  includes(0, "old");
  expect_only(Value::list({"new"}), "SC-VAL-02");
}

TEST_F(JudgeScripts, WithoutValidationNothingIsSeen) {
  ini("opcache.validate_timestamps", "0");
  includes(0, "old");
  act(ActionKind::remove, {{"path", script}});
  advance(100);
  includes(0, "old");
  expect_only(false, "SC-VAL-01");
}

TEST_F(JudgeScripts, ProtectedFilesAreNotStored) {
  ini("opcache.file_update_protection", "2");
  write("young", 1);
  includes(0, "young");
  answered(0, of_path(OperationKind::is_cached), false);
  expect_only(true, "SC-API-10");
  advance(1);
  includes(0, "young");
  answered(0, of_path(OperationKind::is_cached), true);
  expect_only(false, "SC-API-10");
}

TEST_F(JudgeScripts, ASwitchedLinkShowsWhenTheWindowIsOver) {
  write("other", 900, "@/b.php");
  act(ActionKind::make_link, {{"path", "@/l"}, {"target", "a.php"}});
  includes(0, "old", "@/l");
  act(ActionKind::swap_link, {{"path", "@/l"}, {"target", "b.php"}});
  includes(1, "old", "@/l");
  expect_only(Value::list({"other"}), "SC-VAL-02");
  advance(3);
  includes(1, "other", "@/l");
  expect_only(Value::list({"old"}), "SC-VAL-02");
}

TEST_F(JudgeScripts, ALinkThatLeadsNowhereChangesNothing) {
  act(ActionKind::make_link, {{"path", "@/l"}, {"target", "a.php"}});
  includes(0, "old", "@/l");
  act(ActionKind::swap_link, {{"path", "@/l"}, {"target", "gone"}});
  advance(3);
  includes(1, "old", "@/l");
  expect_only(false, "SC-VAL-02");
}

TEST_F(JudgeScripts, InvalidationWithAndWithoutForce) {
  includes(0, "old");
  answered(0, of_path(OperationKind::invalidate), true);
  answered(0, of_path(OperationKind::is_cached), true);
  expect_only(false, "SC-API-10");
  answered(0, make_operation(OperationKind::invalidate, {{"path", script}, {"force", true}}), true);
  answered(0, of_path(OperationKind::is_cached), false);
  expect_only(true, "SC-API-10");
  answered(0, of_path(OperationKind::invalidate, "@/none.php"), false);
  expect_only(true, "SC-API-02");
}

TEST_F(JudgeScripts, ARestartIsPerformedUnlessAnotherWorkerMayHoldItOff) {
  includes(0, "old");
  answered(0, make_operation(OperationKind::reset, {}), true);
  expect_only(false, "SC-API-01");
  answered(1, of_path(OperationKind::is_cached), false);
  expect_only(true, "SC-API-10");
  then(make_operation(OperationKind::reset, {}), true);  // it was performed
  EXPECT_EQ(refused(), "");
  observations.back().reply = Reply::of(false);  // worker 0 held it off
  EXPECT_EQ(refused(), "");
}

TEST_F(JudgeScripts, AMainScriptOfASwitchedLinkStaysTheOldOne) {
  ini("opcache.revalidate_freq", "0");
  ini("realpath_cache_size", "0");
  for (const char* mark : {"one", "two"}) {
    ScriptBody body;
    body.printed = mark;
    act(ActionKind::write, {{"path", std::string("@/") + mark + ".php"}, {"content", source_of(body)}});
  }
  const auto page = [](int status, const char* body) { return Value::map({{"status", status}, {"body", body}}); };
  act(ActionKind::make_link, {{"path", "@/l"}, {"target", "one.php"}});
  answered(0, of_path(OperationKind::serve, "@/l"), page(200, "one"));
  act(ActionKind::swap_link, {{"path", "@/l"}, {"target", "two.php"}});
  answered(1, of_path(OperationKind::serve, "@/l"), page(200, "one"));
  expect_only(page(200, "two"), "SC-STA-01");
  answered(1, of_path(OperationKind::serve, "@/none.php"), page(404, "File not found.\n"));
  observations.back().reply.diagnostics = {"Primary script unknown"};
  expect_only(page(200, ""), "SC-STA-01");
}

TEST_F(JudgeScripts, TheCacheAnswersForFilesItHas) {
  ini("opcache.enable_file_override", "1");
  includes(0, "old");
  act(ActionKind::remove, {{"path", script}});
  answered(1, of_path(OperationKind::is_file), true);
  expect_only(false, "SC-OVR-01");
  answered(1, of_path(OperationKind::is_file, "@/./a.php"), false);
  expect_only(true, "SC-OVR-01");
  advance(3);
  answered(1, of_path(OperationKind::file_exists), false);
  expect_only(true, "SC-OVR-01");
}

TEST_F(JudgeScripts, ExcludedScriptsAreNotStored) {
  ini("opcache.blacklist_filename", "@/list");
  write("other", 1000, "@/d/b.php");
  act(ActionKind::write, {{"path", "@/list"}, {"content", "@/d/\n"}});
  act(ActionKind::reload, {});
  includes(0, "old");
  includes(0, "other", "@/d/b.php");
  answered(0, of_path(OperationKind::is_cached, "@/d/b.php"), false);
  expect_only(true, "SC-API-10");
  answered(0, of_path(OperationKind::is_cached), true);
  expect_only(false, "SC-API-10");
  act(ActionKind::write, {{"path", "@/list"}, {"content", "d/\n"}});
  act(ActionKind::reload, {});
  includes(0, "nonsense");
  EXPECT_EQ(refused(), "");
  EXPECT_EQ(judgement.not_judged, "a blacklist of another form");
}

TEST_F(JudgeScripts, AFullTableStoresNothingMore) {
  ini("opcache.max_accelerated_files", "200");
  for (int i = 0; i < 222; ++i) {
    const std::string path = "@/f" + std::to_string(i);
    write("f", 1000, path.c_str());
    includes(0, "f", path.c_str());
  }
  includes(0, "old");
  answered(0, of_path(OperationKind::is_cached), true);
  expect_only(false, "SC-API-10");
  write("late", 1000, "@/late.php");
  includes(0, "late", "@/late.php");
  answered(0, of_path(OperationKind::is_cached, "@/late.php"), false);
  expect_only(true, "SC-API-10");
}

TEST_F(JudgeScripts, AFileServesAfterARestartAndAReload) {
  ini("opcache.file_cache", "@");
  ini("opcache.validate_timestamps", "0");
  includes(0, "old");
  write("new", 900);
  answered(0, make_operation(OperationKind::reset, {}), true);
  includes(0, "old");
  expect_only(Value::list({"new"}), "SC-VAL-01");
  act(ActionKind::reload, {});
  includes(1, "old");
  expect_only(Value::list({"new"}), "SC-VAL-01");
}

TEST_F(JudgeScripts, AFileThatIsDamagedRemovedOrOlderDoesNotServe) {
  ini("opcache.file_cache", "@");
  ini("opcache.validate_timestamps", "0");
  constexpr const char* file = "@/*@/a.php.bin";
  for (const char* how : {"damaged", "removed"}) {
    write(how, 900);
    if (how == std::string("removed"))
      act(ActionKind::remove, {{"path", file}});
    else
      act(ActionKind::write, {{"path", file}, {"content", "junk"}});
    act(ActionKind::reload, {});
    includes(0, how);
    expect_only(Value::list({"old"}), "SC-VAL-01");
  }
  trace.configuration.ini.erase("opcache.validate_timestamps");
  write("newer", 800);
  act(ActionKind::reload, {});
  includes(0, "newer");
  expect_only(Value::list({"removed"}), "SC-VAL-02");
}

TEST_F(JudgeScripts, AnInvalidationRemovesTheFile) {
  ini("opcache.file_cache", "@");
  ini("opcache.validate_timestamps", "0");
  includes(0, "old");
  answered(0, of_path(OperationKind::invalidate), true);
  act(ActionKind::reload, {});
  write("new", 900);
  includes(0, "new");
  expect_only(Value::list({"old"}), "SC-VAL-01");
}

TEST_F(JudgeScripts, WithoutMemoryOnlyFilesServe) {
  ini("opcache.file_cache", "@");
  ini("opcache.file_cache_only", "1");
  includes(0, "old");
  answered(0, of_path(OperationKind::is_cached), false);
  expect_only(true, "SC-API-10");
  answered(0, make_operation(OperationKind::reset, {}), false);
  expect_only(true, "SC-API-01");
  write("new", 900);
  includes(0, "new");
  expect_only(Value::list({"old"}), "SC-VAL-02");
}

TEST_F(JudgeScripts, AFileThatAUserMayNotReadIsServedFromMemoryOnly) {
  trace.configuration.pools[1].ini["user"] = "nobody";
  act(ActionKind::set_mode, {{"path", script}, {"mode", 0600}});
  answered(1, of_path(OperationKind::include), false);
  observations.back().reply.diagnostics = {"Warning: include(@/a.php): Failed to open stream: Permission denied",
                                           "Warning: include(): Failed opening '@/a.php' for inclusion"};
  expect_only(Value::list({"old"}), "SC-VAL-02");
  includes(0, "old");
  includes(1, "old");
  expect_only(false, "SC-VAL-02");
  ini("opcache.validate_permission", "1");
  EXPECT_EQ(refused(), "SC-VAL-02");
}

// A request waits, so that a restart does; it goes on with what it has, and others work without the cache.
TEST_F(JudgeScripts, ARequestThatWaitsHoldsARestartOff) {
  ini("opcache.force_restart_timeout", "0");
  includes(0, "old");
  includes(0, "old");
  std::get<Request>(trace.steps.back()).background = "slow";
  then(make_operation(OperationKind::rendezvous, {{"name", "r"}}), true);
  then(of_path(OperationKind::is_cached), true);
  act(ActionKind::wait_for_arrival, {{"name", "r"}});
  answered(1, make_operation(OperationKind::reset, {}), true);
  answered(1, of_path(OperationKind::is_cached), false);
  expect_only(true, "SC-API-10");
  act(ActionKind::release, {{"name", "r"}});
  act(ActionKind::await, {{"request", "slow"}});
  EXPECT_EQ(refused(), "") << judgement.refusal->message;
  EXPECT_EQ(judgement.not_judged, "");
  observations[3].reply = Reply::of(false);
  EXPECT_EQ(refused(), "SC-API-10");
  observations[3].reply = Reply::of(true);
  answered(0, make_operation(OperationKind::reset, {}), true);
  expect_only(false, "SC-API-01");
}

TEST_F(JudgeScripts, RequestsThatRunAtTheSameTimeAreNotJudged) {
  ini("opcache.force_restart_timeout", "0");
  includes(0, "old");
  std::get<Request>(trace.steps.back()).background = "slow";
  then(make_operation(OperationKind::rendezvous, {{"name", "r"}}), true);
  includes(1, "nonsense");
  EXPECT_EQ(refused(), "");
  EXPECT_EQ(judgement.not_judged, "requests overlap");
}

TEST_F(JudgeScripts, WhatItDoesNotFollowItDoesNotJudge) {
  includes(0, "old");
  act(ActionKind::write, {{"path", "@/c.php"}, {"content", "<?php return 1 + 1;"}});
  includes(0, "nonsense");
  EXPECT_EQ(refused(), "");
  EXPECT_NE(judgement.not_judged, "");
  EXPECT_EQ(judgement.judged, 1u);
}

TEST(ScriptBody, IsReadBackAsItWasWritten) {
  using Kind = ScriptBody::Element::Kind;
  ScriptBody body;
  EXPECT_EQ(body_of(source_of(body)), body);
  body.printed = "p";
  EXPECT_EQ(body_of(source_of(body)), body);
  body.returned = {
      {Kind::mark, "v1"}, {Kind::own_file}, {Kind::own_directory}, {Kind::include, "b.php", "include_once"}};
  EXPECT_EQ(body_of(source_of(body)), body);
  body.returned.back().beside = true;
  EXPECT_EQ(body_of(source_of(body)), body);
  body.ballast = 3;
  body.strings = 2;
  body.series = "s7";
  EXPECT_EQ(body_of(source_of(body)), body);
  EXPECT_EQ(body_of("<?php return 1;"), std::nullopt);
  EXPECT_EQ(body_of(source_of(body) + " "), std::nullopt);
}

}  // namespace
}  // namespace assay::conformance
