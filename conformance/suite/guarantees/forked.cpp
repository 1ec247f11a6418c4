// GU-SYS-04, GU-SYS-05: processes that a request makes, and signals that come in the middle of a write.
#include "conformance/adapter/rendezvous.h"
#include "conformance/suite/forking_scripts.h"
#include "conformance/suite/script/common.h"

using namespace assay::conformance;

namespace {

// Without the parent's request nobody would be expected there.
const std::string kUntilArrived =
    std::string("$turns = 0; while ($turns++ < 50000 && !file_exists(getenv('ASSAY_SCRATCH') . '/") +
    rendezvous_prefix + "child" + rendezvous_arrived + "')) { usleep(200); } ";

// A request that makes a child, which shows by a file that it came through.
class WithChild : public Scenario {
 public:
  using Scenario::Scenario;

 protected:
  void begin() {
    needs("script_cache");
    needs("rendezvous");
    ini("ffi.enable", "1");
    parent = worker();
    other = worker();
    third = worker();
    write("@/used.php", php("function used() { return 'value-of-' . strrev('desu'); } return 1;"));
    write("@/a.php", returns("a"));
    for (int i = 0; i < kOthers; ++i)
      write(file(i), php("function own" + std::to_string(i) + "() { return 'other-" + std::to_string(i) +
                         "'; } return " + std::to_string(i) + ";"));
    write("@/wait.php", php("$turns = 0; while ($turns++ < 10000 && !file_exists(__DIR__ . '/said')) { usleep(200); } "
                            "return file_exists(__DIR__ . '/said');"));
    expect(other.compile_file("@/wait.php"), true);  // so that it needs no lock when it is asked for
  }
  // The child waits where it is told to, then says what it finds: a function that it had before, a script from the cache,
  // and one that is new.
  std::string child_that_waits(const std::string& rest) {
    return php(
        with_child(php_rendezvous("child") +
                       " $found = used() . '-' . (include __DIR__ . '/a.php') . '-' . (include __DIR__ . '/new.php');"
                       " touch(__DIR__ . '/said-' . $found); touch(__DIR__ . '/said'); ",
                   kUntilArrived + rest));
  }
  void expect_child_was_right() {
    expect_said(third);
    expect(third.file_exists("@/said-value-of-used-a-new"), true);
  }
  static std::string terminates_its_parent() {
    return php(std::string(forking_functions) + "$parent = getmypid(); " + fork_child + "if ($child === 0) { " +
               php_rendezvous("child") +
               " $c === null ? posix_kill($parent, 15) : $c->kill($parent, 15); touch(__DIR__ . '/said'); " +
               end_child + "} return 'parent';");
  }
  // A child that is late on a busy machine has the time of several requests.
  void expect_said(WorkerHandle worker) {
    for (int times = 0; times < 4; ++times) worker.include("@/wait.php");
    expect(worker.include("@/wait.php"), true);
  }
  void replace_all() {
    expect(other.reset(), true);
    auto r = other.request();
    for (int i = 0; i < kOthers; ++i) expect(r.include(file(i)), i);
  }

  WorkerHandle parent, other, third;

 private:
  static constexpr int kOthers = 60;
  static std::string file(int number) { return "@/others/" + std::to_string(number) + ".php"; }
};

}  // namespace

CLAUSE_TEST(WithChild, "GU-SYS-04/ended-child", "SC-RST-12",
            "a child that ends does not end its parent's use of the cache") {
  begin();
  write("@/forks.php", php(with_child("", php_arrival("forked") + " " + php_wait("forked") + " return used();")));
  auto r = parent.background("forks");
  expect(r.include("@/used.php"), 1);
  expect(r.include("@/forks.php"), "value-of-used");
  wait_for_arrival("forked");
  expect(other.reset(), true);
  for (int times = 0; times < 2; ++times) expect(other.status(), all_of({at(pending, true), at(manual, 0)}));
  release("forked");
  await("forks");
  // When the child is gone is for the machine to say: until then it may hold the restart off by itself.
  expect(other.status(),
         any_of({all_of({at(pending, false), at(manual, 1)}), all_of({at(pending, true), at(manual, 0)})}));
}

