// GU-LIV-07, GU-IDN-02, GU-IDN-03, GU-SYS: restarts, freshness, configuration.
#include <chrono>

#include "conformance/registry/registration.h"
#include "conformance/vocabulary/status_paths.h"

using namespace assay::conformance;
using namespace std::chrono_literals;

namespace {
using status_path::enabled;
using status_path::hits;
using status_path::misses;
using status_path::pending;
using status_path::scripts;
const Path& manual = status_path::manual_restarts;
const Path& mark = status_path::last_restart;

Path directive(const std::string& name) {
  return {"directives", name};
}

// The same requests with the same replies and counters, whatever is logged.
class Logged : public Scenario {
 public:
  Logged(const Description& target, Directives settings) : Scenario(target), settings_(std::move(settings)) {}

 protected:
  void steps() override {
    for (const auto& [name, value] : settings_) ini(name, value);
    auto [one, two] = workers<2>();
    write("@/a.php", returns("a"));
    write("@/b.php", php("return ['b', include __DIR__ . '/a.php'];"));
    write("@/broken.php", php("return [1;"));
    auto before = one.status();
    expect(one.include("@/b.php"), Value::list({"b", "a"}));
    expect(two.include("@/b.php"), Value::list({"b", "a"}));
    expect(two.include("@/broken.php"), throws("ParseError"));
    expect(one.include("@/missing.php"), false);
    expect(two.status(), all_of({grew(hits, 2, before), at(scripts, 2), grew(misses, 3, before)}));
    expect(one.invalidate("@/a.php", true), true);
    expect(one.is_cached("@/a.php"), false);
    expect(two.include("@/a.php"), "a");
    expect(two.reset(), true);
    expect(one.status(), all_of({at(enabled, true), at(pending, false), at(manual, 1), at(scripts, 0)}));
    expect(one.include("@/b.php"), Value::list({"b", "a"}));
    expect(two.is_cached("@/b.php"), true);
  }

 private:
  Directives settings_;
};

[[maybe_unused]] const bool life_registered = register_tests({
    clause_test<Logged>("GU-SYS-03/log-fatal", "logging fatal errors changes no reply and no counter",
                        with(Directives{{"opcache.log_verbosity_level", "0"}})),
    clause_test<Logged>("GU-SYS-03/log-everything", "logging everything changes no reply and no counter",
                        with(Directives{{"opcache.log_verbosity_level", "4"}})),
    clause_test<Logged>("GU-SYS-03/log-full", "a full log changes no reply and no counter",
                        with(Directives{{"opcache.log_verbosity_level", "4"}, {"opcache.error_log", "/dev/full"}})),
});
}  // namespace

CLAUSE_TEST(Scenario, "GU-LIV-07/restart-with-reader",
            "a restart waits for a reader, stops no request and comes with the next one") {
  auto [reader, one, two] = workers<3>();
  write("@/a.php", returns("a"));
  write("@/b.php", returns("b"));
  expect(reader.include("@/a.php"), "a");
  auto held = reader.background("reader");
  expect(held.include("@/a.php"), "a");
  held.rendezvous("reading");
  expect(held.include("@/a.php"), "a");
  wait_for_arrival("reading");
  expect(one.reset(), true);
  for (WorkerHandle worker : {one, two, one, two}) {
    auto request = worker.request();
    request.within(1s);
    expect(request.include("@/b.php"), "b");
    expect(request.include("@/a.php"), "a");
    expect(request.status(), at(pending, true));
  }
  release("reading");
  await("reader");
  expect(two.status(), all_of({at(pending, false), at(enabled, true), at(manual, 1), at(scripts, 0)}));
  expect(two.include("@/b.php"), "b");
  expect(one.is_cached("@/b.php"), true);
}

CLAUSE_TEST(Scenario, "GU-LIV-07/restart-unhindered",
            "an unhindered restart comes with the next request of any worker") {
  auto [one, two] = workers<2>();
  write("@/a.php", returns("a"));
  for (int round = 1; round <= 3; ++round) {
    expect(one.include("@/a.php"), "a");
    expect(one.reset(), true);
    expect(two.status(), all_of({at(pending, false), at(enabled, true), at(manual, round), at(scripts, 0)}));
  }
}

CLAUSE_TEST(Scenario, "GU-IDN-02/before-restart",
            "no request that starts after a restart gets anything from before it") {
  auto [one, two] = workers<2>();
  // A change that the time of the file does not show: only the restart can bring it.
  write_at("@/a.php", returns("old"), now() - 500);
  expect(one.include("@/a.php"), "old");
  expect(two.include("@/a.php"), "old");
  write_at("@/a.php", returns("new"), now() - 500);
  expect(one.reset(), true);
  expect(two.include("@/a.php"), "new");
  expect(one.include("@/a.php"), "new");
}

