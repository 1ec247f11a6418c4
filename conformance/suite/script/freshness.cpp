// SC-VAL: time stamps and freshness.
#include "conformance/suite/script/common.h"
#include "conformance/vocabulary/status_paths.h"

using namespace assay::conformance;
using namespace std::chrono_literals;

CLAUSE_TEST(Scenario, "SC-VAL-01/no-validation",
            "a cached script is served without validation, whatever happens to the file") {
  ini("opcache.validate_timestamps", "0");
  auto [one, two] = workers<2>();
  write("@/a.php", returns("old"));
  expect(one.include("@/a.php"), "old");
  write_at("@/a.php", returns("new"), now() - 500);
  advance_clock(1h);
  expect(two.include("@/a.php"), "old");
  remove("@/a.php");
  expect(two.include("@/a.php"), "old");
  expect(one.status(), all_of({has({"scripts", "@/a.php"}), lacks({"scripts", "@/a.php", "timestamp"})}));
}

CLAUSE_TEST(Scenario, "SC-VAL-02/window", "an entry is not checked within the window") {
  needs("script_cache");
  ini("opcache.revalidate_freq", "2");
  auto [one, two] = workers<2>();
  write("@/a.php", returns("old"));
  expect(one.include("@/a.php"), "old");
  write_at("@/a.php", returns("new"), now() - 500);
  advance_clock(2s);
  expect(two.include("@/a.php"), "old");
  advance_clock(1s);
  expect(two.include("@/a.php"), "new");
}

CLAUSE_TEST(Scenario, "SC-VAL-02/entry", "the next check belongs to the entry, not to the worker") {
  needs("script_cache");
  ini("opcache.revalidate_freq", "10");
  auto [one, two] = workers<2>();
  write("@/a.php", returns("old"));
  expect(one.include("@/a.php"), "old");
  advance_clock(11s);
  expect(two.include("@/a.php"), "old");
  write_at("@/a.php", returns("new"), now() - 500);
  advance_clock(10s);
  expect(one.include("@/a.php"), "old");
  advance_clock(1s);
  expect(one.include("@/a.php"), "new");
}

CLAUSE_TEST(Scenario, "SC-VAL-03/frequency-zero", "a frequency of 0 checks the file on every use") {
  ini("opcache.revalidate_freq", "0");
  auto [one, two] = workers<2>();
  write("@/a.php", returns("old"));
  expect(one.include("@/a.php"), "old");
  write_at("@/a.php", returns("new"), now() - 500);
  expect(two.include("@/a.php"), "new");
  write_at("@/a.php", returns("newer"), now() - 400);
  expect(one.include("@/a.php"), "newer");
}

CLAUSE_TEST(Scenario, "SC-VAL-05/other-time", "any other time, even an older one, is a change; the same time is not") {
  needs("script_cache");
  ini("opcache.revalidate_freq", "0");
  auto w = worker();
  write_at("@/a.php", returns("first"), now() - 500);
  expect(w.include("@/a.php"), "first");
  write_at("@/a.php", returns("same time, other content and size"), now() - 500);
  expect(w.include("@/a.php"), "first");
  write_at("@/a.php", returns("older"), now() - 5000);
  expect(w.include("@/a.php"), "older");
}

CLAUSE_TEST(Scenario, "SC-VAL-06/changed-file", "SC-ALL-04",
            "a changed file wastes the old entry, counts a miss and is stored again") {
  ini("opcache.revalidate_freq", "0");
  auto w = worker();
  write("@/a.php", returns("old"));
  expect(w.include("@/a.php"), "old");
  auto before = w.status();
  write_at("@/a.php", returns("new"), now() - 500);
  expect(w.include("@/a.php"), "new");
  auto after = w.status();
  expect(after, grew(misses, 1, before));
  expect(after, grew(status_path::scripts, 0, before));
  expect(after, differs_from(before, wasted));
  expect(after, at({"scripts", "@/a.php", "timestamp"}, now() - 500));
  expect(w.include("@/a.php"), "new");
  expect(w.status(), grew(hits, 1, after));
}

CLAUSE_TEST(Scenario, "SC-VAL-07/deleted-file", "a deleted file runs on within the window, and fails after it") {
  ini("opcache.revalidate_freq", "5");
  auto w = worker();
  write("@/a.php", returns("here"));
  expect(w.include("@/a.php"), "here");
  remove("@/a.php");
  advance_clock(5s);
  expect(w.include("@/a.php"), "here");
  advance_clock(200s);
  expect(w.include("@/a.php"), false);
}

