// SC-RST: running out and restarting.
#include "conformance/suite/script/common.h"
#include "conformance/vocabulary/status_paths.h"

using namespace assay::conformance;
using namespace std::chrono_literals;

namespace {

// A script that takes at least 16 bytes of shared memory for each element: an array in a function that is not called,
// because a long string would go to the interned strings, and a constant expression would be folded away.
std::string big_script(int elements, int marker) {
  const std::string name = "big" + std::to_string(marker);
  std::string code = "<?php\nif (!function_exists('" + name + "')) { function " + name + "() { return [0";
  for (int i = 1; i < elements; ++i) code += "," + std::to_string(i);
  return code + "]; } }\nreturn " + std::to_string(marker) + ";\n";
}
}  // namespace

CLAUSE_TEST(Scenario, "SC-RST-08/reset", "SC-RST-13 SC-RST-11",
            "a reset empties the cache at the start of the next request") {
  auto [one, two] = workers<2>();
  auto fresh = one.status();
  write("@/a.php", returns(1));
  one.include("@/a.php");
  one.include("@/a.php");
  expect(one.invalidate("@/a.php", true), true);
  expect(one.reset(), true);
  expect(two.status(), all_of({grew(manual, 1, fresh), at(scripts, 0), at(hits, 0), at(misses, 0), at(wasted, 0),
                               at(pending, false), at(status_path::full, false), at(status_path::enabled, true),
                               same_as(fresh, status_path::free_memory), same_as(fresh, status_path::start_time),
                               same_as(fresh, status_path::oom_restarts), same_as(fresh, status_path::hash_restarts)}));
}

CLAUSE_TEST(Scenario, "SC-RST-10/resetting-request", "the request that resets keeps its cache to its end") {
  auto w = worker();
  write("@/a.php", returns(1));
  w.include("@/a.php");
  auto r = w.request();
  expect(r.include("@/a.php"), 1);
  auto before = r.status();
  expect(r.reset(), true);
  expect(r.status(), all_of({at(pending, true), at(status_path::enabled, true), has({"scripts", "@/a.php"})}));
  expect(r.include("@/a.php"), 1);
  expect(r.status(), grew(hits, 1, before));
}

CLAUSE_TEST(Scenario, "SC-RST-09/held-off", "SC-RST-12",
            "others work without the cache while a reader holds off a restart") {
  needs("rendezvous");
  auto [reader, other] = workers<2>();
  write("@/a.php", returns(1));
  write("@/b.php", returns(2));
  reader.include("@/a.php");
  auto r = reader.background("reader");
  r.include("@/a.php");
  r.rendezvous("reading");
  expect(r.include("@/a.php"), 1);
  wait_for_arrival("reading");
  expect(other.reset(), true);
  auto q = other.request();
  expect(q.status(), all_of({at(pending, true), at(status_path::enabled, false), lacks({"scripts"})}));
  expect(q.is_cached("@/a.php"), false);
  expect(q.reset(), false);
  expect(q.invalidate("@/a.php", true), false);
  expect(q.include("@/b.php"), 2);
  expect(q.compile_file("@/b.php"), true);
  release("reading");
  await("reader");
  expect(other.status(), all_of({at(pending, false), at(status_path::enabled, true), at(manual, 1), at(scripts, 0)}));
}

CLAUSE_TEST(Scenario, "SC-RST-14/restart-mark",
            "the restart mark is the request time and grows even when the clock goes back") {
  auto w = worker();
  expect(w.status(), at(status_path::last_restart, 0));
  expect(w.reset(), true);
  auto first = w.status();
  expect(first, at(status_path::last_restart, now()));
  advance_clock(-50s);
  expect(w.reset(), true);
  expect(w.status(), grew(status_path::last_restart, 1, first));
}

CLAUSE_TEST(Scenario, "SC-RST-17/second-cause", "a second cause changes nothing while a restart is pending") {
  auto w = worker();
  auto r = w.request();
  expect(r.reset(), true);
  expect(r.reset(), false);
  expect(w.status(), at(manual, 1));
  expect(w.status(), at(manual, 1));
}