CLAUSE_TEST(Scenario, "GU-IDN-02/restart-mark", "the restart mark grows with each restart, whatever the clock does") {
  auto [one, two] = workers<2>();
  auto earlier = two.status();
  for (const auto step : {0s, 100s, -500s, -3s, 1s, 0s}) {
    advance_clock(step);
    expect(one.reset(), true);
    auto later = two.status();
    expect(later, all_of({at_least(earlier, mark), negated(same_as(earlier, mark)), at(pending, false)}));
    earlier = later;
  }
}

CLAUSE_TEST(Scenario, "GU-IDN-03/changed-file", "a changed file is served in every worker once the window is over") {
  ini("opcache.revalidate_freq", "3");
  auto [one, two] = workers<2>();
  write("@/a.php", returns("first"));
  write("@/main.php", php("return include __DIR__ . '/a.php';"));
  for (WorkerHandle worker : {one, two}) expect(worker.include("@/main.php"), "first");
  for (const char* content : {"second", "third"}) {
    write("@/a.php", returns(content), 100);
    advance_clock(4s);
    for (WorkerHandle worker : {one, two}) {
      expect(worker.include("@/a.php"), content);
      expect(worker.include("@/main.php"), content);
    }
    advance_clock(10s);
  }
}

CLAUSE_TEST(Scenario, "GU-IDN-03/changed-link", "a changed link is followed once the windows of both caches are over") {
  ini("opcache.revalidate_freq", "2");
  ini("realpath_cache_ttl", "20");
  needs("realpath_cache");
  auto [one, two] = workers<2>();
  write("@/v1/a.php", returns("of v1"));
  write("@/v2/a.php", returns("of v2"));
  make_link("@/current", "@/v1");
  for (WorkerHandle worker : {one, two}) expect(worker.include("@/current/a.php"), "of v1");
  swap_link("@/current", "@/v2");
  advance_clock(23s);
  for (WorkerHandle worker : {one, two, one, two}) expect(worker.include("@/current/a.php"), "of v2");
}

CLAUSE_TEST(Scenario, "GU-SYS-02/directives", "the report shows each directive as it was set") {
  const std::vector<std::pair<const char*, std::pair<const char*, Value>>> directives = {
      {"opcache.memory_consumption", {"32", 32 << 20}},
      {"opcache.interned_strings_buffer", {"4", 4}},
      {"opcache.max_accelerated_files", {"1234", 1234}},
      {"opcache.max_wasted_percentage", {"10", 0.1}},
      {"opcache.revalidate_freq", {"17", 17}},
      {"opcache.validate_timestamps", {"0", false}},
      {"opcache.use_cwd", {"0", false}},
      {"opcache.file_update_protection", {"9", 9}},
      {"opcache.force_restart_timeout", {"77", 77}},
      {"opcache.max_file_size", {"100000", 100000}},
      {"opcache.log_verbosity_level", {"2", 2}},
  };
  for (const auto& [name, set] : directives) ini(name, set.first);
  auto w = worker();
  auto report = w.configuration();
  std::vector<Matcher> shown;
  for (const auto& [name, set] : directives) shown.push_back(at(directive(name), set.second));
  expect(report, all_of(shown));
}

CLAUSE_TEST(Scenario, "GU-SYS-02/out-of-range", "the report shows what replaced a value out of range") {
  ini("opcache.max_accelerated_files", "1");
  ini("opcache.max_wasted_percentage", "99");
  auto w = worker();
  // Which value it is says SC-SIZ-03.
  expect(w.configuration(), all_of({at(directive("opcache.max_accelerated_files"), between(200, 1'000'000)),
                                    at(directive("opcache.max_wasted_percentage"), between(0.01, 0.5))}));
  expect(w.status(), at(status_path::max_keys, between(200, 2'000'000)));
}

CLAUSE_TEST(Scenario, "SC-PER-05/consistency-checks", "consistency checks are off whatever is set") {
  ini("opcache.consistency_checks", "3");
  auto w = worker();
  write("@/a.php", returns("a"));
  expect(w.configuration(), at(directive("opcache.consistency_checks"), 0));
  auto before = w.status();
  for (int i = 0; i < 8; ++i) expect(w.include("@/a.php"), "a");
  expect(w.status(), all_of({grew(hits, 7, before), at(status_path::wasted, 0)}));
}
