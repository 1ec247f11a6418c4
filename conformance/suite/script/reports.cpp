// SC-STA, SC-SIZ, SC-SEG: the shape of the two reports, and what becomes of the directives in them.
#include "conformance/suite/script/common.h"
#include "conformance/vocabulary/status_paths.h"

using namespace assay::conformance;

namespace {

constexpr std::int64_t kMebibyte = 1 << 20;
const Path& slots = status_path::max_keys;

// What a directive became, and the size of the table where it shows that.
class Configured : public Scenario {
 public:
  using Scenario::Scenario;

 protected:
  void becomes(const std::string& directive, const std::string& text, Value effective) {
    ini(directive, text);
    worker_ = worker();
    expect(worker_.configuration(), at({"directives", directive}, std::move(effective)));
  }
  void table_becomes(const std::string& text, std::int64_t files, std::int64_t size) {
    becomes("opcache.max_accelerated_files", text, files);
    expect(worker_.status(), at(slots, size));
  }

 private:
  WorkerHandle worker_;
};

Matcher all_of_type(const std::string& type, const Path& parent, std::initializer_list<const char*> names) {
  std::vector<Matcher> parts;
  for (const char* name : names) {
    Path path = parent;
    path.emplace_back(name);
    parts.push_back(at(path, of_type(type)));
  }
  return all_of(std::move(parts));
}

}  // namespace

CLAUSE_TEST(Scenario, "SC-STA-01/members", "the status report has its members, each of its type") {
  auto w = worker();
  expect(w.status(),
         all_of({all_of_type("bool", {}, {"opcache_enabled", "cache_full", "restart_pending", "restart_in_progress"}),
                 all_of_type("int", {"memory_usage"}, {"used_memory", "free_memory", "wasted_memory"}),
                 all_of_type("float", {"memory_usage"}, {"current_wasted_percentage"}),
                 all_of_type("int", {"interned_strings_usage"},
                             {"buffer_size", "used_memory", "free_memory", "number_of_strings"}),
                 all_of_type("int", {"opcache_statistics"},
                             {"num_cached_scripts", "num_cached_keys", "max_cached_keys", "hits", "start_time",
                              "last_restart_time", "oom_restarts", "hash_restarts", "manual_restarts", "misses",
                              "blacklist_misses"}),
                 all_of_type("float", {"opcache_statistics"}, {"blacklist_miss_ratio", "opcache_hit_rate"}),
                 all_of_type("bool", {"jit"}, {"enabled", "on"}),
                 all_of_type("int", {"jit"}, {"kind", "opt_level", "opt_flags", "buffer_size", "buffer_free"}),
                 lacks({"preload_statistics"}), lacks({"file_cache"})}));
}

CLAUSE_TEST(Scenario, "SC-STA-01/no-string-buffer", "SC-INT-04",
            "the status report has no strings part without a string buffer, and scripts are cached") {
  ini("opcache.interned_strings_buffer", "0");
  auto [one, two] = workers<2>();
  write("@/a.php", php("return ['key' => 'value'];"));
  for (WorkerHandle worker : {one, two}) expect(worker.include("@/a.php"), Value::map({{"key", "value"}}));
  expect(one.status(), all_of({lacks({"interned_strings_usage"}), at({"scripts", "@/a.php", "hits"}, 1)}));
}

CLAUSE_TEST(Scenario, "SC-STA-08/configuration",
            "the configuration report has full names, typed values, a version and a list") {
  ini("opcache.memory_consumption", "16");
  ini("opcache.interned_strings_buffer", "4");
  ini("opcache.max_wasted_percentage", "10");
  auto w = worker();
  const Path directives = {"directives"};
  const auto is = [](const char* name, Value value) { return at({"directives", name}, std::move(value)); };
  expect(
      w.configuration(),
      all_of({is("opcache.enable", true), is("opcache.memory_consumption", 16 * kMebibyte),
              is("opcache.interned_strings_buffer", 4), is("opcache.max_wasted_percentage", 0.1),
              is("opcache.revalidate_freq", 2), is("opcache.restrict_api", ""), is("opcache.use_cwd", true),
              all_of_type("string", {"version"}, {"version", "opcache_product_name"}), at({"blacklist"}, Elements{})}));
}

