#include "conformance/execution/test_bed.h"

#include "conformance/execution/several_masters.h"
#include "conformance/vocabulary/late_start.h"
#include "support/files/remove_tree.h"

namespace assay::conformance {
namespace fs = std::filesystem;

Expected<std::unique_ptr<TestBed>> TestBed::stage(Target& target, const Configuration& configuration, fs::path folder) {
  std::unique_ptr<TestBed> bed(new TestBed(target, configuration, std::move(folder)));
  bed->stage_.emplace(ASSAY_TRY(Stage::make(bed->folder_)));
  return bed;
}

Expected<std::unique_ptr<TestBed>> TestBed::start(Target& target, const Configuration& configuration, fs::path folder) {
  auto bed = ASSAY_TRY(stage(target, configuration, std::move(folder)));
  ASSAY_TRY(bed->start_runtime());
  return bed;
}

Expected<std::unique_ptr<TestBed>> TestBed::start(Target& target, const Trace& trace, fs::path folder) {
  return starts_late(trace) ? stage(target, trace.configuration, std::move(folder))
                            : start(target, trace.configuration, std::move(folder));
}

Expected<void> TestBed::start_runtime() {
  auto runtime = has_several_masters(configuration_) ? start_masters(target_, configuration_, sandbox())
                                                     : target_.start(configuration_, sandbox());
  if (!runtime) {
    Error why = runtime.error();
    why.message = "the target did not start: " + why.message;
    return tl::unexpected(why);
  }
  runtime_ = std::move(*runtime);
  return {};
}

TestBed::~TestBed() {
  runtime_.reset();
  stage_.reset();
  remove_tree(folder_);
}

}  // namespace assay::conformance
