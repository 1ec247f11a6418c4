// Calls on files of the file cache that the system refuses or interrupts, although nothing is wrong with them.
#include "conformance/exploration/campaign.h"
#include "conformance/exploration/sweep.h"
#include "conformance/registry/registration.h"
#include "conformance/vocabulary/status_paths.h"

using namespace assay::conformance;

namespace {

// The source is compiled, the file stays, and the log says what was refused, with the system's own words.
class RefusedRead final : public Scenario {
 public:
  using Scenario::Scenario;

 private:
  void steps() override {
    ini("opcache.file_cache", "@");
    ini("opcache.log_verbosity_level", "2");
    ini("opcache.error_log", "@/log");
    auto [one, two] = workers<2>();
    write("@/a.php", returns("a"));
    expect(one.include("@/a.php"), "a");
    expect(one.reset(), true);
    auto before = two.status();
    act(ActionKind::arm, {{"point", "*"}, {"effect", "count"}});  // in its place the refusal is armed
    expect(one.include("@/a.php"), "a");
    act(ActionKind::disarm, {});
    expect(two.status(), all_of({grew(status_path::misses, 1, before), has({"scripts", "@/a.php"})}));
    expect(two.read_file("@/log"), matches("Warning .*/a\\.php.*Input/output error"));
    expect(two.reset(), true);
    before = one.status();
    expect(two.include("@/a.php"), "a");
    expect(one.status(), all_of({grew(status_path::hits, 1, before), grew(status_path::misses, 0, before)}));
  }
};

}  // namespace

BODY_TEST("sweep", "GU-LIV-05/refused-file-reads", "GU-VAL-07 SC-FIL-06",
          "EIO at any look at a cache file is logged, and the file stays",
          {"fault", "script_cache.file_cache", "workers"}) {
  Sweep sweep(1);  // from the first call on
  const Trace trace =
      RefusedRead(context.target.description()).build("a cache file cannot be read", {"GU-LIV-05", "GU-VAL-07"});
  for (const char* point : {"file_cache/open", "file_cache/stat", "file_cache/read/header", "file_cache/read/body"})
    sweep.add(trace, {point, "fail", "EIO", true, 0});
  return Campaign(context.target, context.folder, {.least = 4}).run(sweep);
}

namespace {

// Stored in a file, loaded from it, removed from it.
class Interrupted final : public Scenario {
 public:
  using Scenario::Scenario;

 private:
  void steps() override {
    ini("opcache.file_cache", "@");
    ini("opcache.log_verbosity_level", "2");
    ini("opcache.error_log", "@/log");
    auto [one, two] = workers<2>();
    write("@/d/a.php", returns("a"));
    act(ActionKind::arm, {{"point", "*"}, {"effect", "count"}});  // in its place the interruption is armed
    expect(one.include("@/d/a.php"), "a");
    expect(one.reset(), true);
    auto before = one.status();
    expect(one.include("@/d/a.php"), "a");
    act(ActionKind::disarm, {});
    // A hit: it was stored, and could be read.
    expect(two.status(), all_of({grew(status_path::misses, 0, before), grew(status_path::hits, 1, before)}));
    expect(two.file_exists("@/log"), false);
    expect(two.reset(), true);
    before = two.status();
    expect(one.include("@/d/a.php"), "a");
    expect(two.status(), all_of({grew(status_path::misses, 0, before), grew(status_path::hits, 1, before)}));
  }
};

}  // namespace

BODY_TEST("sweep", "GU-LIV-04/eintr-file-cache", "SC-FIL-04 SC-FIL-05",
          "EINTR at any call on a cache file changes neither replies nor what is stored",
          {"fault", "script_cache.file_cache", "workers"}) {
  Sweep sweep(8);
  const Trace trace = Interrupted(context.target.description()).build("cache files, interrupted", {"GU-LIV-04"});
  for (const char* point : {"file_cache/*", "posix/io/rw/writev"}) sweep.add(trace, {point, "fail", "EINTR", false, 0});
  return Campaign(context.target, context.folder, {.least = 1}).run(sweep);
}
