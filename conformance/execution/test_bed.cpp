#include "conformance/execution/test_bed.h"

#include "conformance/execution/several_masters.h"
#include "support/files/remove_tree.h"

namespace assay::conformance {
namespace fs = std::filesystem;

Expected<std::unique_ptr<TestBed>> TestBed::start(Target& target, const Configuration& configuration, fs::path folder) {
  std::unique_ptr<TestBed> bed(new TestBed(std::move(folder)));
  bed->stage_.emplace(ASSAY_TRY(Stage::make(bed->folder_)));
  auto runtime = has_several_masters(configuration) ? start_masters(target, configuration, bed->sandbox())
                                                    : target.start(configuration, bed->sandbox());
  if (!runtime) {
    Error why = runtime.error();
    why.message = "the target did not start: " + why.message;
    return tl::unexpected(why);
  }
  bed->runtime_ = std::move(*runtime);
  return bed;
}

TestBed::~TestBed() {
  runtime_.reset();
  stage_.reset();
  remove_tree(folder_);
}

}  // namespace assay::conformance
