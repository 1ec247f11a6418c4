// DP-33: what the commands themselves do. Tests with a body: a trace cannot run a program.
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "conformance/registry/registration.h"

namespace assay::conformance {
namespace {

namespace fs = std::filesystem;

// Runs ln in the folder; false where it is not there or fails.
bool run_ln(const fs::path& folder, const char* options) {
  const pid_t child = ::fork();
  if (child == 0) {
    if (::chdir(folder.c_str()) == 0) ::execlp("ln", "ln", options, "releases/r2", "current", nullptr);
    ::_exit(127);
  }
  int status = 0;
  return child > 0 && ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

BODY_TEST("clause", "DP-33/ln-force", "", "ln -sf puts the new link inside the old release; ln -sfn replaces the link",
          {"deploy"}) {
  const fs::path& folder = context.folder;
  for (const char* name : {"r1", "r2"}) fs::create_directories(folder / "releases" / name);
  fs::create_symlink("releases/r1", folder / "current");
  TestResult result;
  const auto seen = [&] {
    return fmt::format("current -> {}, {} in the old release", fs::read_symlink(folder / "current").string(),
                       fs::is_symlink(folder / "releases/r1/r2") ? "a link" : "no link");
  };
  const auto expect = [&](const char* options, const std::string& expected) {
    if (result.verdict != Verdict::pass) return;
    if (!run_ln(folder, options)) {
      result.verdict = Verdict::skip;
      result.reason = fmt::format("ln {} does not work here", options);
    } else if (seen() != expected) {
      result.verdict = Verdict::fail;
      result.reason = fmt::format("ln {} releases/r2 current: expected {}, got {}", options, expected, seen());
    }
  };
  expect("-sf", "current -> releases/r1, a link in the old release");
  fs::remove(folder / "releases/r1/r2");
  expect("-sfn", "current -> releases/r2, no link in the old release");
  return result;
}

}  // namespace assay::conformance
