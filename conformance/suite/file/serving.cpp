// SC-FIL: the file cache as requests see it. A restart empties the memory and leaves the files, so what a script costs
// after one (a hit, or a miss) tells whether it had a file.
#include "conformance/registry/registration.h"
#include "conformance/vocabulary/status_paths.h"

using namespace assay::conformance;
using namespace std::chrono_literals;

namespace {
using status_path::hits;
using status_path::keys;
using status_path::misses;
const char* const script_hits = "hits";

// The sandbox itself is the directory: it is there before the runtime starts.
const char* const directory = "@";

class Filed : public Scenario {
 public:
  using Scenario::Scenario;

 protected:
  WorkerHandle worker_with_files() {
    ini("opcache.file_cache", directory);
    return worker();
  }
  // Everything is out of memory afterwards.
  void empty_memory(WorkerHandle by) { expect(by.reset(), true); }
  // The next use is served from a file (and not compiled), or compiled.
  void is_from_file(WorkerHandle by, const std::string& path, Value value) { uses(by, path, std::move(value), 1, 0); }
  void is_compiled(WorkerHandle by, const std::string& path, Value value) { uses(by, path, std::move(value), 0, 1); }

 private:
  void uses(WorkerHandle by, const std::string& path, Value value, int hit, int miss) {
    auto before = by.status();
    expect(before, lacks({"scripts", path}));
    expect(by.include(path), std::move(value));
    expect(by.status(), all_of({grew(hits, hit, before), grew(misses, miss, before)}));
  }
};

}  // namespace

// ---- SC-FIL-01, SC-FIL-15 ----

namespace {

class UnusableDirectory : public Scenario {
 public:
  UnusableDirectory(const Description& target, const char* path) : Scenario(target), path_(path) {}

 protected:
  void steps() override {
    ini("opcache.file_cache", path_);
    ini("opcache.log_verbosity_level", "2");
    ini("opcache.error_log", "@/log");
    auto w = worker();
    write("@/a.php", returns("a"));
    expect(w.configuration(), at({"directives", "opcache.file_cache"}, ""));
    expect(w.read_file("@/log"), matches("Warning .*must be a full path of accessible directory"));
    expect(w.include("@/a.php"), "a");
    expect(w.status(), all_of({at({"opcache_enabled"}, true), lacks({"file_cache"}), has({"scripts", "@/a.php"})}));
  }

 private:
  const char* path_;
};

[[maybe_unused]] const bool unusable_registered = register_tests({
    clause_test<UnusableDirectory>("SC-FIL-15/missing-directory", "a missing directory is ignored with a warning",
                                   with("@/missing")),
    clause_test<UnusableDirectory>("SC-FIL-15/relative-directory", "a relative directory is ignored with a warning",
                                   with("cache")),
});

}  // namespace

CLAUSE_TEST(Scenario, "SC-FIL-01/usable-directory", "a usable directory is reported without a warning") {
  ini("opcache.file_cache", directory);
  ini("opcache.log_verbosity_level", "2");
  ini("opcache.error_log", "@/log");
  auto w = worker();
  write("@/a.php", returns("a"));
  expect(w.include("@/a.php"), "a");
  expect(w.configuration(), at({"directives", "opcache.file_cache"}, "@"));
  expect(w.status(), at({"file_cache"}, "@"));
  expect(w.file_exists("@/log"), false);
}

// ---- SC-FIL-05 ----

CLAUSE_TEST(Filed, "SC-FIL-05/load",
            "a script loaded from its file is listed as cached and counts one hit and no miss") {
  auto one = worker_with_files();
  auto two = worker();
  write("@/a.php", returns("a"));
  expect(one.include("@/a.php"), "a");
  empty_memory(one);
  is_from_file(two, "@/a.php", "a");
  expect(one.status(), at({"scripts", "@/a.php", script_hits}, 1));
  expect(one.is_cached("@/a.php"), true);
  // And again: a reset deletes no file.
  empty_memory(two);
  is_from_file(one, "@/a.php", "a");
}

