#include "conformance/reports/write_reports.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include <filesystem>

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
  EXPECT_EQ(check_report_files({file("no/r.json"), file("same"), file("same"), "", ""}).size(), 2u);
  EXPECT_TRUE(fs::is_empty(folder));
}

}  // namespace
}  // namespace assay::conformance