CLAUSE_TEST(Scenario, "SC-RST-02/waste-alone", "waste alone never restarts") {
  ini("opcache.max_wasted_percentage", "1");
  ini("opcache.memory_consumption", "16");
  auto w = worker();
  write("@/a.php", big_script(60'000, 1));
  expect(w.include("@/a.php"), 1);
  expect(w.invalidate("@/a.php", true), true);
  expect(w.status(), all_of({at(pending, false), at(status_path::full, false),
                             at(status_path::wasted_percentage, between(1.0, 50.0))}));
  expect(w.status(), all_of({at(pending, false), at(status_path::oom_restarts, 0)}));
}

CLAUSE_TEST(Scenario, "SC-RST-01/oom-waste", "SC-RST-13", "OOM with enough waste restarts at the next request") {
  ini("opcache.memory_consumption", "16");
  ini("opcache.interned_strings_buffer", "1");
  ini("opcache.max_wasted_percentage", "5");
  auto w = worker();
  write("@/a.php", big_script(60'000, 7));
  write("@/b.php", big_script(60'000, 8));
  auto r = w.request();
  for (int i = 0; i < 20; ++i) {
    expect(r.include("@/a.php"), 7);
    r.invalidate("@/a.php", true);
  }
  expect(r.status(), at(pending, true));
  expect(w.status(), all_of({at(status_path::oom_restarts, 1), at(pending, false), at(scripts, 0), at(wasted, 0)}));
  expect(w.include("@/b.php"), 8);
  expect(w.is_cached("@/b.php"), true);
}

CLAUSE_TEST(Scenario, "SC-RST-01/oom-no-waste", "SC-RST-03 SC-RST-04",
            "OOM without waste runs the script uncached each time") {
  ini("opcache.memory_consumption", "8");
  ini("opcache.interned_strings_buffer", "1");
  auto w = worker();
  write("@/big.php", big_script(600'000, 9));
  write("@/small.php", returns(1));
  auto before = w.status();
  expect(w.include("@/big.php"), 9);
  expect(w.include("@/big.php"), 9);
  expect(w.status(), all_of({grew(misses, 2, before), at(status_path::full, false), at(pending, false),
                             lacks({"scripts", "@/big.php"})}));
  expect(w.include("@/small.php"), 1);
  expect(w.is_cached("@/small.php"), true);
}

CLAUSE_TEST(Scenario, "SC-RST-07/full-table", "SC-KEY-11",
            "a full table refuses quietly and never restarts without waste") {
  ini("opcache.max_accelerated_files", "200");
  auto w = worker();
  for (int i = 0; i < 223; ++i) write("@/" + std::to_string(i) + ".php", returns(i));
  auto r = w.request();
  for (int i = 0; i < 223; ++i) expect(r.include("@/" + std::to_string(i) + ".php"), i);
  auto full = w.status();
  expect(full, all_of({at(status_path::max_keys, 223), at(status_path::keys, 223), at(status_path::full, false)}));
  write("@/one-more.php", returns("more"));
  expect(w.include("@/one-more.php"), "more");
  expect(w.is_cached("@/one-more.php"), false);
  expect(w.status(), all_of({at(status_path::full, true), at(pending, false), at(status_path::hash_restarts, 0),
                             at(status_path::keys, 223)}));
  expect(w.include("@/0.php"), 0);
}

CLAUSE_TEST(Scenario, "SC-RST-18/realpath-cache", "RP-LIFE-06", "a restart empties the realpath cache of each worker") {
  auto [one, two] = workers<2>();
  write("@/d/a.php", returns(1));
  two.realpath("@/d/a.php");
  expect(two.realpath_listing(), has({"@/d/a.php"}));
  expect(one.reset(), true);
  one.status();
  expect(two.realpath_listing(), lacks({"@/d/a.php"}));
}

CLAUSE_TEST(Scenario, "SC-RST-18/first-request", "SC-RST-22",
            "a restart empties the realpath cache of a worker whose first request began while it was pending") {
  needs("rendezvous");
  auto [reader, other, late] = workers<3>();
  write("@/d/a.php", returns(1));
  auto held = reader.background("reader");
  expect(held.include("@/d/a.php"), 1);
  held.rendezvous("held");
  wait_for_arrival("held");
  expect(other.reset(), true);
  late.realpath("@/d/a.php");
  expect(late.realpath_listing(), has({"@/d/a.php"}));  // a restart that is pending empties nothing
  release("held");
  await("reader");
  expect(other.status(), at(status_path::manual_restarts, 1));
  expect(late.realpath_listing(), lacks({"@/d/a.php"}));
}

CLAUSE_TEST(Scenario, "SC-RST-18/main-script", "RP-LIFE-08 DP-13",
            "a main script is looked for in the realpath cache that a restart then empties") {
  needs("deploy");
  write("@/one/a.php", "<?php\necho 'one';\n");
  write("@/two/a.php", "<?php\necho 'two';\n");
  auto w = worker();
  const auto page = [](int status, const char* body) {
    return equals(Value::map({{"status", status}, {"body", body}}));
  };
  swap_link("@/current", "one");
  expect(w.serve("@/current/a.php"), page(200, "one"));
  swap_link("@/current", "two");
  expect(w.reset(), true);
  expect(w.serve("@/current/a.php"), page(200, "two"));
  swap_link("@/current", "gone");
  expect(w.reset(), true);
  expect(w.serve("@/current/a.php"), page(404, "No input file specified.\n"));
  expect(w.serve("@/current/a.php"), page(404, "File not found.\n"));
  // Nor is one found that only the new realpath cache knows.
  w.compile_file("@/current/a.php");
  swap_link("@/current", "one");
  expect(w.reset(), true);
  expect(w.serve("@/current/a.php"), page(404, "File not found.\n"));
  expect(w.serve("@/current/a.php"), page(200, "one"));
}

CLAUSE_TEST(Scenario, "SC-KEY-09/not-opened", "SC-STA-05",
            "a main script that is cached under its resolved path is served without its file") {
  needs("deploy");
  ini("opcache.revalidate_freq", "60");
  write("@/one/a.php", "<?php\necho 'one';\n");
  swap_link("@/current", "one");
  auto w = worker();
  // The name is in the realpath cache, and the script in memory under its path alone.
  expect(w.include("@/current/a.php", "include_once"), prints(equals("one")));
  expect(w.realpath("@/current/a.php"), "@/one/a.php");
  auto before = w.status();
  move("@/one", "@/moved");
  expect(w.serve("@/current/a.php"), equals(Value::map({{"status", 200}, {"body", "one"}})));
  expect(w.status(), all_of({grew(hits, 1, before), same_as(before, misses)}));
}

CLAUSE_TEST(Scenario, "SC-KEY-09/second-look", "SC-STA-05",
            "a main script whose own key has no valid entry is served by its resolved path, without its file") {
  needs("deploy");
  ini("opcache.revalidate_freq", "1000");
  for (const char* name : {"one", "two"})
    write("@/" + std::string(name) + "/a.php", "<?php\necho '" + std::string(name) + "';\n");
  swap_link("@/current", "one");
  auto w = worker();
  expect(w.serve("@/current/a.php"), equals(Value::map({{"status", 200}, {"body", "one"}})));
  expect(w.invalidate("@/one/a.php", true), true);
  swap_link("@/current", "two");
  expect(w.compile_file("@/two/a.php"), true);
  advance_clock(std::chrono::seconds(130));
  expect(w.realpath("@/current/a.php"), "@/two/a.php");
  move("@/two", "@/moved");
  auto before = w.status();
  expect(w.serve("@/current/a.php"), equals(Value::map({{"status", 200}, {"body", "two"}})));
  expect(w.status(), all_of({grew(hits, 1, before), same_as(before, misses)}));
}

namespace {

// A reader that does not end its request, and a restart that waits for it.
class HeldOff : public Scenario {
 public:
  using Scenario::Scenario;

 protected:
  void hold(WorkerHandle reader, WorkerHandle other, const char* timeout, const char* ends) {
    needs("clock.virtual");
    needs("rendezvous");
    needs("workers.processes");
    ini("opcache.force_restart_timeout", timeout);
    write("@/a.php", returns("a"));
    expect(other.include("@/a.php"), "a");
    auto held = reader.background("reader");
    held.ends(ends);
    held.include("@/a.php");
    held.rendezvous("held");
    wait_for_arrival("held");
    expect(other.reset(), true);
  }
  void is_pending(WorkerHandle worker, bool is) {
    auto request = worker.request();
    expect(request.include("@/a.php"), "a");
    expect(request.status(), at(pending, is));
  }
};

}  // namespace

CLAUSE_TEST(HeldOff, "SC-RST-15/forced",
            "a reader that holds off a restart is ended when its time is over, not before") {
  auto [reader, other] = workers<2>();
  hold(reader, other, "10", "died");
  advance_clock(9s);
  is_pending(other, true);
  advance_clock(1s);
  is_pending(other, true);
  await("reader");
  is_pending(other, false);
  is_pending(reader, false);
  expect(other.status(), all_of({at(status_path::enabled, true), at(status_path::manual_restarts, 1)}));
}

CLAUSE_TEST(HeldOff, "SC-RST-21/not-permitted",
            "a worker that may not end the reader ends itself, and the restart stays pending") {
  needs("script_cache.abandons_refused");
  needs("fault");
  auto [reader, other] = workers<2>();
  hold(reader, other, "10", "died");
  auto process = other.process_id();
  advance_clock(10s);
  act(ActionKind::arm, {{"point", "posix/proc/kill"}, {"effect", "fail"}, {"error", "EPERM"}, {"onwards", true}});
  for (int i = 0; i < 2; ++i) {
    auto refused = other.request();
    refused.ends("any");  // without a reply
    expect(refused.include("@/a.php"), "no reply");
  }
  act(ActionKind::disarm, {});
  is_pending(other, true);
  expect(other.process_id(), differs_from(process));
  await("reader");
  is_pending(other, false);
}

CLAUSE_TEST(HeldOff, "SC-RST-16/no-limit", "a reader holds off a restart as long as it likes without a time limit") {
  auto [reader, other] = workers<2>();
  hold(reader, other, "0", "completed");
  for (int i = 0; i < 3; ++i) {
    advance_clock(100'000s);
    is_pending(other, true);
  }
  release("held");
  await("reader");
  is_pending(other, false);
}
