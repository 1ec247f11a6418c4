#include "conformance/adapter/stage.h"

#include <fmt/format.h>
#include <stdlib.h>

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

Expected<TemporaryStage> TemporaryStage::make() {
  std::error_code code;
  std::string pattern = (fs::temp_directory_path(code) / "assay-check-XXXXXX").string();
  if (code || !::mkdtemp(pattern.data()))
    return failure("cannot make a folder in the temporary folder; check TMPDIR, its permissions and free space");
  const fs::path folder = fs::canonical(pattern, code);
  auto stage = Stage::make(folder);
  if (stage) return TemporaryStage(folder, std::move(*stage));
  remove_tree(folder);
  return tl::unexpected(stage.error());
}

TemporaryStage::~TemporaryStage() {
  if (!folder_.empty()) remove_tree(folder_);
}

}  // namespace assay::conformance
