#include "conformance/reports/report_file.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>

#include "conformance/tests/reports/full_device.h"
#include "conformance/vocabulary/input_file.h"

namespace assay::conformance {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class ReportFile : public testing::Test {
 protected:
  ReportFile() {
    std::string name = (fs::temp_directory_path() / "assay-report-file-XXXXXX").string();
    folder = ::mkdtemp(name.data());
  }
  ~ReportFile() override { fs::remove_all(folder); }
  std::size_t files() const { return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), {})); }
  fs::path folder;
};

TEST_F(ReportFile, WritesAndReplacesWithoutLeavingAnythingElse) {
  ASSERT_TRUE(write_report_file(folder / "r", "one"));
  ASSERT_TRUE(write_report_file(folder / "r", "two"));
  EXPECT_EQ(read_input_file(folder / "r").value(), "two");
  EXPECT_EQ(files(), 1u);
}

TEST_F(ReportFile, HasTheModeOfTheUmaskOrKeepsTheOneItHad) {
  const mode_t before = ::umask(027);
  ASSERT_TRUE(write_report_file(folder / "r", "x"));
  ::umask(before);
  EXPECT_EQ(fs::status(folder / "r").permissions(), fs::perms(0640));
  fs::permissions(folder / "r", fs::perms(0604));
  ASSERT_TRUE(write_report_file(folder / "r", "y"));
  EXPECT_EQ(fs::status(folder / "r").permissions(), fs::perms(0604));
}

TEST_F(ReportFile, FollowsALink) {
  ASSERT_TRUE(write_report_file(folder / "real", "x"));
  fs::create_symlink("real", folder / "link");
  ASSERT_TRUE(write_report_file(folder / "link", "y"));
  EXPECT_TRUE(fs::is_symlink(folder / "link"));
  EXPECT_EQ(read_input_file(folder / "real").value(), "y");
}

TEST_F(ReportFile, AFullDiskIsOneClearMessageAndTheDeviceStaysWhatItIs) {
  const fs::path full = full_device(folder);
  if (full.empty()) GTEST_SKIP() << "no device that is always full";
  const auto result = write_report_file(full, "x");
  ASSERT_FALSE(result);
  EXPECT_EQ(
      result.error().message,
      full.string() +
          ": cannot be written: No space left on device; free some space there, or write the report to another disk");
  EXPECT_TRUE(fs::is_character_file(full));
}

TEST_F(ReportFile, AWriteThatEndsHalfWayLeavesTheEarlierFile) {
  ASSERT_TRUE(write_report_file(folder / "r", "earlier"));
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const rlimit small{1000, before.rlim_max};
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  ::setrlimit(RLIMIT_FSIZE, &small);
  const auto result = write_report_file(folder / "r", std::string(5000, 'x'));
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().message, HasSubstr("ulimit -f"));
  EXPECT_EQ(read_input_file(folder / "r").value(), "earlier");
  EXPECT_EQ(files(), 1u);
}

TEST_F(ReportFile, NamesAMissingFolderAndAFolderInPlaceOfAFile) {
  EXPECT_THAT(write_report_file(folder / "no" / "r", "x").error().message, HasSubstr("make the folder first"));
  EXPECT_THAT(write_report_file(folder, "x").error().message, HasSubstr("that is a folder"));
  EXPECT_THAT(write_report_file("", "x").error().message, HasSubstr("cannot be written"));
}

TEST_F(ReportFile, NoPermissionSaysSo) {
  fs::permissions(folder, fs::perms(0555));
  // Root may write everywhere, so it is somebody else for a moment.
  constexpr uid_t nobody = 65534;
  const bool is_root = ::geteuid() == 0;
  if (is_root) {
    ASSERT_EQ(::seteuid(nobody), 0);
  }
  const auto written = write_report_file(folder / "r", "x");
  if (is_root) {
    ASSERT_EQ(::seteuid(0), 0);
  }
  fs::permissions(folder, fs::perms(0700));
  ASSERT_FALSE(written);
  EXPECT_THAT(written.error().message, HasSubstr("choose a folder that you may write to"));
}

}  // namespace
}  // namespace assay::conformance