CLAUSE_TEST(Filed, "SC-FIL-05/compile-loads", "compiling a script that is only in a file loads it") {
  auto w = worker_with_files();
  write("@/a.php", returns("a"));
  expect(w.compile_file("@/a.php"), true);
  empty_memory(w);
  auto before = w.status();
  expect(w.is_cached("@/a.php"), false);
  expect(w.compile_file("@/a.php"), true);
  expect(w.is_cached("@/a.php"), true);
  expect(w.status(), all_of({grew(hits, 1, before), grew(misses, 0, before)}));
  expect(w.include("@/a.php"), "a");
}

CLAUSE_TEST(Filed, "SC-FIL-05/no-key", "SC-KEY-02",
            "a load from a file makes no key of the spelling, the next use does") {
  auto w = worker_with_files();
  write("@/d/a.php", returns("a"));
  make_link("@/l", "d");
  expect(w.include("@/l/a.php"), "a");
  empty_memory(w);
  auto before = w.status();
  expect(w.include("@/l/a.php"), "a");
  expect(w.is_cached("@/l/a.php"), false);
  expect(w.status(), all_of({grew(hits, 1, before), grew(keys, 1, before)}));
  expect(w.include("@/l/a.php"), "a");
  expect(w.is_cached("@/l/a.php"), true);
  expect(w.status(), grew(keys, 2, before));
}

CLAUSE_TEST(Filed, "SC-FIL-05/listed-script", "SC-FIL-06",
            "the file of a script that memory lists is neither asked nor replaced") {
  ini("opcache.revalidate_freq", "0");
  auto w = worker_with_files();
  write_at("@/a.php", returns("old"), now() - 1000);
  expect(w.include("@/a.php"), "old");
  write_at("@/a.php", returns("new"), now() - 900);
  expect(w.include("@/a.php"), "new");
  empty_memory(w);
  is_compiled(w, "@/a.php", "new");  // what the file has is still the old one
  empty_memory(w);
  is_from_file(w, "@/a.php", "new");
}

CLAUSE_TEST(Filed, "SC-FIL-05/written-while-pending", "SC-STA-02 SC-ALL-02",
            "a script whose file was written while a restart was pending has a size") {
  auto w = worker_with_files();
  write("@/a.php", returns("a"));
  auto r = w.request();
  expect(r.reset(), true);
  expect(r.include("@/a.php"), "a");  // memory takes nothing now
  is_from_file(w, "@/a.php", "a");
  expect(w.status(), at({"scripts", "@/a.php", "memory_consumption"}, between(1, 1 << 20)));
}

CLAUSE_TEST(Filed, "SC-FIL-05/rewritten-while-pending", "SC-RST-05",
            "the file of a listed script is written anew while a restart is pending") {
  ini("opcache.revalidate_freq", "0");
  auto w = worker_with_files();
  write_at("@/a.php", returns("old"), now() - 1000);
  expect(w.include("@/a.php"), "old");
  write_at("@/a.php", returns("new"), now() - 900);
  auto r = w.request();
  expect(r.reset(), true);
  expect(r.include("@/a.php"), "new");
  is_from_file(w, "@/a.php", "new");
}

CLAUSE_TEST(Filed, "SC-FIL-05/hit-while-pending", "SC-RST-05",
            "a script that comes from its file while a restart is pending counts a hit") {
  auto w = worker_with_files();
  write("@/a.php", returns("a"));
  expect(w.include("@/a.php"), "a");
  empty_memory(w);
  auto r = w.request();
  expect(r.status(), at(hits, 0));
  expect(r.reset(), true);
  for (int i = 0; i < 2; ++i) expect(r.include("@/a.php"), "a");
  expect(r.status(), all_of({at(hits, 2), at(misses, 0)}));
}

