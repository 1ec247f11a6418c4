#include "conformance/adapters/php/check_stage.h"

#include <fmt/format.h>
#include <stdlib.h>

namespace assay::conformance {

namespace fs = std::filesystem;

Expected<CheckStage> CheckStage::make() {
  CheckStage stage;
  std::error_code code;
  std::string pattern = (fs::temp_directory_path(code) / "assay-check-XXXXXX").string();
  if (code || !::mkdtemp(pattern.data()))
    return failure("cannot make a folder in the temporary folder; check TMPDIR, its permissions and free space");
  stage.folder_ = fs::canonical(pattern, code);
  stage.sandbox = {stage.folder_ / "tree", stage.folder_ / "scratch", stage.folder_ / "control"};
  fs::create_directories(stage.sandbox.root, code);
  if (!code) fs::create_directories(stage.sandbox.scratch, code);
  if (code) return failure(fmt::format("cannot make a folder in {}: {}", stage.folder_.string(), code.message()));
  auto control = points::ControlBlock::create(stage.sandbox.control.string());
  if (!control) return failure(control.error().message);
  control->set_clock(std::chrono::seconds(clock_start), std::chrono::seconds(clock_start));
  return stage;
}

CheckStage::~CheckStage() {
  std::error_code ignored;
  if (!folder_.empty()) fs::remove_all(folder_, ignored);
}

}  // namespace assay::conformance
