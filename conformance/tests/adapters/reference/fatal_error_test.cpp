// A fatal error is told as the PHP adapters tell it (php_driver_test has their half).
#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include <fstream>

#include "conformance/execution/test_bed.h"
#include "conformance/runner/temporary_folder.h"

namespace assay::conformance {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

class ReferenceFatalErrorTest : public testing::Test {
 protected:
  ReferenceFatalErrorTest() : target_(*make_target("reference")), folder_(*TemporaryFolder::create()) {
    bed_ = *TestBed::start(*target_, Configuration(), folder_.path() / "run");
    std::ofstream(bed_->sandbox().root / "fatal.php")
        << "<?php echo 'so far'; class Twice {} if (true) { class Twice {} }";
  }
  Outcome request(std::vector<Operation> operations) {
    std::vector<Exchange> exchanges;
    for (Operation& operation : operations) exchanges.push_back({std::move(operation), "", {}});
    return *bed_->runtime().worker(0).execute(exchanges, std::chrono::seconds(20));
  }
  static Operation time() { return make_operation(OperationKind::time, {}); }
  static Operation include() { return make_operation(OperationKind::include, {{"path", "@/fatal.php"}}); }

  std::unique_ptr<Target> target_;
  TemporaryFolder folder_;
  std::unique_ptr<TestBed> bed_;
};

TEST_F(ReferenceFatalErrorTest, AbortsTheRequestOnly) {
  const auto outcome = request({time(), include(), time()});
  EXPECT_EQ(outcome.kind, Outcome::Kind::aborted);
  EXPECT_EQ(outcome.replies[0].value, Value(clock_start));
  EXPECT_EQ(outcome.replies[1].kind, Reply::Kind::thrown);
  EXPECT_EQ(outcome.replies[1].error_class, "Fatal error");
  EXPECT_THAT(outcome.replies[1].error_message, HasSubstr("Cannot declare class Twice"));
  EXPECT_EQ(outcome.replies[1].output, "so far");
  EXPECT_THAT(outcome.replies[1].diagnostics, ElementsAre(StartsWith("Fatal error: Cannot declare class Twice")));
  EXPECT_EQ(outcome.replies[2].kind, Reply::Kind::not_run);
  EXPECT_EQ(request({time()}).kind, Outcome::Kind::completed);
}

TEST_F(ReferenceFatalErrorTest, AbortsTheRequestAlsoAsItsLastOperation) {
  EXPECT_EQ(request({include()}).kind, Outcome::Kind::aborted);
}

}  // namespace
}  // namespace assay::conformance