CLAUSE_TEST(Filed, "SC-FIL-05/window", "SC-VAL-02",
            "the window of a loaded script is that of the entry that was filed") {
  ini("opcache.revalidate_freq", "2");
  auto w = worker_with_files();
  for (const char* path : {"@/late.php", "@/soon.php"}) write_at(path, returns("old"), now() - 1000);
  expect(w.include("@/late.php"), "old");
  advance_clock(10s);
  expect(w.include("@/soon.php"), "old");
  empty_memory(w);
  for (const char* path : {"@/late.php", "@/soon.php"}) is_from_file(w, path, "old");
  for (const char* path : {"@/late.php", "@/soon.php"}) write_at(path, returns("new"), now() - 500);
  expect(w.include("@/late.php"), "new");
  expect(w.include("@/soon.php"), "old");
}

CLAUSE_TEST(Filed, "SC-FIL-05/other-ways", "SC-KEY-10 SC-KEY-02",
            "only an include by a listed name compiles an invalid script without its file") {
  ini("opcache.revalidate_freq", "0");
  auto w = worker_with_files();
  write("@/d/a.php", returns("a"));
  expect(w.include("@/d/a.php"), "a");
  const auto after_a_move = [&](const std::string& name, const char* how, int hit) {
    move("@/d", "@/away");
    expect(w.include("@/d/a.php"), equals(false));  // which makes it invalid
    move("@/away", "@/d");
    auto before = w.status();
    expect(w.include(name, how), "a");
    expect(w.status(), all_of({grew(hits, hit, before), grew(misses, 1 - hit, before)}));
  };
  after_a_move("@/d/a.php", "include", 0);
  after_a_move("@/d/a.php", "include_once", 1);
  after_a_move("@//d/a.php", "include", 1);
}

CLAUSE_TEST(Filed, "SC-FIL-05/outlives-runtime", "files outlive the runtime") {
  auto w = worker_with_files();
  write("@/a.php", returns("a"));
  write("@/b.php", php("class Filed { const KIND = ['one', 2, 3.5]; static function f($x = 'x') { return $x; } }\n"
                       "function filed() { return Filed::KIND; }\nreturn [Filed::f(), filed()];"));
  const Value b = Value::list({"x", Value::list({"one", 2, 3.5})});
  expect(w.include("@/a.php"), "a");
  expect(w.include("@/b.php"), b);
  reload();
  is_from_file(w, "@/a.php", "a");
  is_from_file(w, "@/b.php", b);
}

// ---- SC-FIL-06, the case without a warning ----

CLAUSE_TEST(Filed, "SC-FIL-06/older-source", "a file of an older source is replaced, and nothing is logged") {
  ini("opcache.log_verbosity_level", "2");
  ini("opcache.error_log", "@/log");
  auto w = worker_with_files();
  write("@/a.php", returns("old"));
  expect(w.include("@/a.php"), "old");
  empty_memory(w);
  write_at("@/a.php", returns("new"), now() - 500);
  is_compiled(w, "@/a.php", "new");
  empty_memory(w);
  is_from_file(w, "@/a.php", "new");
  expect(w.file_exists("@/log"), false);
}

// ---- SC-FIL-08 ----

CLAUSE_TEST(Filed, "SC-FIL-08/forced", "a forced invalidation deletes the file") {
  auto w = worker_with_files();
  write("@/a.php", returns("a"));
  expect(w.include("@/a.php"), "a");
  expect(w.invalidate("@/a.php", true), true);
  empty_memory(w);
  is_compiled(w, "@/a.php", "a");
}

CLAUSE_TEST(Filed, "SC-FIL-08/unforced", "an unforced invalidation deletes the file and keeps the unchanged entry") {
  auto w = worker_with_files();
  write("@/a.php", returns("a"));
  expect(w.include("@/a.php"), "a");
  expect(w.invalidate("@/a.php"), true);
  expect(w.is_cached("@/a.php"), true);
  empty_memory(w);
  is_compiled(w, "@/a.php", "a");
}

CLAUSE_TEST(Filed, "SC-FIL-08/any-spelling",
            "an invalidation by any spelling deletes the file without an entry in memory") {
  auto w = worker_with_files();
  write("@/d/a.php", returns("a"));
  expect(w.include("@/d/a.php"), "a");
  empty_memory(w);
  expect(w.invalidate("@/d/../d//a.php"), true);
  is_compiled(w, "@/d/a.php", "a");
}