CLAUSE_TEST(Scenario, "SC-VAL-07/deleted-at-frequency-0",
            "with frequency 0 a deleted file fails at once, and its entry becomes invalid") {
  ini("opcache.revalidate_freq", "0");
  auto [one, two] = workers<2>();
  write("@/a.php", returns("here"));
  expect(one.include("@/a.php"), "here");
  auto before = one.status();
  remove("@/a.php");
  expect(two.include("@/a.php"), all_of({equals(false), diagnoses(has_length(2))}));
  expect(one.status(), all_of({at({"scripts", "@/a.php", "timestamp"}, 0), differs_from(before, wasted)}));
  expect(one.is_cached("@/a.php"), false);
}

CLAUSE_TEST(Scenario, "SC-VAL-08/young-file", "a file younger than the protection is not stored") {
  ini("opcache.file_update_protection", "10");
  auto w = worker();
  write("@/a.php", returns(1), 9);
  auto before = w.status();
  expect(w.include("@/a.php"), 1);
  expect(w.include("@/a.php"), 1);
  auto young = w.status();
  expect(young, all_of({grew(misses, 2, before), lacks({"scripts", "@/a.php"})}));
  advance_clock(1s);
  expect(w.include("@/a.php"), 1);
  expect(w.status(), all_of({grew(misses, 1, young), has({"scripts", "@/a.php"})}));
}

CLAUSE_TEST(Scenario, "SC-VAL-08/future-file", "a file from the future is not stored") {
  auto w = worker();
  write("@/a.php", returns(1), -100);
  expect(w.include("@/a.php"), 1);
  expect(w.is_cached("@/a.php"), false);
}

CLAUSE_TEST(Scenario, "SC-VAL-09/epoch", "a file of time 0 is not stored; one from before the epoch is") {
  auto w = worker();
  write_at("@/zero.php", returns(0), 0);
  write_at("@/before.php", returns(-1), -1000);
  expect(w.include("@/zero.php"), 0);
  expect(w.include("@/before.php"), -1);
  expect(w.is_cached("@/zero.php"), false);
  expect(w.is_cached("@/before.php"), true);
}

CLAUSE_TEST(Scenario, "SC-VAL-10/clock-step",
            "an entry is checked only when its time has come again after a clock step back") {
  needs("script_cache");
  ini("opcache.revalidate_freq", "2");
  auto w = worker();
  write("@/a.php", returns("old"));
  expect(w.include("@/a.php"), "old");
  advance_clock(-100s);
  write_at("@/a.php", returns("new"), clock_start - 500);
  advance_clock(102s);
  expect(w.include("@/a.php"), "old");
  advance_clock(1s);
  expect(w.include("@/a.php"), "new");
}

CLAUSE_TEST(Scenario, "SC-VAL-11/is-cached", "is_cached is false for a changed file and leaves the entry alone") {
  ini("opcache.revalidate_freq", "0");
  auto w = worker();
  write("@/a.php", returns("old"));
  expect(w.include("@/a.php"), "old");
  auto before = w.status();
  write_at("@/a.php", returns("new"), now() - 500);
  expect(w.is_cached("@/a.php"), false);
  expect(w.status(), grew(wasted, 0, before));
  write_at("@/a.php", returns("old"), now() - 1000);
  expect(w.is_cached("@/a.php"), true);
}

CLAUSE_TEST(Scenario, "SC-VAL-13/young-replacement",
            "a cached file replaced by one too young runs from source until it is old enough") {
  ini("opcache.revalidate_freq", "0");
  ini("opcache.file_update_protection", "10");
  auto w = worker();
  write("@/a.php", returns("old"));
  expect(w.include("@/a.php"), "old");
  auto before = w.status();
  write("@/a.php", returns("young"), 5);
  expect(w.include("@/a.php"), "young");
  auto young = w.status();
  expect(young,
         all_of({grew(misses, 1, before), differs_from(before, wasted), at({"scripts", "@/a.php", "timestamp"}, 0)}));
  expect(w.include("@/a.php"), "young");
  expect(w.status(), all_of({grew(misses, 1, young), same_as(young, wasted)}));
  expect(w.is_cached("@/a.php"), false);
  advance_clock(5s);
  expect(w.include("@/a.php"), "young");
  expect(w.is_cached("@/a.php"), true);
}
