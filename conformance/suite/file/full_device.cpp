// The file system of the file cache is full: for real, on a small one of the test's own, and by refused writes.
#include <sched.h>
#include <sys/mount.h>

#include <cstring>

#include "conformance/suite/file/filed_runtime.h"
#include "conformance/vocabulary/status_paths.h"

using namespace assay::conformance;
namespace fs = std::filesystem;

namespace {

// A file system of a few pages, seen by this process and its children only; it goes with them. Empty, or why not.
std::string mount_small(const fs::path& folder) {
  fs::create_directories(folder);
  if (::unshare(CLONE_NEWNS) != 0) return fmt::format("no mount namespace of its own: {}", std::strerror(errno));
  if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
      ::mount("assay", folder.c_str(), "tmpfs", 0, "size=128k,mode=0777") != 0)
    return fmt::format("no file system of its own: {}", std::strerror(errno));
  return "";
}

// Takes all the room that is left.
void fill(const fs::path& file) {
  std::ofstream out(file, std::ios::binary);
  const std::string page(4096, 'x');
  while (out.write(page.data(), static_cast<std::streamsize>(page.size())).flush()) {
  }
}

}  // namespace

BODY_TEST("exhaustion", "SC-FIL-04/full-device", "GU-RES-04 GU-SYS-03 GU-SYS-06",
          "scripts run and are cached on a full file system, and no partial file is left",
          {"script_cache", "script_cache.file_cache", "workers.processes"}) {
  const fs::path small = context.folder / "small";
  if (const std::string reason = mount_small(small); !reason.empty())
    return test_result(Verdict::skip, reason + "; refused writes stand for it, see the test of ENOSPC");
  auto runtime = FiledRuntime::start(
      context, {{"opcache.file_cache", small.string()}, {"opcache.error_log", (small / "log").string()}});
  if (!runtime) return test_result(runtime.error());
  FiledRuntime& r = **runtime;
  const std::string large(20'000, 'r');
  const auto file_of = [&](const std::string& name) -> std::optional<fs::path> {
    for (const auto& entry : fs::recursive_directory_iterator(small)) {
      if (entry.is_regular_file() && entry.path().filename() == name + ".php.bin") return entry.path();
    }
    return std::nullopt;
  };
  for (const char* name : {"before", "during", "after"}) r.write_script(name, large);
  if (!r.is_right("before", large) || !file_of("before"))
    return test_result(Verdict::fail, "before: no result, or no file");
  fill(small / "filler");
  if (!r.is_right("during", large)) return test_result(Verdict::fail, "no right result on a full file system");
  if (!r.is_cached("during")) return test_result(Verdict::fail, "not cached in memory on a full file system");
  if (file_of("during")) return test_result(Verdict::fail, "a half of a file was left on a full file system");
  if (!r.is_right("before", large))
    return test_result(Verdict::fail, "what was cached before has no right result any more");
  fs::remove(small / "filler");
  r.empty_memory();
  for (const char* name : {"before", "during", "after"}) {
    if (!r.is_right(name, large))
      return test_result(Verdict::fail, fmt::format("{}: no right result afterwards", name));
    if (!file_of(name)) return test_result(Verdict::fail, fmt::format("{}: no file afterwards", name));
  }
  return passed(1, 6);
}

CLAUSE_TEST(Scenario, "GU-RES-04/file-write-enospc", "SC-FIL-04",
            "ENOSPC at any write of a file leaves the script cached in memory and no file") {
  needs("fault");
  needs("script_cache.file_cache");
  ini("opcache.file_cache", "@");
  auto w = worker();
  write("@/a.php", returns("a"));
  // The same place in an implementation with points of its own, and in one that is watched from outside.
  for (const char* point : {"file_cache/write", "posix/io/rw/writev"}) {
    act(ActionKind::arm,
        {{"point", point}, {"effect", "fail"}, {"error", "ENOSPC"}, {"onwards", true}, {"optional", true}});
  }
  expect(w.include("@/a.php"), "a");
  act(ActionKind::disarm, {});
  expect(w.is_cached("@/a.php"), true);
  expect(w.reset(), true);
  auto before = w.status();
  expect(w.include("@/a.php"), "a");
  expect(w.status(), grew(status_path::misses, 1, before));
  expect(w.reset(), true);
  before = w.status();
  expect(w.include("@/a.php"), "a");
  expect(w.status(), grew(status_path::misses, 0, before));
}
