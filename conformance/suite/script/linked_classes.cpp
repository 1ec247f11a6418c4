// SC-PER-10: classes that are linked when a script runs take memory beside what is stored.
#include "conformance/suite/script/common.h"

using namespace assay::conformance;

namespace {

constexpr const char* kFree =
    "$free = fn() => opcache_get_status(false)['memory_usage']['free_memory']; $of = fn($file) => "
    "opcache_get_status()['scripts'][__DIR__ . '/' . $file]['memory_consumption'] + 64; ";

class LinkedClasses : public Scenario {
 public:
  using Scenario::Scenario;

 protected:
  void begin() {
    one = worker();
    two = worker();
    write("@/parent.php", php("class Base { public $list = [1, 2]; function f() { return 1; } }"));
    write("@/child.php", php("class Child extends Base { function g() { return parent::f() + 1; } }"));
    write("@/whole.php", php("class First { function f() { return 1; } } class Second extends First { function g() { "
                             "return $this->f() + 1; } }"));
    // What the includes cost beside the blocks of the files.
    write("@/both.php",
          php(std::string(kFree) +
              "$then = $free(); include __DIR__ . '/parent.php'; include __DIR__ . '/child.php'; $now = "
              "$free(); return $then - $now - $of('parent.php') - $of('child.php') + ((new Child)->g() === 2 "
              "? 0 : 1 << 30);"));
    write("@/again.php", php(std::string(kFree) +
                             "$then = $free(); include __DIR__ . '/parent.php'; include __DIR__ . '/child.php'; return "
                             "$then - $free() + ((new Child)->g() === 2 ? 0 : 1 << 30);"));
    write("@/alone.php", php(std::string(kFree) +
                             "$then = $free(); include __DIR__ . '/whole.php'; $now = $free(); return $then - $now - "
                             "$of('whole.php') + ((new Second)->g() === 2 ? 0 : 1 << 30);"));
  }

  WorkerHandle one, two;
};

}  // namespace

CLAUSE_TEST(LinkedClasses, "SC-PER-10/once-for-all", "SC-ALL-02",
            "a class linked at run time costs memory beside its file, once for all workers") {
  begin();
  expect(one.include("@/both.php"), between(1, 6144));
  for (WorkerHandle worker : {two, one}) worker.include("@/again.php");
  auto before = two.status();
  for (WorkerHandle worker : {one, two, one}) expect(worker.include("@/again.php"), 0);
  expect(two.status(), all_of({same_as(before, free_memory), at(wasted, 0)}));
}

CLAUSE_TEST(LinkedClasses, "SC-PER-10/nothing-beside",
            "a parent before its child in one file costs nothing beside the file") {
  begin();
  expect(one.include("@/alone.php"), 0);
}

CLAUSE_TEST(LinkedClasses, "SC-API-16/linked-when-it-runs", "SC-PER-10",
            "classes of a file that the compile function stored are linked when it runs") {
  begin();
  write("@/ask.php", php(std::string(kFree) + "$then = $free(); include __DIR__ . '/whole.php'; return $then - "
                                              "$free() + ((new Second)->g() === 2 ? 0 : 1 << 30);"));
  expect(one.compile_file("@/whole.php"), true);
  expect(one.include("@/ask.php"), between(1, 2 * 6144));
  expect(two.include("@/ask.php"), 0);
}

CLAUSE_TEST(LinkedClasses, "SC-PER-10/changed-parent", "GU-VAL-07",
            "a class is linked anew to a parent that has changed") {
  begin();
  write("@/use.php", php("include __DIR__ . '/parent.php'; include __DIR__ . '/child.php'; return (new Child)->g();"));
  for (WorkerHandle worker : {one, two}) expect(worker.include("@/use.php"), 2);
  write("@/parent.php", php("class Base { function f() { return 6; } }"));
  expect(one.invalidate("@/parent.php", true), true);
  for (WorkerHandle worker : {two, one, two}) expect(worker.include("@/use.php"), 7);
}

CLAUSE_TEST(LinkedClasses, "SC-PER-10/recompiled-parent", "GU-RES-02",
            "linked classes of files that were compiled again come back with a restart only") {
  begin();
  auto fresh = one.status();
  one.include("@/again.php");
  two.include("@/again.php");
  auto before = one.status();
  auto r = one.request();
  r.invalidate("@/parent.php", true);
  auto invalidated = one.status();
  for (int times = 0; times < 8; ++times) {
    two.include("@/again.php");
    expect(one.invalidate("@/parent.php", true), true);
  }
  // More is used than the files take: it is neither free nor wasted.
  expect(one.status(), all_of({at_least(before, used), at_least(invalidated, wasted)}));
  expect(one.reset(), true);
  expect(two.status(), all_of({same_as(fresh, used), at(wasted, 0)}));
}
