// SC-KEY: which file a name means, where names are relative or links move.
#include "conformance/suite/script/common.h"
#include "conformance/vocabulary/status_paths.h"

using namespace assay::conformance;
using namespace std::chrono_literals;

namespace {

// Two applications with a file of the same relative name.
class TwoApplications : public Scenario {
 public:
  using Scenario::Scenario;

 protected:
  void two_applications() {
    write("@/one/part.php", returns("one"));
    write("@/two/part.php", returns("two"));
  }
  ReplyRef part_of(WorkerHandle worker, const char* application, Value expected) {
    auto r = worker.request();
    r.change_dir(std::string("@/") + application);
    const ReplyRef asked = r.include("./part.php");
    expect(asked, std::move(expected));
    return asked;
  }
};

}  // namespace

CLAUSE_TEST(TwoApplications, "SC-KEY-04/no-validation",
            "the first file of a name serves all requests without use_cwd and validation") {
  ini("opcache.use_cwd", "0");
  ini("opcache.validate_timestamps", "0");
  auto [a, b] = workers<2>();
  two_applications();
  part_of(a, "one", "one");
  part_of(b, "two", "one");
  part_of(a, "two", "one");
}

CLAUSE_TEST(TwoApplications, "SC-KEY-04/invalid-entry",
            "each use by the other application makes the entry invalid without use_cwd") {
  ini("opcache.use_cwd", "0");
  ini("opcache.revalidate_freq", "0");
  auto [a, b] = workers<2>();
  two_applications();
  part_of(a, "one", "one");
  auto first = a.status();
  part_of(b, "two", "two");
  auto second = a.status();
  expect(second, all_of({differs_from(first, wasted), grew(misses, 1, first)}));
  part_of(a, "one", "one");
  expect(a.status(), all_of({differs_from(second, wasted), grew(misses, 1, second)}));
}

CLAUSE_TEST(TwoApplications, "SC-KEY-04/window", "a wrong file runs until the window has passed without use_cwd") {
  ini("opcache.use_cwd", "0");
  ini("opcache.revalidate_freq", "10");
  auto [a, b] = workers<2>();
  two_applications();
  part_of(a, "one", "one");
  part_of(b, "two", "one");
  advance_clock(11s);
  part_of(b, "two", "two");
}

CLAUSE_TEST(TwoApplications, "SC-KEY-05/no-string-buffer",
            "a relative name has no key without a string buffer: nothing is stored or counted") {
  ini("opcache.interned_strings_buffer", "0");
  auto w = worker();
  two_applications();
  auto before = w.status();
  part_of(w, "one", "one");
  part_of(w, "one", "one");
  expect(w.status(), all_of({grew(hits, 0, before), grew(misses, 0, before), at(scripts, 0)}));
  auto r = w.request();
  r.change_dir("@/two");
  expect(r.include_once("./part.php"), "two");
  expect(w.is_cached("@/two/part.php"), true);
}

CLAUSE_TEST(TwoApplications, "SC-KEY-05/revalidate-path", "SC-KEY-07",
            "with revalidate_path a relative name is stored without a string buffer too") {
  ini("opcache.interned_strings_buffer", "0");
  ini("opcache.revalidate_path", "1");
  auto w = worker();
  two_applications();
  auto before = w.status();
  part_of(w, "one", "one");
  part_of(w, "one", "one");
  expect(w.status(), all_of({grew(hits, 1, before), grew(misses, 1, before), at(scripts, 1)}));
  expect(w.is_cached("@/one/part.php"), true);
}

CLAUSE_TEST(Scenario, "SC-KEY-06/include-path",
            "each include_path finds its own file, even an earlier one added later") {
  auto [one, two] = workers<2>();
  write("@/a/part.php", returns("a"));
  write("@/b/part.php", returns("b"));
  make_directory("@/early");
  const auto by = [&](WorkerHandle worker, const char* include_path, Value expected) {
    auto r = worker.request();
    r.ini_set("include_path", include_path);
    expect(r.include("part.php"), std::move(expected));
  };
  for (WorkerHandle worker : {one, two}) {
    by(worker, "@/a", "a");
    by(worker, "@/b", "b");
  }
  by(one, "@/early:@/b", "b");
  write("@/early/part.php", returns("early"));
  advance_clock(121s);
  by(two, "@/early:@/b", "early");
  by(one, "@/early:@/b", "early");
}

