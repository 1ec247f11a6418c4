#include "conformance/execution/test_bed.h"

#include <fmt/format.h>

#include "conformance/execution/several_masters.h"
#include "support/files/remove_tree.h"

namespace assay::conformance {
namespace fs = std::filesystem;
namespace {

Expected<Sandbox> make_sandbox(const fs::path& folder) {
  std::error_code code;
  Sandbox sandbox{folder / "tree", folder / "scratch", folder / "control"};
  fs::create_directories(sandbox.root, code);
  if (!code) fs::create_directories(sandbox.scratch, code);
  if (!code) sandbox.root = fs::canonical(sandbox.root, code);
  if (code)
    return failure(fmt::format("cannot make a sandbox in {}: {}; check TMPDIR", folder.string(), code.message()));
  return sandbox;
}

}  // namespace

Expected<Stage> Stage::make(const fs::path& folder) {
  Sandbox sandbox = ASSAY_TRY(make_sandbox(folder));
  points::ControlBlock control = ASSAY_TRY(points::ControlBlock::create(sandbox.control.string()));
  control.set_clock(std::chrono::seconds(clock_start), std::chrono::seconds(clock_start));
  return Stage{std::move(sandbox), std::move(control)};
}

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
