#include "conformance/execution/test_bed.h"

#include <fmt/format.h>

#include "conformance/execution/several_masters.h"

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

// Makes everything below removable again, and removes it.
void remove_sandbox(const fs::path& folder) {
  std::error_code code;
  if (fs::remove_all(folder, code); !code) return;
  for (auto entry = fs::recursive_directory_iterator(folder, fs::directory_options::skip_permission_denied, code);
       entry != fs::recursive_directory_iterator(); entry.increment(code)) {
    if (entry->is_directory(code) && !entry->is_symlink(code)) fs::permissions(*entry, fs::perms::owner_all, code);
  }
  fs::remove_all(folder, code);
}

}  // namespace

Expected<std::unique_ptr<TestBed>> TestBed::start(Target& target, const Configuration& configuration, fs::path folder) {
  std::unique_ptr<TestBed> bed(new TestBed(std::move(folder)));
  bed->sandbox_ = ASSAY_TRY(make_sandbox(bed->folder_));
  auto control = points::ControlBlock::create(bed->sandbox_.control.string());
  if (!control) return failure(control.error().message);
  bed->control_.emplace(std::move(*control));
  bed->control_->set_clock(std::chrono::seconds(clock_start), std::chrono::seconds(clock_start));
  auto runtime = has_several_masters(configuration) ? start_masters(target, configuration, bed->sandbox_)
                                                    : target.start(configuration, bed->sandbox_);
  if (!runtime) return failure("the target did not start: " + runtime.error().message);
  bed->runtime_ = std::move(*runtime);
  return bed;
}

TestBed::~TestBed() {
  runtime_.reset();
  control_.reset();
  remove_sandbox(folder_);
}

}  // namespace assay::conformance
