#include "conformance/reports/terminal_report.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include "conformance/reports/progress.h"
#include "conformance/tests/reports/sample_report.h"

namespace assay::conformance {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

std::string printed(const RunReport& report, const TerminalOptions& options = {}) {
  return terminal_report(report, judged(report), options);
}

TEST(TerminalReport, EndsWithTheVerdictLine) {
  EXPECT_THAT(
      printed(green_report()),
      EndsWith("\nTests: 5 tests, 5 passed, 0 failed, 0 skipped in 4.2 s.\nconforms  reference (portable)  5 of "
               "5 must clauses hold; should: 0 of 1 hold (1 without a test); nothing failed that decides\n"));
}

TEST(TerminalReport, TheVerdictOnASelectionSaysSo) {
  RunReport report = sample_report({passing("SC-VAL-01"), failing("SC-LOG-01")});
  report.selection = {"--filter x", {}, true, {"SC-VAL-01", "SC-LOG-01"}};
  EXPECT_THAT(
      printed(report),
      EndsWith("\nconforms within the selection  reference (portable)  1 of 5 must clauses hold (4 not selected); "
               "should: 0 of 1 hold, 1 failed; nothing failed that decides\n"));
}

TEST(TerminalReport, NamesTheMustClausesThatNoTestLookedAtAlsoWithExpectations) {
  RunReport report = green_report();
  report.results.erase(report.results.begin());
  report.with_expectations = true;
  EXPECT_THAT(printed(report), HasSubstr("\nMust clauses that no test looked at: 1\n  SC-VAL-01\n"));
}

TEST(TerminalReport, ATestThatBrokeTwoClausesNamesBoth) {
  RunReport report = green_report();
  report.results.push_back(failing("SC-LOG-01"));
  report.results.back().clauses["GU-LIV-01"] = Verdict::fail;
  const std::string text = printed(report);
  EXPECT_THAT(text, HasSubstr("FAIL  SC-LOG-01/breaks\n  GU-LIV-01 (must): a killed worker holds nobody up\n"));
  EXPECT_THAT(text, HasSubstr("\n  SC-LOG-01 (should): the log names the reason\n"));
}

TEST(TerminalReport, NamesTheSlowestTestsIfAsked) {
  RunReport report = green_report();
  report.results[2].seconds = 1.5;
  TerminalOptions options;
  options.durations = 2;
  EXPECT_THAT(printed(report, options),
              HasSubstr("Slowest tests\n    1.500 s  RP-TTL-02/holds\n    0.250 s  SC-VAL-01/holds\n\n"));
  EXPECT_THAT(printed(report), Not(HasSubstr("Slowest")));
}

TEST(TerminalReport, AFailureStandsThereInFull) {
  RunReport report = sample_report({failing("SC-VAL-02")});
  report.results[0].details =
      "  1.     write(\"@/a.php\")\n  2. W0: include(\"@/a.php\")\n     W0: include(\"@/b.php\")\nfailed at step 2, "
      "operation 2\n"
      "  expected  \"new\"\n  actual    \"old\"\nlog of the target (end):\nready\n";
  report.reproducers["SC-VAL-02/breaks"] = {"f/a.trace", "f/a.phpt", ""};
  const std::string text = printed(report);
  EXPECT_THAT(text,
              HasSubstr("FAIL  SC-VAL-02/breaks\n  SC-VAL-02 (must): an entry rests until the window has passed\n"));
  EXPECT_THAT(text, HasSubstr("    What holds: an entry rests"));
  EXPECT_THAT(text, HasSubstr("\n    2. W0: include(\"@/a.php\")\n>      W0: include(\"@/b.php\")\n"));
  EXPECT_THAT(text, HasSubstr("\n  expected  \"new\"\n  actual    \"old\"\n"));
  EXPECT_THAT(text, HasSubstr("log ends with\n    ready\n"));
  EXPECT_THAT(text, HasSubstr("  seed    42\n  replay  assay replay f/a.trace --target reference\n  trace   "
                              "f/a.trace\n  phpt    f/a.phpt\n"));
}

TEST(TerminalReport, SumsUpSkipsByReason) {
  const std::string text = printed(sample_report({skipping("SC-VAL-01"), skipping("SC-VAL-02"), passing("RP-TTL-02")}));
  EXPECT_THAT(text, HasSubstr("Skipped: 2\n     2  clock.virtual is not claimed\n"));
}

TEST(TerminalReport, ShouldFailuresAreOneLineEach) {
  RunReport report = green_report();
  report.results.push_back(failing("SC-LOG-01"));
  const std::string text = printed(report);
  EXPECT_THAT(text, Not(HasSubstr("FAIL  ")));
  EXPECT_THAT(text, HasSubstr("Failures that do not decide (of clauses that are no must): 1\n  ✗ SC-LOG-01/breaks\n"));
  report.strict = true;
  EXPECT_THAT(printed(report), HasSubstr("FAIL  SC-LOG-01/breaks"));
}

TEST(TerminalReport, ManyFailuresDoNotFloodTheTerminal) {
  RunReport report = sample_report({});
  for (int i = 0; i < 5; ++i) {
    report.results.push_back(failing("SC-VAL-01"));
    report.results.back().test += std::to_string(i);
  }
  TerminalOptions options;
  options.full_failures = 2;
  const std::string text = printed(report, options);
  EXPECT_THAT(text, HasSubstr("FAIL  SC-VAL-01/breaks1"));
  EXPECT_THAT(text, Not(HasSubstr("FAIL  SC-VAL-01/breaks2")));
  EXPECT_THAT(text, HasSubstr("Further failures (all of them in full: --html or --json): 3"));
}

TEST(TerminalReport, ManyStepsAlikeAreFolded) {
  RunReport report = sample_report({failing("SC-VAL-02")});
  std::string& details = report.results[0].details;
  details.clear();
  for (int i = 1; i <= 20; ++i) details += "  " + std::to_string(i) + ".     write(\"@/a.php\")\n";
  details += " 21. W0: include(\"@/a.php\")\n 22. W0: include(\"@/b.php\")\n";
  const std::string text = printed(report);
  EXPECT_THAT(text, HasSubstr("  2.     write"));
  EXPECT_THAT(text, HasSubstr("... 17 more like it\n"));
  EXPECT_THAT(text, Not(HasSubstr(" 19.     write")));
  EXPECT_THAT(text, HasSubstr(" 20.     write"));
  EXPECT_THAT(text, HasSubstr(" 22. W0: include"));
}

TEST(TerminalReport, ATargetCannotDriveTheTerminal) {
  RunReport report = sample_report({failing("SC-VAL-02"), skipping("SC-VAL-01")});
  report.results[0].details = report.results[0].reason = report.results[1].reason = report.target.name =
      "\x1b]0;owned\x07\r";
  EXPECT_THAT(printed(report), Not(HasSubstr("\x1b")));
  EXPECT_THAT(printed(report), Not(HasSubstr("\r")));
}

TEST(TerminalReport, IsColouredOnlyWhenAsked) {
  RunReport report = sample_report({failing("SC-VAL-02")});
  EXPECT_THAT(printed(report), Not(HasSubstr("\x1b")));
  TerminalOptions options;
  options.style = TerminalStyle(true);
  EXPECT_THAT(printed(report, options), HasSubstr("\x1b[31mviolates\x1b[0m  reference"));
}

class Terminal : public testing::Test {
 protected:
  Terminal() : out(::open_memstream(&text, &size)) {}
  ~Terminal() override {
    std::fclose(out);
    ::free(text);
  }
  std::string written() {
    std::fflush(out);
    return std::string(text, size);
  }
  char* text = nullptr;
  std::size_t size = 0;
  std::FILE* out;
};

TEST_F(Terminal, ProgressIsQuietInAPipe) {
  Progress progress(out, 2, false, TerminalStyle());
  progress.finished(failing("SC-VAL-02"));
  progress.clear();
  EXPECT_EQ(written(), "");
}

TEST_F(Terminal, ProgressShowsHowFarItIsAndKeepsFailures) {
  {
    Progress progress(out, 2, true, TerminalStyle());
    progress.finished(passing("SC-VAL-01"));
    EXPECT_THAT(written(), HasSubstr("1/2  0 failed  0 skipped  SC-VAL-01/holds"));
    progress.finished(failing("SC-VAL-02"));
    EXPECT_THAT(written(), HasSubstr("fail  SC-VAL-02/breaks: expected \"new\", got \"old\"\n"));
  }
  EXPECT_THAT(written(), EndsWith("\r\x1b[K"));
}

TEST(TerminalStyle, IsPlainWhereTheStreamIsNoTerminal) {
  std::FILE* file = std::fopen("/dev/null", "w");
  EXPECT_FALSE(TerminalStyle::for_stream(file).coloured());
  std::fclose(file);
}

// A pseudo terminal is a terminal.
TEST(TerminalStyle, HonoursNoColorOnATerminal) {
  const int master = ::posix_openpt(2 /* O_RDWR */);
  ASSERT_GE(master, 0);
  ASSERT_EQ(::grantpt(master) | ::unlockpt(master), 0);
  std::FILE* terminal = std::fopen(::ptsname(master), "w");
  ASSERT_NE(terminal, nullptr);
  ::setenv("TERM", "xterm", 1);
  ::unsetenv("NO_COLOR");
  EXPECT_TRUE(TerminalStyle::for_stream(terminal).coloured());
  ::setenv("NO_COLOR", "1", 1);
  EXPECT_FALSE(TerminalStyle::for_stream(terminal).coloured());
  ::setenv("NO_COLOR", "", 1);
  EXPECT_TRUE(TerminalStyle::for_stream(terminal).coloured());
  ::unsetenv("NO_COLOR");
  std::fclose(terminal);
  ::fclose(::fdopen(master, "r"));
}

}  // namespace
}  // namespace assay::conformance
