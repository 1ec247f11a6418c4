// SC-VAL, SC-RST, SC-LCK: requests that run while the world, or the cache, goes on without them.
#include "conformance/registry/registration.h"
#include "conformance/vocabulary/status_paths.h"

using namespace assay::conformance;
using namespace std::chrono_literals;

CLAUSE_TEST(Scenario, "SC-VAL-04/request-time", "the window is measured by the time at which the request began") {
  needs("rendezvous");
  ini("opcache.revalidate_freq", "1");
  auto [one, two] = workers<2>();
  write("@/a.php", returns("old"));
  auto r = one.background("long");
  expect(r.include("@/a.php"), "old");
  r.rendezvous("between");
  expect(r.include("@/a.php"), "old");
  wait_for_arrival("between");
  write_at("@/a.php", returns("new"), now() - 500);
  advance_clock(5s);
  release("between");
  await("long");
  expect(two.include("@/a.php"), "new");
}

CLAUSE_TEST(Scenario, "SC-RST-22/during-pending",
            "a request that began while a restart was pending stays uncached, and may ask for another") {
  needs("rendezvous");
  const Path restarts = status_path::manual_restarts;
  auto [holder, resetter, late] = workers<3>();
  write("@/a.php", returns(1));
  holder.include("@/a.php");
  auto h = holder.background("holder");
  h.include("@/a.php");
  h.rendezvous("holds");
  wait_for_arrival("holds");
  expect(resetter.reset(), true);
  auto l = late.background("late");
  l.rendezvous("began");
  auto seen = l.status();
  expect(seen, all_of({at(status_path::enabled, false), at(status_path::pending, false), at(restarts, 1)}));
  expect(l.include("@/a.php"), 1);
  expect(l.is_cached("@/a.php"), false);
  expect(l.invalidate("@/a.php", true), false);
  expect(l.status(), same_as(seen, status_path::misses));
  expect(l.reset(), true);
  wait_for_arrival("began");
  release("holds");
  await("holder");
  expect(resetter.status(), all_of({at(status_path::pending, false), at(restarts, 1)}));
  release("began");
  await("late");
  expect(resetter.status(), at(restarts, 2));
}

CLAUSE_TEST(Scenario, "SC-LCK-10/cold-start",
            "many workers at once on an empty cache give right results and store every script") {
  constexpr int files = 12;
  auto all = workers<4>();
  const auto file = [](int i) { return "@/" + std::to_string(i) + ".php"; };
  for (int i = 0; i < files; ++i)
    write(file(i), php("function f" + std::to_string(i) + "() { return ['of' => " + std::to_string(i) +
                       "]; } return f" + std::to_string(i) + "();"));
  for (int round = 0; round < 2; ++round) {
    for (std::size_t w = 0; w < all.size(); ++w) {
      auto r = all[w].background("rush " + std::to_string(round) + " of " + std::to_string(w));
      for (int i = 0; i < files; ++i) {
        const int which = (i + static_cast<int>(w) * 5) % files;
        expect(r.include(file(which)), Value::map({{"of", which}}));
      }
    }
    for (std::size_t w = 0; w < all.size(); ++w) await("rush " + std::to_string(round) + " of " + std::to_string(w));
    if (round == 0) {
      expect(all[0].status(), at(status_path::scripts, files));
      expect(all[0].reset(), true);
    }
  }
  expect(all[1].status(), at(status_path::scripts, files));
}

CLAUSE_TEST(Scenario, "SC-PER-04/compile-warnings",
            "compile warnings come from the request that compiles, not from hits") {
  auto [one, two] = workers<2>();
  write("@/a.php", php("function f($a = 1, $b) { return $b; } return f(1, 2);"));
  expect(one.include("@/a.php"), all_of({equals(2), diagnoses(has_length(1))}));
  for (WorkerHandle worker : {one, two})
    expect(worker.include("@/a.php"), all_of({equals(2), diagnoses(has_length(0))}));
}

CLAUSE_TEST(Scenario, "SC-PER-04/record-warnings", "compile warnings come at every use with record_warnings") {
  ini("opcache.record_warnings", "1");
  auto [one, two] = workers<2>();
  write("@/a.php", php("function f($a = 1, $b) { return $b; } return f(1, 2);"));
  for (WorkerHandle worker : {one, two, one})
    expect(worker.include("@/a.php"), all_of({equals(2), diagnoses(has_length(1))}));
  expect(two.compile_file("@/a.php"), all_of({equals(true), diagnoses(has_length(1))}));
}

CLAUSE_TEST(Scenario, "SC-API-08/functions",
            "compile defines a file's functions in the request and fails where they exist") {
  auto w = worker();
  write("@/defines.php", php("function defined_here() { return 'called'; }"));
  write("@/calls.php", php("return function_exists('defined_here') ? defined_here() : 'undefined';"));
  auto r = w.request();
  expect(r.include("@/calls.php"), "undefined");
  expect(r.compile_file("@/defines.php"), true);
  expect(r.include("@/calls.php"), "called");
  expect(r.compile_file("@/defines.php"), all_of({equals(false), diagnoses(has_length(2))}));
  expect(r.include("@/calls.php"), "called");
  expect(w.include("@/calls.php"), "undefined");
}
