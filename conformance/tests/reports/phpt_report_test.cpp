#include "conformance/reports/phpt_report.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <functional>

#include "conformance/reports/phpt_values.h"
#include "conformance/reports/report_file.h"
#include "conformance/scenario/scenario.h"
#include "conformance/tests/scenario/told_scenario.h"
#include "conformance/vocabulary/input_file.h"

namespace assay::conformance {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

Trace trace_of(const Steps::Story& story) {
  const Description target;
  return Steps(target, story).build("SC-VAL-02/sample", {"SC-VAL-02"});
}

std::string phpt_error(const Steps::Story& story) {
  const auto printed = to_phpt(trace_of(story));
  return printed ? "" : printed.error().message;
}

// Runs PHP's own run-tests.php, where Debian's phpN.N-dev has put it.
class RunTests : public testing::Test {
 protected:
  void SetUp() override {
    // The program that "php" is, and where it looks for extensions; run-tests.php is below that.
    FILE* answer = ::popen("php -n -r 'echo PHP_BINARY, \"\\n\", PHP_EXTENSION_DIR;' 2>/dev/null", "r");
    for (int c; answer && (c = std::fgetc(answer)) != EOF;) program += static_cast<char>(c);
    if (answer) ::pclose(answer);
    const std::size_t end = program.find('\n');
    if (end == std::string::npos) GTEST_SKIP() << "there is no php here";
    runner = program.substr(end + 1) + "/build/run-tests.php";
    program.resize(end);
    if (!fs::exists(runner)) GTEST_SKIP() << "there is no " << runner << " (Debian: php-dev)";
    std::string name = (fs::temp_directory_path() / "assay-phpt-XXXXXX").string();
    folder = ::mkdtemp(name.data());
  }
  void TearDown() override {
    if (!folder.empty()) fs::remove_all(folder);
  }

  // What run-tests.php says: "PASS", "FAIL", "SKIP", ...
  std::string run(const Trace& trace, PhptStaticCache form = PhptStaticCache::opcache) {
    const auto printed = to_phpt(trace, {"sample", "", form});
    if (!printed) return printed.error().message;
    EXPECT_TRUE(write_report_file(folder / "sample.phpt", *printed));
    const std::string command = "cd '" + folder.string() + "' && NO_INTERACTION=1 TEST_PHP_EXECUTABLE=" + program +
                                " " + program + " " + runner + " -n -q -W results.txt sample.phpt > output.txt 2>&1";
    const int status = std::system(command.c_str());
    if (fs::exists(folder / "sample.diff")) difference = read_input_file(folder / "sample.diff").value_or("");
    const auto results = read_input_file(folder / "results.txt");
    if (!results) return "no results; status " + std::to_string(status);
    return results->substr(0, results->find_first_of("\t "));
  }