// ---- SC-FIL-09, SC-FIL-14 ----

CLAUSE_TEST(Filed, "SC-FIL-09/no-validation", "the file of an outdated source is served without validation") {
  ini("opcache.validate_timestamps", "0");
  auto w = worker_with_files();
  write("@/a.php", returns("old"));
  expect(w.include("@/a.php"), "old");
  empty_memory(w);
  write_at("@/a.php", returns("new"), now() - 500);
  is_from_file(w, "@/a.php", "old");
}

namespace {

class SourceGone : public Filed {
 public:
  SourceGone(const Description& target, const char* validate) : Filed(target), validate_(validate) {}

 protected:
  void steps() override {
    ini("opcache.validate_timestamps", validate_);
    auto w = worker_with_files();
    write("@/a.php", returns("a"));
    expect(w.include("@/a.php"), "a");
    empty_memory(w);
    remove("@/a.php");
    w.clear_realpath_cache();
    expect(w.include("@/a.php"), all_of({equals(false), diagnoses(has_length(2))}));
    // The file stayed: it serves when the same source is back.
    write("@/a.php", returns("a"));
    is_from_file(w, "@/a.php", "a");
  }

 private:
  const char* validate_;
};

[[maybe_unused]] const bool source_gone_registered = register_tests({
    clause_test<SourceGone>("SC-FIL-14/source-gone", "a file without its source is not loaded, and stays", with("1")),
    clause_test<SourceGone>("SC-FIL-14/source-gone-no-validation",
                            "a file without its source is not loaded even without validation, and stays", with("0")),
});

}  // namespace

// ---- SC-FIL-10 ----

CLAUSE_TEST(Scenario, "SC-FIL-10/status",
            "file_cache_only has no memory: the status says so, and control functions refuse") {
  ini("opcache.file_cache", directory);
  ini("opcache.file_cache_only", "1");
  auto w = worker();
  write("@/a.php", returns("a"));
  write("@/b.php", returns("b"));
  auto r = w.request();
  expect(r.include("@/a.php"), "a");
  expect(r.status(), equals(Value::map({{"opcache_enabled", false}, {"file_cache", "@"}, {"file_cache_only", true}})));
  expect(r.is_cached("@/a.php"), false);
  expect(r.invalidate("@/a.php", true), false);
  expect(r.reset(), false);
  expect(r.compile_file("@/b.php"), true);
}

CLAUSE_TEST(Scenario, "SC-FIL-10/changed-source", "file_cache_only notices a changed source by its time alone") {
  ini("opcache.file_cache", directory);
  ini("opcache.file_cache_only", "1");
  auto w = worker();
  write("@/a.php", returns("old"));
  expect(w.include("@/a.php"), "old");
  // The same time: the file is believed, so there is one; and a refused invalidation leaves it in place.
  write("@/a.php", returns("new"));
  expect(w.include("@/a.php"), "old");
  expect(w.invalidate("@/a.php", true), false);
  expect(w.include("@/a.php"), "old");
  write_at("@/a.php", returns("new"), now() - 500);
  expect(w.include("@/a.php"), "new");
}

// ---- SC-FIL-11, SC-FIL-12 ----

CLAUSE_TEST(Scenario, "SC-FIL-11/fallback", "no fallback directive exists") {
  auto w = worker();
  expect(w.ini_get("opcache.file_cache_fallback"), false);
}

CLAUSE_TEST(Filed, "SC-FIL-12/jit", "an active JIT writes no file") {
  needs("script_cache.jit");
  ini("opcache.jit", "tracing");
  ini("opcache.jit_buffer_size", "16M");
  auto w = worker_with_files();
  write("@/a.php", returns("a"));
  expect(w.include("@/a.php"), "a");
  expect(w.status(), at({"jit", "on"}, true));
  empty_memory(w);
  is_compiled(w, "@/a.php", "a");
}
