#include "conformance/reports/reproducers.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include "conformance/tests/reports/sample_report.h"

namespace assay::conformance {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class Reproducers : public testing::Test {
 protected:
  Reproducers() {
    std::string name = (fs::temp_directory_path() / "assay-reproducers-XXXXXX").string();
    folder = ::mkdtemp(name.data());
  }
  ~Reproducers() override { fs::remove_all(folder); }

  static TestResult failing_with_trace(const std::string& test, int worker) {
    TestResult result = failing("SC-VAL-02");
    result.test = test;
    Trace trace;
    trace.name = test;
    trace.configuration.pools.resize(2);
    trace.steps.emplace_back(
        Request{worker, {{make_operation(OperationKind::realpath_cache_size, {}), "", equals(0)}}, "", "completed", 0});
    result.failing_trace = trace;
    return result;
  }
  fs::path folder;
};

TEST_F(Reproducers, WritesTraceAndPhptOrTheReasonWhyNot) {
  RunReport report = sample_report(
      {failing_with_trace("SC-VAL-02/one", 0), failing_with_trace("SC-VAL-02/two", 1), passing("SC-VAL-01")});
  ASSERT_TRUE(write_reproducers(report, folder / "new").empty());
  EXPECT_EQ(report.results[0].trace_file, (folder / "new/sc-val-02-one.jsonl").string());
  EXPECT_TRUE(read_trace(report.results[0].trace_file));
  EXPECT_TRUE(fs::exists(report.reproducers["SC-VAL-02/one"].phpt_file));
  EXPECT_EQ(report.reproducers["SC-VAL-02/two"].phpt_file, "");
  EXPECT_THAT(report.reproducers["SC-VAL-02/two"].no_phpt, HasSubstr("more than one worker"));
  EXPECT_EQ(report.reproducers.size(), 2u);
}

TEST_F(Reproducers, NamesOfTestsCannotLeaveTheFolderOrCollide) {
  RunReport report = sample_report({failing_with_trace("../../x", 0), failing_with_trace("..//..x", 0),
                                    failing_with_trace(std::string(400, 'y'), 0)});
  ASSERT_TRUE(write_reproducers(report, folder).empty());
  EXPECT_EQ(report.results[0].trace_file, (folder / "x.jsonl").string());
  EXPECT_EQ(report.results[1].trace_file, (folder / "x-2.jsonl").string());
  EXPECT_TRUE(fs::exists(report.results[2].trace_file));
}

TEST_F(Reproducers, MakesNoFolderForNothingAndSaysWhereItCannot) {
  RunReport green = green_report();
  EXPECT_TRUE(write_reproducers(green, folder / "none").empty());
  EXPECT_FALSE(fs::exists(folder / "none"));
  RunReport report = sample_report({failing_with_trace("SC-VAL-02/one", 0)});
  const auto errors = write_reproducers(report, "/dev/null/traces");
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_THAT(errors[0].message, HasSubstr("/dev/null/traces: cannot be made: Not a directory"));
}

}  // namespace
}  // namespace assay::conformance