  std::string program, runner;
  fs::path folder;
  std::string difference;
};

// A whole life of a script, with most matchers.
Trace script_trace() {
  return trace_of([](Steps& s) {
    auto one = s.worker();
    s.ini("opcache.revalidate_freq", "0");
    s.write("@/a.php", returns("o'l\"d $x"));
    auto before = one.status();
    s.expect(one.include("@/a.php"), "o'l\"d $x");
    s.expect(one.is_cached("@/a.php"), true);
    auto after = one.status();
    s.expect(after, s.grew({"opcache_statistics", "num_cached_scripts"}, 1, before));
    s.expect(after, at({"opcache_enabled"}, true));
    s.expect(after, all_of({has({"memory_usage", "used_memory"}), lacks({"nothing"}), of_type("array"),
                            negated(equals(7)), s.at_least(before, {"memory_usage", "used_memory"})}));
    s.expect(after, has({"scripts", "@/a.php"}));
    s.expect(one.invalidate("@/a.php", true), one_of({true, 1}));
    s.expect(one.is_cached("@/a.php"), false);
    s.write("@/b.php", php("echo 'printed'; echo $undefined; return [1, 'k' => 1.5, 'deep' => [-0.0, 1e25, null]];"));
    auto b = one.include("@/b.php");
    s.expect(b, all_of({prints("printed"), diagnoses(has_length(1)), at({"k"}, between(1, 2))}));
    auto again = one.include("@/b.php");
    s.expect(again, Value(Elements{{0, 1}, {"k", 1.5}, {"deep", Value::list({-0.0, 1e25, nullptr})}}));
    s.write("@/c.php", php("throw new LogicException('in ' . __FILE__);"));
    s.expect(one.include("@/c.php"), throws("LogicException", "^in @/c\\.php$"));
  });
}

TEST_F(RunTests, AScriptTracePasses) {
  EXPECT_EQ(run(script_trace()), "PASSED") << difference;
}

TEST_F(RunTests, ARealpathTracePasses) {
  const Trace trace = trace_of([](Steps& s) {
    auto one = s.worker();
    s.write("@/v1/file", "one");
    s.write("@/v2/file", "two");
    s.make_link("@/current", "@/v1");
    auto r = one.request();
    s.expect(r.realpath("@/current/file"), "@/v1/file");
    s.swap_link("@/current", "@/v2");
    auto q = one.request();
    s.expect(q.realpath("@/current/file"), "@/v1/file");
    auto listing = q.realpath_listing();
    s.expect(listing, has({"@/current/file"}));
    q.clear_realpath_cache();
    s.expect(q.realpath_listing(), has_length(0));
    s.expect(q.realpath("@/current/file"), "@/v2/file");
    s.expect(q.realpath_listing(), s.differs_from(listing, {"@/current/file", "realpath"}));
    auto two = q.realpath_listing();
    q.realpath("@/v1");
    s.expect(q.realpath_listing(), s.gained({"@/v1"}, two));
    s.remove("@/v2");
    s.expect(q.realpath("@/none"), false);
  });
  EXPECT_EQ(run(trace), "PASSED") << difference;
}

TEST_F(RunTests, AStaticCacheTracePassesOnApcuAndIsSkippedWithoutAStaticCache) {
  const Trace trace = trace_of([](Steps& s) {
    auto one = s.worker();
    const Value value(Elements{{"bytes", std::string("\0\xff\r\n", 4)}, {7, Value::list({true, 0.1})}});
    s.expect(one.set("k", value), true);
    s.expect(one.get("k"), value);
    s.expect(one.get("missing", "standard"), "standard");
    s.expect(one.set_multiple(Value::map({{"a", 1}, {"b", 2}})), true);
    s.expect(one.get_multiple({"a", "b", "c"}), has_keys({"a", "b", "c"}));
    s.expect(one.remove_key("a"), true);
    s.expect(one.has_key("a"), false);
    s.expect(one.clear_cache(), true);
  });
  EXPECT_EQ(run(trace, PhptStaticCache::apcu), "PASSED") << difference;
  EXPECT_EQ(run(trace), "SKIPPED");
}

TEST_F(RunTests, AWrongExpectationFailsAndShowsBothSides) {
  EXPECT_EQ(run(trace_of([](Steps& s) {
              auto one = s.worker();
              s.write("@/a.php", returns("old"));
              s.expect(one.include("@/a.php"), "new");
            })),
            "FAILED");
  EXPECT_THAT(difference, HasSubstr("2. include(\"@/a.php\") = \"new\""));
  EXPECT_THAT(difference, HasSubstr("2. include(\"@/a.php\") = \"old\""));
  EXPECT_EQ(run(trace_of([](Steps& s) {
              auto one = s.worker();
              s.write("@/a.php", returns("old"));
              s.expect(one.include("@/a.php"), one_of({"new", "newer"}));
            })),
            "FAILED");
  EXPECT_THAT(difference, HasSubstr("no, but \"old\""));
}

TEST_F(RunTests, LeavesNoSandboxBehind) {
  ASSERT_EQ(run(script_trace()), "PASSED");
  EXPECT_FALSE(fs::exists(folder / "sample.sandbox"));
}

TEST(Phpt, SaysWhyOneProcessDoesNotDo) {
  EXPECT_THAT(phpt_error([](Steps& s) {
                s.worker();
                s.worker().realpath_size();
              }),
              HasSubstr("more than one worker"));
  EXPECT_THAT(phpt_error([](Steps& s) {
                s.worker().realpath_size();
                s.advance_clock(std::chrono::seconds(1));
              }),
              HasSubstr("advance_clock needs clock.virtual"));
  EXPECT_THAT(phpt_error([](Steps& s) {
                auto one = s.worker();
                one.realpath_size();
                s.kill(one);
              }),
              HasSubstr("kill needs workers.processes"));
  EXPECT_THAT(phpt_error([](Steps& s) {
                s.start();
                s.worker().realpath_size();
              }),
              HasSubstr("before PHP starts"));
  EXPECT_THAT(phpt_error([](Steps& s) { s.worker().background("b").realpath_size(); }), HasSubstr("background"));
  EXPECT_THAT(phpt_error([](Steps& s) { s.worker().request().ends("died").realpath_size(); }), HasSubstr("usual way"));
  EXPECT_THAT(phpt_error([](Steps& s) { s.worker().time(); }), HasSubstr("virtual clock"));
  EXPECT_THAT(phpt_error([](Steps& s) { s.worker(); }), HasSubstr("no request"));
  EXPECT_THAT(phpt_error([](Steps& s) { s.worker().set("k", Value(Object{1, false, "C", {}})); }), HasSubstr("object"));
}

TEST(Phpt, SaysWhatLastsUntilARequestEnds) {
  const auto two_requests = [](const std::function<void(Steps&, WorkerHandle)>& more) {
    return phpt_error([&](Steps& s) {
      auto one = s.worker();
      one.realpath_size();
      more(s, one);
    });
  };
  EXPECT_THAT(two_requests([](Steps&, WorkerHandle w) { w.reset(); }), HasSubstr("reset has an effect"));
  EXPECT_THAT(two_requests([](Steps&, WorkerHandle w) { w.include_once("@/a.php"); }),
              HasSubstr("include_once has an effect"));
  EXPECT_THAT(two_requests([](Steps&, WorkerHandle w) { w.ini_set("a", "b"); }), HasSubstr("ini_set has an effect"));
  EXPECT_THAT(two_requests([](Steps& s, WorkerHandle w) {
                s.write("@/f.php", php("function f() {}"));
                w.include("@/f.php");
              }),
              HasSubstr("declares something"));
  EXPECT_EQ(two_requests([](Steps&, WorkerHandle w) { w.realpath_size(); }), "");
}

TEST(PhptValues, AreAsPhpWritesThem) {
  EXPECT_EQ(phpt_text(1e16).value(), "10000000000000000.0");
  EXPECT_EQ(phpt_text(1e17).value(), "1.0E+17");
  EXPECT_EQ(phpt_text(1.5e-4).value(), "0.00015");
  EXPECT_EQ(phpt_text(1.5e-5).value(), "1.5E-5");
  EXPECT_EQ(phpt_text(-0.0).value(), "-0.0");
  EXPECT_EQ(phpt_text("a\"\\$\n\xff@").value(), "\"a\\\"\\\\\\$\\x0a\\xff@\"");
  EXPECT_EQ(php_text_literal("@/a:@/b"), "ROOT . \"/a:\" . ROOT . \"/b\"");
  EXPECT_EQ(php_text_literal("@"), "ROOT");
  EXPECT_EQ(php_text_literal("a@b"), "\"a@b\"");
  EXPECT_EQ(php_literal(std::numeric_limits<std::int64_t>::min()).value(), "PHP_INT_MIN");
}

}  // namespace
}  // namespace assay::conformance
