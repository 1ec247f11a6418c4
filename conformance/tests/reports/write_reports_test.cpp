#include "conformance/reports/write_reports.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "conformance/reports/json_report.h"
#include "conformance/tests/reports/full_device.h"
#include "conformance/tests/reports/sample_report.h"

namespace assay::conformance {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class WriteReports : public testing::Test {
 protected:
  WriteReports() {
    std::string name = (fs::temp_directory_path() / "assay-write-reports-XXXXXX").string();
    folder = ::mkdtemp(name.data());
  }
  ~WriteReports() override { fs::remove_all(folder); }
  std::string file(const char* name) const { return (folder / name).string(); }
  fs::path folder;
};

TEST_F(WriteReports, WritesWhatHasAName) {
  const RunReport report = green_report();
  const auto errors = write_reports(report, judged(report),
                                    {file("r.json"), file("r.xml"), file("r.tap"), file("r.sarif"), file("r.html")});
  EXPECT_TRUE(errors.empty());
  EXPECT_TRUE(read_report(file("r.json")));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder), {}), 5);
}

TEST_F(WriteReports, OneThatCannotBeWrittenDoesNotCostTheOthers) {
  const fs::path full = full_device(folder);
  if (full.empty()) GTEST_SKIP() << "no device that is always full";
  const RunReport report = green_report();
  const auto errors =
      write_reports(report, judged(report), {full.string(), file("r.xml"), "", file("no/r.sarif"), file("r.html")});
  ASSERT_EQ(errors.size(), 2u);
  EXPECT_THAT(errors[0].message, HasSubstr(full.string() + ": cannot be written: No space left on device"));
  EXPECT_THAT(errors[1].message,
              HasSubstr("no/r.sarif: cannot be written: No such file or directory; make the folder first"));
  EXPECT_TRUE(fs::exists(file("r.xml")));
  EXPECT_TRUE(fs::exists(file("r.html")));
}

TEST_F(WriteReports, ChecksBeforehandAndLeavesNothing) {
  EXPECT_TRUE(check_report_files({file("r.json"), "", "", "", file("r.html")}).empty());
  EXPECT_EQ(check_report_files({file("no/r.json"), "-", file("same"), "", file("no/r.html")}).size(), 2u);
  EXPECT_TRUE(fs::is_empty(folder));
}

TEST_F(WriteReports, TwoReportsUnderOneNameAreRefusedWhateverTheNameIs) {
  const auto refusal = [](const ReportFiles& files, const std::string& input = "") {
    const auto checked = check_names(files, input);
    return checked ? "" : checked.error().message;
  };
  fs::create_symlink(folder, folder / "link");
  std::ofstream(folder / "r.json") << "x";
  fs::create_hard_link(folder / "r.json", folder / "hard.xml");
  EXPECT_EQ(refusal({file("a"), file("b"), "", "", file("c")}), "");
  EXPECT_THAT(refusal({file("a"), "", file("a"), "", ""}), HasSubstr("named for two reports"));
  EXPECT_THAT(refusal({file("new.json"), file("link/new.json"), "", "", ""}), HasSubstr("named for two reports"));
  EXPECT_THAT(refusal({file("r.json"), file("hard.xml"), "", "", ""}), HasSubstr("named for two reports"));
  EXPECT_THAT(refusal({"-", "", "-", "", ""}), HasSubstr("named for two reports"));
  EXPECT_THAT(refusal({file("r.json"), "", "", "", ""}, file("link/r.json")), HasSubstr("is read by this run"));
}

TEST_F(WriteReports, APipeThatNobodyReadsIsAnErrorAndNotWaitedFor) {
  ASSERT_EQ(::mkfifo(file("pipe").c_str(), 0600), 0);
  const RunReport report = green_report();
  const auto errors = write_reports(report, judged(report), {file("pipe"), "", "", "", ""});
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_THAT(errors[0].message, HasSubstr("nobody reads from that pipe"));
}

}  // namespace
}  // namespace assay::conformance