CLAUSE_TEST(WithChild, "GU-SYS-04/child-goes-on", "GU-VAL-06 GU-IDN-02",
            "a child that goes on after its parent's request runs what it had, whatever others do") {
  begin();
  write("@/new.php", returns("new"));
  write("@/forks.php", child_that_waits("return 'parent';"));
  auto r = parent.request();
  expect(r.include("@/used.php"), 1);
  expect(r.include("@/a.php"), "a");
  expect(r.include("@/forks.php"), "parent");
  wait_for_arrival("child");
  replace_all();
  release("child");
  expect_child_was_right();
  for (WorkerHandle worker : {parent, other, third}) expect(worker.include("@/a.php"), "a");
}

CLAUSE_TEST(WithChild, "GU-SYS-04/child-holds-no-write", "GU-LIV-02", "while a child lives, others change the cache") {
  begin();
  write("@/new.php", returns("new"));
  write("@/forks.php", child_that_waits("return include __DIR__ . '/others/0.php';"));
  auto r = parent.request();
  expect(r.include("@/used.php"), 1);
  expect(r.include("@/forks.php"), 0);
  wait_for_arrival("child");
  for (WorkerHandle worker : {other, parent}) {
    auto bounded = worker.request();
    bounded.within(std::chrono::seconds(1));
    expect(bounded.invalidate("@/used.php", true), true);
    expect(bounded.is_cached("@/used.php"), false);
    expect(bounded.include("@/used.php"), 1);
    expect(bounded.is_cached("@/used.php"), true);
  }
  release("child");
  expect_child_was_right();
  auto before = other.status();
  expect(other.include("@/new.php"), "new");
  expect(other.status(), grew(hits, 1, before));
}

// The place is inside the write: of an implementation with points, or of a stock program, right after the lock was taken.
CLAUSE_TEST(WithChild, "GU-SYS-05/terminated-in-store", "GU-LIV-01",
            "a signal that ends a worker in the middle of a store takes effect after it") {
  begin();
  needs("workers.fork");
  needs("workers.processes");
  needs("fault");
  write("@/new.php", returns("new"));
  write("@/forks.php", terminates_its_parent());
  auto r = parent.background("store");
  r.ends("died");
  r.include("@/forks.php");
  r.rendezvous("forked");
  r.include("@/new.php");
  wait_for_arrival("child");
  wait_for_arrival("forked");
  for (const char* point : {"store/publish/entry", "posix/lock/fcntl/acquired"})
    act(ActionKind::arm, {{"point", point}, {"effect", "pause"}, {"worker", parent.number()}, {"optional", true}});
  release("forked");
  wait_until_blocked(parent);
  expect(other.is_cached("@/new.php"), false);
  release("child");
  expect_said(other);
  act(ActionKind::disarm, {});
  await("store");
  auto bounded = other.request();
  bounded.within(std::chrono::seconds(1));
  expect(bounded.is_cached("@/new.php"), true);
  expect(bounded.include("@/new.php"), "new");
  expect(bounded.include("@/a.php"), "a");
  expect(third.include("@/new.php"), "new");
}

CLAUSE_TEST(WithChild, "GU-SYS-05/terminated-in-set", "GU-LIV-01",
            "a signal that ends a worker in the middle of a set takes effect after it") {
  begin();
  needs("workers.fork");
  needs("workers.processes");
  write("@/forks.php", terminates_its_parent());
  expect(other.set("k", "old"), true);
  auto r = parent.background("set");
  r.ends("died");
  r.include("@/forks.php");
  r.rendezvous("forked");
  r.set("k", "new");
  wait_for_arrival("child");
  wait_for_arrival("forked");
  act(ActionKind::arm, {{"point", "static/store/publish"}, {"effect", "pause"}, {"worker", parent.number()}});
  release("forked");
  wait_until_blocked(parent);
  expect(other.get("k"), "old");
  release("child");
  expect_said(other);
  act(ActionKind::disarm, {});
  await("set");
  auto bounded = other.request();
  bounded.within(std::chrono::seconds(1));
  expect(bounded.get("k"), "new");
  expect(bounded.set("k", "newer"), true);
  expect(third.get("k"), "newer");
}