CLAUSE_TEST(Scenario, "SC-KEY-13/full-table", "SC-RST-05",
            "a full table takes no changed script: it runs, and the others are served") {
  constexpr int table = 223;
  ini("opcache.max_accelerated_files", "200");
  ini("opcache.revalidate_freq", "0");
  auto [one, two] = workers<2>();
  const auto file = [](int i) { return "@/" + std::to_string(i) + ".php"; };
  for (int i = 0; i < table; ++i) write(file(i), returns(i));
  auto r = one.request();
  for (int i = 0; i < table; ++i) expect(r.include(file(i)), i);
  auto before = r.status();
  expect(before, all_of({at(keys, table), at(status_path::full, false)}));
  write_at("@/0.php", returns("changed"), now() - 500);
  expect(two.include("@/0.php"), "changed");
  write("@/new.php", returns("new"));
  auto q = two.request();  // one: what serves the suite may count a miss of its own in each while the cache is full
  auto full = q.status();
  expect(full, at(status_path::full, true));
  for (int use = 0; use < 2; ++use) expect(q.include("@/new.php"), "new");
  expect(q.include("@/0.php"), "changed");
  expect(q.include("@/1.php"), 1);
  expect(q.status(), all_of({grew(misses, 3, full), grew(hits, 1, full), at(status_path::full, true)}));
}

CLAUSE_TEST(Scenario, "SC-KEY-17/differing-links",
            "workers with different views of a link invalidate each other's entry and get their own file") {
  ini("opcache.revalidate_freq", "0");
  auto [old_one, new_one] = workers<2>();
  write_at("@/r1/a.php", returns("r1"), now() - 500);
  write_at("@/r2/a.php", returns("r2"), now() - 400);
  make_link("@/current", "r1");
  expect(old_one.include("@/current/a.php"), "r1");
  swap_link("@/current", "r2");
  auto seen = new_one.status();
  for (int turn = 0; turn < 4; ++turn) {
    const bool is_new = turn % 2 == 0;
    expect((is_new ? new_one : old_one).include("@/current/a.php"), is_new ? "r2" : "r1");
    auto then = new_one.status();
    expect(then, all_of({differs_from(seen, wasted), grew(misses, 1, seen)}));
    seen = then;
  }
}

CLAUSE_TEST(Scenario, "SC-KEY-17/revalidate-path",
            "workers with different views of a link do not disturb each other with revalidate_path") {
  ini("opcache.revalidate_freq", "0");
  ini("opcache.revalidate_path", "1");
  auto [old_one, new_one] = workers<2>();
  write("@/r1/a.php", returns("r1"));
  write("@/r2/a.php", returns("r2"));
  make_link("@/current", "r1");
  expect(old_one.include("@/current/a.php"), "r1");
  swap_link("@/current", "r2");
  for (int turn = 0; turn < 2; ++turn) {
    expect(new_one.include("@/current/a.php"), "r2");
    expect(old_one.include("@/current/a.php"), "r1");
  }
  expect(old_one.status(), all_of({at(wasted, 0), at(scripts, 2)}));
}

CLAUSE_TEST(Scenario, "SC-ALL-07/string-buffer", "a further key of a script is paid from the string buffer") {
  auto w = worker();
  write("@/d/a.php", returns(1));
  w.include("@/d/a.php");
  auto before = w.status();
  expect(w.include("@/d/../d/a.php"), 1);
  expect(w.status(), all_of({grew(keys, 1, before), same_as(before, free_memory)}));
}

CLAUSE_TEST(Scenario, "SC-ALL-07/free-memory", "a further key is paid from free memory without a string buffer") {
  ini("opcache.interned_strings_buffer", "0");
  auto w = worker();
  write("@/d/a.php", returns(1));
  w.include("@/d/a.php");
  auto before = w.status();
  expect(w.include("@/d/../d/a.php"), 1);
  expect(w.status(), all_of({grew(keys, 1, before), negated(at_least(before, free_memory))}));
}