CLAUSE_TEST(Scenario, "SC-STA-08/off-from-start", "SC-SEG-09",
            "control functions return false when off from the start, and the configuration is reported") {
  ini("opcache.enable", "0");
  auto w = worker();
  write("@/a.php", returns(1));
  const auto silent = all_of({equals(false), diagnoses(has_length(0))});
  expect(w.include("@/a.php"), 1);
  expect(w.status(), silent);
  expect(w.reset(), silent);
  expect(w.invalidate("@/a.php", true), silent);
  expect(w.is_cached("@/a.php"), silent);
  expect(w.compile_file("@/a.php"), all_of({equals(false), diagnoses(has_length(1))}));
  expect(w.configuration(), at({"directives", "opcache.enable"}, false));
}

CLAUSE_TEST(Configured, "SC-SIZ-03/smallest", "the smallest table size is accepted") {
  table_becomes("200", 200, 223);
}
CLAUSE_TEST(Configured, "SC-SIZ-03/too-small", "a table size that is too small becomes the default") {
  table_becomes("199", 10000, 16229);
}
CLAUSE_TEST(Configured, "SC-SIZ-03/too-large", "a table size that is too large becomes the default") {
  table_becomes("1000001", 10000, 16229);
}

CLAUSE_TEST(Configured, "SC-SIZ-05/largest", "the largest waste threshold is accepted") {
  becomes("opcache.max_wasted_percentage", "50", 0.5);
}
CLAUSE_TEST(Configured, "SC-SIZ-05/fraction", "a waste threshold with a fraction loses it") {
  becomes("opcache.max_wasted_percentage", "9.9", 0.09);
}
CLAUSE_TEST(Configured, "SC-SIZ-05/too-large", "a waste threshold above the largest becomes the default") {
  becomes("opcache.max_wasted_percentage", "51", 0.05);
}
CLAUSE_TEST(Configured, "SC-SIZ-05/too-small", "a waste threshold below the smallest becomes the default") {
  becomes("opcache.max_wasted_percentage", "0", 0.05);
}

CLAUSE_TEST(Scenario, "SC-SIZ-06/request-only", "some directives can be changed, for the request only") {
  auto w = worker();
  for (const auto& [name, other] :
       std::initializer_list<std::pair<const char*, const char*>>{{"opcache.validate_timestamps", "0"},
                                                                  {"opcache.revalidate_freq", "7"},
                                                                  {"opcache.revalidate_path", "1"},
                                                                  {"opcache.file_update_protection", "0"},
                                                                  {"opcache.dups_fix", "1"},
                                                                  {"opcache.enable", "0"}}) {
    auto before = w.ini_get(name);
    auto r = w.request();
    expect(r.ini_set(name, other), same_as(before));
    expect(r.ini_get(name), other);
    expect(w.ini_get(name), same_as(before));
  }
}

CLAUSE_TEST(Scenario, "SC-SIZ-06/at-once", "a changed directive takes effect at once") {
  auto w = worker();
  write("@/young.php", returns(1), 0);
  auto r = w.request();
  r.include("@/young.php");
  expect(r.is_cached("@/young.php"), false);
  r.ini_set("opcache.file_update_protection", "0");
  r.include("@/young.php");
  expect(r.is_cached("@/young.php"), true);
}

CLAUSE_TEST(Scenario, "SC-SIZ-06/fixed", "the other directives cannot be changed by a script") {
  auto w = worker();
  for (const char* name :
       {"opcache.memory_consumption", "opcache.max_accelerated_files", "opcache.use_cwd", "opcache.lockfile_path",
        "opcache.blacklist_filename", "opcache.max_file_size", "opcache.max_wasted_percentage",
        "opcache.force_restart_timeout", "opcache.log_verbosity_level", "opcache.restrict_api",
        "opcache.validate_permission", "opcache.enable_file_override", "opcache.consistency_checks"}) {
    auto before = w.ini_get(name);
    auto r = w.request();
    expect(r.ini_set(name, "1"), false);
    expect(r.ini_get(name), same_as(before));
  }
}

CLAUSE_TEST(Scenario, "SC-SEG-08/empty-cache",
            "an empty cache uses memory for the string buffer, the table and little more") {
  ini("opcache.interned_strings_buffer", "8");
  auto w = worker();
  expect(w.status(), at(used, between(8 * kMebibyte, 9 * kMebibyte)));
}
