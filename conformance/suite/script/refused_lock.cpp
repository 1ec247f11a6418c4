// SC-LCK-07: the system refuses the write lock.
#include "conformance/suite/script/common.h"
#include "conformance/vocabulary/status_paths.h"

using namespace assay::conformance;

namespace {

class RefusedLock : public Scenario {
 public:
  using Scenario::Scenario;

 protected:
  void begin() {
    needs("fault");
    workers_ = workers<2>();
    write("@/known.php", returns("known"));
    write("@/new.php", returns("new"));
    expect(one().include("@/known.php"), "known");
  }
  WorkerHandle one() const { return workers_[0]; }
  WorkerHandle two() const { return workers_[1]; }
  // From here to the end of the plan. A target visits one of the two; that it fires is seen by what follows.
  void refuse(const char* error) {
    for (const char* point : {"lock/write/acquire", "posix/lock/fcntl/setlkw"})
      act(ActionKind::arm,
          {{"point", point}, {"effect", "fail"}, {"error", error}, {"onwards", true}, {"optional", true}});
  }
  void grant() { act(ActionKind::disarm, {}); }
  RequestBuilder abandoned() {
    auto r = one().request();
    r.ends("aborted");
    return r;
  }

 private:
  std::array<WorkerHandle, 2> workers_;
};

}  // namespace

CLAUSE_TEST(RefusedLock, "SC-LCK-07/store",
            "a store without its lock aborts the request and stores nothing, and the worker serves on") {
  begin();
  for (const char* error : {"ENOLCK", "EDEADLK"}) {
    auto before = two().status();
    refuse(error);
    abandoned().include("@/new.php");
    grant();
    expect(one().is_cached("@/new.php"), false);
    expect(two().status(), all_of({grew(misses, 1, before), lacks({"scripts", "@/new.php"})}));
  }
  for (WorkerHandle worker : {one(), two()}) expect(worker.include("@/new.php"), "new");
  expect(two().is_cached("@/new.php"), true);
}

CLAUSE_TEST(RefusedLock, "SC-LCK-07/other-writes",
            "a new spelling, forced invalidation or reset without its lock aborts the request") {
  begin();
  refuse("ENOLCK");
  abandoned().include("@/./known.php");
  abandoned().invalidate("@/known.php", true);
  abandoned().reset();
  grant();
  expect(two().status(), all_of({at(status_path::pending, false), has({"scripts", "@/known.php"})}));
  expect(one().is_cached("@/known.php"), true);
  expect(one().is_cached("@/./known.php"), false);
}

CLAUSE_TEST(RefusedLock, "SC-LCK-07/no-lock-needed", "work that needs no write lock continues while it is refused") {
  begin();
  refuse("ENOLCK");
  auto r = one().request();
  expect(r.include("@/known.php"), "known");
  expect(r.status(), has({"scripts", "@/known.php"}));
  expect(r.is_cached("@/known.php"), true);
  expect(r.invalidate("@/new.php", true), true);
  grant();
}

CLAUSE_TEST(RefusedLock, "SC-LCK-07/compile",
            "compile without its lock is false with a warning, and the request continues") {
  begin();
  refuse("ENOLCK");
  auto r = one().request();
  expect(r.compile_file("@/new.php"), all_of({equals(false), diagnoses(has_length(1))}));
  expect(r.include("@/known.php"), "known");
  grant();
}
