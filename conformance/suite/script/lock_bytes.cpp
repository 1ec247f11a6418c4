// SC-LCK: the locks of the script cache, held from outside. No fault is injected: the suite is one more process.
#include "conformance/suite/script/common.h"
#include "conformance/vocabulary/status_paths.h"

using namespace assay::conformance;
using namespace std::chrono_literals;

namespace {

// "a" is cached, "b" is not; one worker changes the cache while its write lock is held, another one reads.
class HeldLock : public Scenario {
 public:
  using Scenario::Scenario;

 protected:
  void prepare() {
    needs("script_cache.lock_bytes");
    auto [one, two] = workers<2>();
    writer = one;
    reader = two;
    write("@/a.php", returns("a"));
    write("@/b.php", returns("b"));
    make_link("@/link.php", "a.php");
    expect(reader.include("@/a.php"), "a");
    before = reader.status();
  }
  RequestBuilder change_while_held() {
    prepare();
    hold_lock("write");
    return writer.background("change");
  }
  // The worker has come to the lock. Meanwhile all that needs no lock is served at once.
  void expect_only_the_change_waits() {
    wait_until_blocked(writer);
    auto r = prompt(reader);
    auto then = r.status();
    expect(r.include("@/a.php"), "a");
    expect(r.status(), grew(hits, 1, then));
    expect(r.is_cached("@/a.php"), true);
    expect(r.invalidate("@/a.php"), true);
    expect(r.compile_file("@/a.php"), true);
    expect(r.invalidate("@/none.php", true), false);
    expect(r.is_cached("@/a.php"), true);
  }
  void go_on() {
    release_lock();
    await("change");
  }
  static RequestBuilder prompt(WorkerHandle worker) {
    auto r = worker.request();
    r.within(1s);
    return r;
  }

  WorkerHandle writer, reader;
  ReplyRef before;
};

}  // namespace

CLAUSE_TEST(HeldLock, "SC-LCK-03/store", "SC-LCK-01",
            "a store waits for the write lock; hits, status and checks do not") {
  auto r = change_while_held();
  expect(r.include("@/b.php"), "b");
  expect_only_the_change_waits();
  expect(reader.is_cached("@/b.php"), false);
  expect(reader.status(), same_as(before, scripts));
  go_on();
  expect(reader.is_cached("@/b.php"), true);
  expect(reader.status(), grew(scripts, 1, before));
}

CLAUSE_TEST(HeldLock, "SC-LCK-03/spelling", "SC-LCK-01", "a new spelling waits for the write lock") {
  auto r = change_while_held();
  expect(r.include("@/link.php"), "a");
  expect_only_the_change_waits();
  expect(reader.status(), same_as(before, keys));
  go_on();
  expect(reader.status(), all_of({grew(keys, 1, before), same_as(before, scripts)}));
}

CLAUSE_TEST(HeldLock, "SC-LCK-03/invalidation", "SC-LCK-01", "a forced invalidation waits for the write lock") {
  auto r = change_while_held();
  expect(r.invalidate("@/a.php", true), true);
  expect_only_the_change_waits();
  go_on();
  expect(reader.is_cached("@/a.php"), false);
  expect(reader.include("@/a.php"), "a");
}

CLAUSE_TEST(HeldLock, "SC-LCK-03/reset", "SC-LCK-01", "a reset waits for the write lock") {
  auto r = change_while_held();
  expect(r.reset(), true);
  expect_only_the_change_waits();
  expect(reader.status(), all_of({at(pending, false), same_as(before, manual)}));
  go_on();
  expect(reader.status(), all_of({grew(manual, 1, before), at(scripts, 0), at(pending, false)}));
}

CLAUSE_TEST(HeldLock, "SC-LCK-05/one-copy", "SC-LCK-04",
            "all workers compile while the lock is held, and one copy is stored") {
  prepare();
  auto third = worker();
  hold_lock("write");
  for (auto [compiler, name] : {std::pair(writer, "one"), std::pair(reader, "two"), std::pair(third, "three")}) {
    auto r = compiler.background(name);
    expect(r.include("@/b.php"), "b");
    wait_until_blocked(compiler);
  }
  release_lock();
  for (const char* name : {"one", "two", "three"}) await(name);
  expect(writer.status(), all_of({grew(misses, 3, before), grew(scripts, 1, before)}));
  for (WorkerHandle worker : {writer, reader, third}) {
    expect(worker.is_cached("@/b.php"), true);
    expect(worker.include("@/b.php"), "b");
  }
}

CLAUSE_TEST(HeldLock, "SC-LCK-09/killed-waiter", "GU-LIV-01",
            "a worker killed while waiting for the lock blocks no other") {
  auto r = change_while_held();
  r.ends("died");
  r.include("@/b.php");
  wait_until_blocked(writer);
  kill(writer);
  await("change");
  expect(reader.is_cached("@/b.php"), false);
  release_lock();
  auto q = prompt(reader);
  expect(q.include("@/b.php"), "b");
  expect(q.status(), grew(scripts, 1, before));
  expect(writer.include("@/b.php"), "b");
  expect(writer.status(), grew(scripts, 1, before));
}

CLAUSE_TEST(HeldLock, "SC-RST-12/usage-lock", "SC-RST-13 SC-LCK-02",
            "a restart waits for the holder of the usage lock") {
  prepare();
  hold_lock("usage", true);
  expect(writer.reset(), true);
  for (WorkerHandle worker : {reader, writer, reader}) {
    auto r = prompt(worker);
    expect(r.status(), all_of({at(pending, true), at(status_path::enabled, false)}));
    expect(r.include("@/a.php"), "a");
    expect(r.include("@/b.php"), "b");
  }
  release_lock();
  expect(reader.status(), all_of({grew(manual, 1, before), at(pending, false), at(scripts, 0)}));
  expect(reader.include("@/b.php"), "b");
  expect(writer.is_cached("@/b.php"), true);
}

CLAUSE_TEST(HeldLock, "SC-LCK-08/no-usage-lock", "SC-RST-20",
            "a worker that cannot take the usage lock runs scripts from source") {
  prepare();
  hold_lock("usage");
  for (WorkerHandle worker : {reader, writer}) {
    auto r = prompt(worker);
    expect(r.include("@/a.php"), "a");
    expect(r.include("@/b.php"), "b");
    expect(r.is_cached("@/b.php"), false);
    expect(r.status(), all_of({same_as(before, hits), same_as(before, misses), same_as(before, scripts)}));
  }
  release_lock();
  expect(reader.include("@/b.php"), "b");
  auto later = writer.request();
  expect(later.include("@/b.php"), "b");
  expect(later.status(), all_of({grew(hits, 1, before), grew(misses, 1, before), grew(scripts, 1, before)}));
}

CLAUSE_TEST(Scenario, "SC-SEG-10/missing-folder", "a folder for the lock that is missing is no obstacle") {
  ini("opcache.lockfile_path", "/nonexistent/folder");
  auto w = worker();
  write("@/a.php", returns(1));
  expect(w.include("@/a.php"), 1);
  expect(w.is_cached("@/a.php"), true);
  expect(w.reset(), true);
  expect(w.include("@/a.php"), 1);
}
