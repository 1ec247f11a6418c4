// SC-FIL-04: files are written whole or not at all, and never through what stands at their place. C++, because the
// place of a file depends on the build, and a limit of a process is no step of a trace.
#include <signal.h>
#include <sys/resource.h>

#include <cstring>

#include "conformance/suite/file/filed_runtime.h"

using namespace assay::conformance;
namespace fs = std::filesystem;

namespace {

const std::set<std::string> kFileCacheOfProcesses = {"script_cache", "script_cache.file_cache", "workers.processes"};

// Much more than a line of the log, much less than its file.
constexpr rlim_t kLimit = 2'000;
std::string large_result() {
  return std::string(20'000, 'r');
}

// Empty when the script runs, is cached in memory and has no file, and the log has a warning.
std::string is_refused(FiledRuntime& r, const std::string& name, const std::string& result) {
  if (!r.is_right(name, result)) return "the script has no right result";
  if (!r.is_cached(name)) return "the script is not cached in memory";
  const auto file = r.file_of(name);
  if (file && fs::is_regular_file(*file)) return "there is a file";
  if (r.log().find("Warning ") == std::string::npos) return "the log has no warning";
  return "";
}

std::string is_filed(FiledRuntime& r, const std::string& name, const std::string& result) {
  if (!r.is_right(name, result)) return "the script has no right result";
  const auto file = r.file_of(name);
  return file && fs::is_regular_file(*file) ? "" : "there is no file";
}

}  // namespace

BODY_TEST("clause", "SC-FIL-04/short-write", "GU-RES-04",
          "a short write leaves a warning and no file; the script is cached in memory", kFileCacheOfProcesses) {
  // Up to the limit a write is short; a second one beyond it would end a process that does not ignore this signal, as
  // workers of this process's own do then.
  ::signal(SIGXFSZ, SIG_IGN);
  auto runtime = FiledRuntime::start(context);
  if (!runtime) return test_result(runtime.error());
  FiledRuntime& r = **runtime;
  const std::string large = large_result();
  r.write_script("a", large);
  r.write_script("b", large);
  const pid_t worker = r.live().process(0);
  rlimit old{};
  if (!r.include("a") || ::prlimit(worker, RLIMIT_FSIZE, nullptr, &old) != 0)
    return test_result(Verdict::inconclusive, "the limits of a worker cannot be read");
  const rlimit small{kLimit, old.rlim_max};
  if (::prlimit(worker, RLIMIT_FSIZE, &small, nullptr) != 0)
    return test_result(Verdict::inconclusive, fmt::format("a worker cannot be limited: {}", std::strerror(errno)));
  if (const std::string wrong = is_refused(r, "b", large); !wrong.empty())
    return test_result(Verdict::fail, "while files may not grow: " + wrong);
  if (r.live().process(0) != worker) return test_result(Verdict::fail, "the worker died while files may not grow");
  ::prlimit(worker, RLIMIT_FSIZE, &old, nullptr);
  r.empty_memory();
  if (const std::string wrong = is_filed(r, "b", large); !wrong.empty())
    return test_result(Verdict::fail, "when files may grow again: " + wrong);
  r.empty_memory();
  if (!r.is_right("b", large)) return test_result(Verdict::fail, "what was written then is not right");
  return passed(1, 4);
}

BODY_TEST("clause", "SC-FIL-04/unwritable", "GU-SYS-03",
          "a script whose file cannot be made runs and is cached in memory, with a warning", kFileCacheOfProcesses) {
  auto runtime = FiledRuntime::start(context);
  if (!runtime) return test_result(runtime.error());
  FiledRuntime& r = **runtime;
  r.write_script("a", "a");
  r.write_script("b", "b");
  if (const std::string wrong = is_filed(r, "a", "a"); !wrong.empty()) return test_result(Verdict::fail, wrong);
  // A file in the place of the first folder: also root can make nothing in it.
  fs::path folder = *r.file_of("a");
  while (folder.parent_path() != r.root()) folder = folder.parent_path();
  const fs::path aside = r.root().parent_path() / "aside";
  fs::rename(folder, aside);
  FiledRuntime::put(folder, "");
  if (const std::string wrong = is_refused(r, "b", "b"); !wrong.empty()) return test_result(Verdict::fail, wrong);
  fs::remove(folder);
  fs::rename(aside, folder);
  r.empty_memory();
  if (const std::string wrong = is_filed(r, "b", "b"); !wrong.empty())
    return test_result(Verdict::fail, "when files can be made again: " + wrong);
  return passed(1, 4);
}

BODY_TEST("clause", "SC-FIL-04/symlink", "GU-RES-06", "nothing is written through a link in a file's place",
          kFileCacheOfProcesses) {
  auto runtime = FiledRuntime::start(context);
  if (!runtime) return test_result(runtime.error());
  FiledRuntime& r = **runtime;
  r.write_script("first", "first");
  for (const char* name : {"dangling", "leading"}) r.write_script(name, name);
  if (const std::string wrong = is_filed(r, "first", "first"); !wrong.empty()) return test_result(Verdict::fail, wrong);
  const fs::path missing = r.root() / "not-there", other = r.root() / "somebody-else's";
  FiledRuntime::put(other, "what somebody else wrote");
  fs::create_symlink(missing, *r.file_of("dangling"));
  fs::create_symlink(other, *r.file_of("leading"));
  for (const char* name : {"dangling", "leading"}) {
    if (!r.is_right(name, name)) return test_result(Verdict::fail, "a script has no right result");
    if (!r.is_cached(name)) return test_result(Verdict::fail, "a script is not cached in memory");
  }
  if (fs::exists(missing)) return test_result(Verdict::fail, "a file was made through a link that leads nowhere");
  if (FiledRuntime::content(other) != "what somebody else wrote")
    return test_result(Verdict::fail, "a file was overwritten through a link");
  return passed(1, 3);
}
