// SC-KEY, SC-PER: the main script of a request.
#include "conformance/suite/script/common.h"

using namespace assay::conformance;
using namespace std::chrono_literals;

namespace {

// A main script behind a link that is switched.
class Switched : public Scenario {
 public:
  using Scenario::Scenario;

 protected:
  static constexpr const char* kPage = "@/current/index.php";

  void begin() {
    needs("deploy");
    ini("opcache.revalidate_freq", "0");
    workers_ = workers<2>();
    write_at("@/r1/index.php", php("echo 'r1';"), now() - 500);
    write_at("@/r2/index.php", php("echo 'r2';"), now() - 400);
    make_link("@/current", "r1");
    for (WorkerHandle worker : workers_) expect(worker.serve(kPage), page("r1"));
    swap_link("@/current", "r2");
    advance_clock(121s);  // nobody's realpath cache holds the link any more
  }
  void all_show(const char* body) {
    for (WorkerHandle worker : workers_) expect(worker.serve(kPage), page(body));
  }
  WorkerHandle one() const { return workers_[0]; }

 private:
  std::array<WorkerHandle, 2> workers_;
};

}  // namespace

CLAUSE_TEST(Switched, "SC-KEY-09/switched-link",
            "the main script of a switched link stays the old one until a restart") {
  begin();
  all_show("r1");
  expect(one().invalidate(kPage, true), true);
  all_show("r1");
  expect(one().reset(), true);
  one().process_id();
  all_show("r2");
}

CLAUSE_TEST(Scenario, "SC-PER-03/main-script",
            "a main script with a parse error says so, each time, and is not stored") {
  needs("deploy");
  auto [one, two] = workers<2>();
  write("@/index.php", php("echo 'before';\nreturn [1;"));
  auto before = two.status();
  for (WorkerHandle worker : {one, one, two})
    expect(worker.serve("@/index.php"), all_of({page(""), diagnoses(at({0}, matches("Parse error: .*syntax error")))}));
  expect(two.status(), all_of({grew(misses, 3, before), lacks({"scripts", "@/index.php"})}));
  write("@/index.php", php("echo 'mended';"));
  expect(one.serve("@/index.php"), page("mended"));
}

CLAUSE_TEST(Switched, "SC-KEY-09/changed-file",
            "the main script of a switched link is the new one once the old file has changed") {
  begin();
  all_show("r1");
  write_at("@/r1/index.php", php("echo 'r1';"), now() - 300);
  all_show("r2");
}

CLAUSE_TEST(Switched, "SC-KEY-09/invalidated-file",
            "the main script of a switched link is the new one once the old file is invalidated") {
  begin();
  expect(one().invalidate("@/r1/index.php", true), true);
  all_show("r2");
}

CLAUSE_TEST(Switched, "SC-KEY-09/revalidate-path", "the main script follows the link with revalidate_path") {
  ini("opcache.revalidate_path", "1");
  begin();
  all_show("r2");
}

CLAUSE_TEST(Scenario, "SC-PER-11/self-include",
            "a main script that includes itself is one entry, and every use of it counts") {
  needs("deploy");
  auto [one, two] = workers<2>();
  write("@/self.php", php("if (!isset($again)) { $again = true; include __FILE__; } echo 'once ';"));
  make_link("@/link.php", "self.php");
  const Path uses = {"scripts", "@/self.php", "hits"};
  auto before = one.status();
  expect(one.serve("@/self.php"), page("once once "));
  auto first = one.status();
  expect(first, all_of({grew(misses, 1, before), grew(scripts, 1, before), grew(keys, 1, before), at(uses, 1)}));
  expect(two.serve("@/self.php"), page("once once "));
  auto second = one.status();
  expect(second, all_of({grew(misses, 0, first), grew(uses, 2, first), grew(keys, 0, first)}));
  expect(two.serve("@/link.php"), page("once once "));
  expect(one.status(), all_of({grew(scripts, 0, second), grew(uses, 2, second), grew(keys, 1, second)}));
}

CLAUSE_TEST(Scenario, "SC-KEY-07/cached-main-script", "SC-KEY-09",
            "with revalidate_path a cached main script is served within its window without its file") {
  needs("deploy");
  ini("opcache.revalidate_path", "1");
  ini("opcache.revalidate_freq", "60");
  auto w = worker();
  write("@/d/a.php", "<?php\necho 'a';\n");
  expect(w.include("@/d/a.php"), prints(equals("a")));
  auto before = w.status();
  move("@/d", "@/moved");
  expect(w.serve("@/d/a.php"), equals(Value::map({{"status", 200}, {"body", "a"}})));
  expect(w.status(), all_of({grew(hits, 1, before), same_as(before, misses)}));
}

CLAUSE_TEST(Scenario, "SC-KEY-09/listed-key",
            "a main script that is found by its resolved path leaves a key that is listed as it is") {
  needs("deploy");
  ini("opcache.revalidate_freq", "0");
  auto [one, two] = workers<2>();
  for (const char* path : {"@/a.php", "@/b.php"}) write(path, "<?php\necho __FILE__;\n");
  make_link("@/l.php", "a.php");
  expect(one.include("@/l.php"), prints(equals("@/a.php")));
  expect(one.invalidate("@/a.php", true), true);
  swap_link("@/l.php", "b.php");
  expect(two.include("@/b.php"), prints(equals("@/b.php")));
  expect(two.serve("@/l.php"), equals(Value::map({{"status", 200}, {"body", "@/b.php"}})));
  expect(two.is_cached("@/l.php"), false);
}

CLAUSE_TEST(Scenario, "SC-KEY-09/failed-check", "SC-VAL-06 SC-LCK-05",
            "a main script whose entry has just failed its check is compiled without a second look") {
  needs("deploy");
  ini("opcache.revalidate_freq", "0");
  auto [one, two] = workers<2>();
  for (const char* path : {"@/a.php", "@/b.php"}) write(path, "<?php\necho __FILE__;\n");
  make_link("@/l.php", "a.php");
  expect(one.serve("@/l.php"), equals(Value::map({{"status", 200}, {"body", "@/a.php"}})));
  swap_link("@/l.php", "b.php");
  expect(two.include("@/b.php"), prints(equals("@/b.php")));
  write_at("@/a.php", "<?php\necho 'new';\n", now() - 500);
  auto before = one.status();
  expect(two.serve("@/l.php"), equals(Value::map({{"status", 200}, {"body", "@/b.php"}})));
  expect(one.status(), all_of({grew(misses, 1, before), same_as(before, hits)}));
}
