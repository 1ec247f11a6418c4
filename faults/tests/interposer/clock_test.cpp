// The virtual clock under a program of our own and under php-cli.

#include <gmock/gmock.h>
#include <sstream>

#include "faults/tests/interposer/fpm.h"
#include "faults/tests/interposer/interposed_test_base.h"

namespace assay::interposer_tests {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::StartsWith;

class InterposedClock : public InterposedTest {
 protected:
  // The lines of the parent and of its child.
  std::pair<std::string, std::string> clocks(const Environment& environment) {
    std::istringstream lines(run({ASSAY_PROBE, "clock"}, environment, folder()).output);
    std::pair<std::string, std::string> both;
    std::getline(lines, both.first);
    std::getline(lines, both.second);
    return both;
  }
};

constexpr char kFrozenWallClock[] = " 1000000000 1000000000 1000000000.000000007 1000000000.000000 1000000000 ";

TEST_F(InterposedClock, StandsStillInEveryProcessAndMonotonicOnlyInChildren) {
  block().set_clock(seconds(1'000'000'000) + nanoseconds(7), seconds(77'777));
  const auto [parent, child] = clocks(interposed());
  EXPECT_THAT(parent, StartsWith(std::string("parent") + kFrozenWallClock));
  EXPECT_THAT(parent, testing::Not(HasSubstr("77777")));
  EXPECT_EQ(child, std::string("child") + kFrozenWallClock + "77777 77777 77777");
}

TEST_F(InterposedClock, StandsStillForMonotonicWhereAsked) {
  block().set_clock(seconds(1'000'000'000) + nanoseconds(7), seconds(77'777));
  Environment environment = interposed();
  environment["ASSAY_FREEZE_MONOTONIC"] = "1";
  EXPECT_EQ(clocks(environment).first, std::string("parent") + kFrozenWallClock + "77777 77777 77777");
}

TEST_F(InterposedClock, IsTheMachinesWhileItIsNotFrozen) {
  block().set_clock(seconds(1'000'000'000), seconds(77'777));
  block().thaw_clock();
  const auto [parent, child] = clocks(interposed());
  EXPECT_THAT(parent, testing::Not(HasSubstr("1000000000")));
  EXPECT_THAT(child, testing::Not(HasSubstr("77777")));
}

TEST_F(InterposedClock, KnowsTimesBefore1970) {
  block().set_clock(nanoseconds(-1), seconds(1));
  EXPECT_THAT(clocks(interposed()).first, StartsWith("parent -1 -1 -1.999999999 -1.999999 -1 "));
}

TEST_F(InterposedClock, StandsStillInPhpScripts) {
  ASSAY_NEEDS_PROGRAM(kPhpCli);
  block().set_clock(seconds(1'234'567'890), seconds(5));
  write_file(folder() + "/t.php", "<?php echo time(), ' ', microtime(true), ' ', date('Y'), ' ', hrtime(true);");
  Environment environment = interposed();
  environment["ASSAY_FREEZE_MONOTONIC"] = "1";
  EXPECT_EQ(run({kPhpCli, "-n", "t.php"}, environment, folder()).output, "1234567890 1234567890 2009 5000000000");
}

}  // namespace
}  // namespace assay::interposer_tests
