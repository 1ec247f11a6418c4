// GU-LIV: whatever is refused, interrupted or killed, and at whichever moment: right answers, at once, for everybody.
#include "conformance/exploration/campaign.h"
#include "conformance/exploration/sweep.h"
#include "conformance/suite/guarantees/recovering.h"
#include "conformance/vocabulary/status_paths.h"

using namespace assay::conformance;
using std::chrono::seconds;

namespace {

using Features = std::set<std::string>;

using status_path::enabled;
using status_path::hits;
using status_path::pending;

// What the traces have in common: files with known results, and requests with a limit.
class Disturbed : public Recovering<Scenario> {
 public:
  using Recovering::Recovering;

 protected:
  static constexpr const char* other_spelling = "@/lib/../lib/leaf.php";

  void write_files() {
    write("@/before.php", returns(marked("before")));
    write("@/fresh.php", php("function f() { return 'text of ' . __FUNCTION__; }\nreturn [f(), 'fresh'];"));
    write("@/lib/leaf.php", returns("leaf"));
    write("@/tree.php", php("return ['tree', include __DIR__ . '/lib/leaf.php'];"));
  }
  // The template's place for the fault: the sweep replaces it.
  void fault_here() { act(ActionKind::arm, {{"point", "*"}, {"effect", "count"}}); }
  void faults_are_over() { act(ActionKind::disarm, {}); }

  // The results of all scripts, cached or not.
  template <class Asker>
  void right_results(Asker& asker) {
    expect(asker.include("@/before.php"), marked("before"));
    expect(asker.include("@/fresh.php"), Value::list({"text of f", "fresh"}));
    expect(asker.include_once("@/tree.php"), Value::list({"tree", "leaf"}));
    expect(asker.include(other_spelling), "leaf");
  }
};

// Allocations are refused while scripts and values are stored: nothing is wrong, something is not stored.
class OutOfMemory final : public Disturbed {
 public:
  using Disturbed::Disturbed;

 private:
  void steps() override {
    auto [one, two] = workers<2>();
    write_files();
    expect(one.include("@/before.php"), marked("before"));
    expect(one.set("before", marked("before")), true);
    fault_here();
    for (WorkerHandle worker : {one, two}) {
      auto cached = bounded(worker);
      expect(cached.is_cached("@/before.php"), true);
      right_results(cached);
      auto values = bounded(worker);
      values.set("k", marked("new"));
      expect(values.get("k", "none"), one_of({marked("new"), "none"}));
      values.set("before", marked("over"));
      expect(values.get("before", "none"), one_of({marked("before"), marked("over")}));
    }
    faults_are_over();
    expect(two.get("k", "none"), one_of({marked("new"), "none"}));
    expect(two.set("after", marked("after")), true);
    expect(one.get("after"), marked("after"));
    auto again = bounded(two);
    right_results(again);
    works_again({one, two});
  }
};

// A short life of both caches, with each reply known: no interrupt may show in any of them.
class Interrupted final : public Disturbed {
 public:
  using Disturbed::Disturbed;

 private:
  void steps() override {
    auto [one, two] = workers<2>();
    write_files();
    fault_here();
    for (WorkerHandle worker : {one, two}) {
      auto request = bounded(worker);
      right_results(request);
      expect(request.is_cached("@/before.php"), true);
      auto before = request.status();
      expect(request.include("@/before.php"), marked("before"));
      expect(request.status(), grew(hits, 1, before));
    }
    expect(bounded(one).invalidate("@/before.php", true), true);
    expect(bounded(two).is_cached("@/before.php"), false);
    expect(bounded(two).include("@/before.php"), marked("before"));
    expect(bounded(one).is_cached("@/before.php"), true);
    expect(bounded(one).reset(), true);
    expect(bounded(two).status(), all_of({at(enabled, true), at(pending, false), at(status_path::scripts, 0),
                                          at(status_path::manual_restarts, 1)}));
    auto warm = bounded(one);
    right_results(warm);
    expect(bounded(two).is_cached("@/fresh.php"), true);
    faults_are_over();
  }
};

// The same of the data cache.
class InterruptedData final : public Disturbed {
 public:
  using Disturbed::Disturbed;

 private:
  void steps() override {
    auto [one, two] = workers<2>();
    fault_here();
    expect(bounded(one).set("k", marked("first")), true);
    expect(bounded(two).get("k"), marked("first"));
    expect(bounded(two).set("k", marked("second"), 100), true);
    expect(bounded(one).get_multiple({"k", "absent"}), Value::map({{"k", marked("second")}, {"absent", nullptr}}));
    expect(bounded(one).remove_key("k"), true);
    expect(bounded(two).has_key("k"), false);
    expect(bounded(two).set("k", 1), true);
    expect(bounded(one).clear_cache(), true);
    expect(bounded(two).get("k", "gone"), "gone");
    faults_are_over();
  }
};

// A worker dies in the middle of something: what the others meet.
class Killed : public Disturbed {
 public:
  using Disturbed::Disturbed;

 protected:
  virtual void doomed(WorkerHandle victim) = 0;

 private:
  void steps() override {
    auto [victim, one, two] = workers<3>();
    write_files();
    auto new_runtime = one.status();
    for (WorkerHandle worker : {victim, two}) expect(worker.status(), at(enabled, true));
    expect(one.include("@/before.php"), marked("before"));
    fault_here();
    doomed(victim);
    faults_are_over();
    about("GU-VAL-02");
    for (int round = 0; round < 2; ++round) {
      for (WorkerHandle worker : {one, two, victim}) {
        auto request = bounded(worker);
        right_results(request);
      }
    }
    works_again({one, two, victim});
    loss_is_reclaimed(one, new_runtime);
  }

  // GU-RES-03: the next restart gives everything back.
  void loss_is_reclaimed(WorkerHandle worker, ReplyRef new_runtime) {
    about("GU-RES-03");
    expect(worker.reset(), true);
    expect(worker.status(),
           all_of({at(status_path::wasted, 0), at(pending, false), same_as(new_runtime, status_path::free_memory)}));
  }
};

class KilledInStore final : public Killed {
 public:
  using Killed::Killed;

 private:
  void doomed(WorkerHandle victim) override {
    auto stores = victim.request();
    stores.ends("any");
    right_results(stores);
    stores.invalidate("@/before.php", true);
    stores.include("@/before.php");
  }
};

class KilledInRestart final : public Killed {
 public:
  using Killed::Killed;

 private:
  void doomed(WorkerHandle victim) override {
    auto resets = victim.request();
    resets.ends("any");
    resets.reset();
    auto restarts = victim.request();
    restarts.ends("any");
    right_results(restarts);
  }
};

// What a death in a store costs, and how it is booked: of everything that is listed nothing remains used.
class KilledInBigStore final : public Disturbed {
 public:
  using Disturbed::Disturbed;

 private:
  void steps() override {
    auto [victim, one] = workers<2>();
    // The function is never declared, and its array stands where it cannot be folded away.
    std::string big = "if (false) {\n  function f() {\n    return ['big'";
    for (int i = 0; i < 2000; ++i) big += ",[" + std::to_string(i) + "]";
    write("@/big.php", php(big + "];\n  }\n}\nreturn 'big';"));
    write("@/small.php", returns("small"));
    expect(one.include("@/small.php"), "small");
    expect(victim.include("@/small.php"), "small");
    auto before = one.status();
    expect(before, at(enabled, true));
    fault_here();
    auto doomed = victim.request();
    doomed.ends("any");
    doomed.include("@/big.php");
    faults_are_over();
    expect(bounded(one).include("@/big.php"), "big");
    expect(bounded(one).invalidate("@/big.php", true), true);
    // A constant for each entry may stay used (SC-ALL-02); a script of this size may not.
    constexpr int constants = 4096;
    expect(bounded(one).status(), grew_within(status_path::used, 0, constants, before));
  }
};

// A lock is refused for good, with any error: requests end, by the right answer or by one that shows that it is none.
class LockRefused final : public Disturbed {
 public:
  using Disturbed::Disturbed;

 private:
  void steps() override {
    auto [one, two] = workers<2>();
    write_files();
    expect(one.include("@/before.php"), marked("before"));
    fault_here();
    for (WorkerHandle worker : {one, two}) {
      auto request = bounded(worker);
      request.ends("lives");
      right_results(request);
      auto reset = bounded(worker);
      reset.ends("lives");
      reset.reset();
    }
    faults_are_over();
    for (WorkerHandle worker : {one, two, one, two}) {
      auto request = bounded(worker);
      right_results(request);
    }
    works_again({one, two});
  }
};

// Files cannot be looked at from some moment on, whatever asks for it, and there is something to warn of: the worker's
// first warning, which a log may want to date.
class FilesRefused final : public Disturbed {
 public:
  using Disturbed::Disturbed;

 private:
  void steps() override {
    auto [one, two] = workers<2>();
    write_files();
    fault_here();
    bounded(one).include("@/missing.php");
    faults_are_over();
    for (WorkerHandle worker : {two, one}) {
      auto request = bounded(worker);
      right_results(request);
    }
  }
};

template <class Pattern>
Trace pattern(const TestContext& context, const char* name, std::vector<std::string> clauses) {
  return Pattern(context.target.description()).build(name, std::move(clauses));
}

std::uint64_t most(const TestContext& context) {
  return context.profile == Profile::quick ? 60 : 400;
}

}  // namespace

BODY_TEST("sweep", "GU-RES-04/oom", "GU-VAL-07 GU-LIV-05",
          "OOM at any allocation leaves every result right, and the cache works again",
          Features{"fault", "script_cache", "static_cache.volatile", "workers"}) {
  Sweep sweep(most(context));
  const Trace trace = pattern<OutOfMemory>(context, "out of memory", {"GU-RES-04", "GU-VAL-07", "GU-LIV-05"});
  for (const char* point : {"segment/allocate", "store/size", "interned/insert", "table/insert", "static/allocate"}) {
    for (const bool onwards : {false, true}) {
      sweep.add(trace, {point, "fail", "ENOMEM", onwards});
    }
  }
  return Campaign(context.target, context.folder, {.least = 10}).run(sweep);
}

BODY_TEST("sweep", "GU-LIV-04/eintr-script-locks", "SC-LCK-06",
          "EINTR on any lock call of the script cache changes no reply", Features{"fault", "script_cache", "workers"}) {
  Sweep sweep(most(context));
  const Trace trace = pattern<Interrupted>(context, "interrupted", {"GU-LIV-04", "SC-LCK-06"});
  for (const char* point : {"lock/write/acquire", "lock/usage/acquire", "lock/usage/release", "lock/restart/acquire",
                            "posix/lock/fcntl/setlkw"}) {
    sweep.add(trace, {point, "fail", "EINTR"});
  }
  return Campaign(context.target, context.folder, {.least = 4}).run(sweep);
}

BODY_TEST("sweep", "GU-LIV-04/eintr-static-locks", "", "EINTR on any lock call of the static cache changes no reply",
          Features{"fault", "static_cache.volatile", "workers"}) {
  Sweep sweep(most(context));
  const Trace trace = pattern<InterruptedData>(context, "interrupted, data", {"GU-LIV-04"});
  for (const char* point : {"static/lock/acquire", "posix/lock/fcntl/setlkw"}) {
    sweep.add(trace, {point, "fail", "EINTR"});
  }
  return Campaign(context.target, context.folder, {.least = 3}).run(sweep);
}

BODY_TEST("sweep", "GU-LIV-05/refused-locks", "",
          "requests end when a lock is refused once or for good, and later ones work",
          Features{"fault", "script_cache", "workers"}) {
  Sweep sweep(most(context));
  const Trace trace = pattern<LockRefused>(context, "lock refused", {"GU-LIV-05"});
  for (const char* point : {"lock/write/acquire", "lock/usage/acquire", "lock/restart/acquire"}) {
    for (const char* error : {"ENOLCK", "EDEADLK"}) {
      sweep.add(trace, {point, "fail", error, true});
    }
  }
  return Campaign(context.target, context.folder, {.least = 6}).run(sweep);
}

BODY_TEST("sweep", "GU-LIV-05/refused-lookups", "", "a warning about refused file lookups ends no worker",
          Features{"fault", "script_cache", "workers"}) {
  Sweep sweep(most(context));
  const Trace trace = pattern<FilesRefused>(context, "files refused", {"GU-LIV-05"});
  for (const char* points : {"files/*", "posix/io/stat/fstat"}) {
    for (const char* error : {"ENOENT", "EACCES"}) {
      sweep.add(trace, {points, "fail", error, true});
    }
  }
  return Campaign(context.target, context.folder, {.least = 4}).run(sweep);
}

namespace {

TestResult killed_everywhere(const TestContext& context, const Trace& trace) {
  Sweep sweep(most(context));
  for (const char* points : {"restart/*", "store/*", "alias/*", "invalidate/*", "table/*", "segment/*", "lock/*",
                             "hit/*", "revalidate/*", "interned/*", "posix/lock/fcntl/*"}) {
    sweep.add(trace, {points, "kill", "", false, 0});
  }
  return Campaign(context.target, context.folder, {.least = 8}).run(sweep);
}

}  // namespace

BODY_TEST("sweep", "GU-LIV-01/kill-store", "GU-LIV-02 GU-LIV-03 GU-VAL-02 GU-RES-03",
          "a worker killed at any point of a store or invalidation leaves the others working",
          Features{"fault.kill", "script_cache", "workers.processes"}) {
  return killed_everywhere(context,
                           pattern<KilledInStore>(context, "killed in a store",
                                                  {"GU-LIV-01", "GU-LIV-02", "GU-LIV-03", "GU-VAL-02", "GU-RES-03"}));
}

BODY_TEST("sweep", "GU-LIV-01/kill-restart", "GU-LIV-02 GU-LIV-03 GU-VAL-02 GU-RES-03",
          "a worker killed at any point of a restart leaves the others working",
          Features{"fault.kill", "script_cache", "workers.processes"}) {
  return killed_everywhere(context,
                           pattern<KilledInRestart>(context, "killed in a restart",
                                                    {"GU-LIV-01", "GU-LIV-02", "GU-LIV-03", "GU-VAL-02", "GU-RES-03"}));
}

BODY_TEST("sweep", "GU-RES-03/killed-store", "", "memory taken by a killed store is wasted, not used",
          Features{"fault.kill", "script_cache", "workers.processes"}) {
  Sweep sweep(most(context));
  const Trace trace = pattern<KilledInBigStore>(context, "killed in a big store", {"GU-RES-03"});
  for (const char* points : {"store/*", "segment/*", "table/*", "interned/*", "posix/lock/fcntl/*"}) {
    sweep.add(trace, {points, "kill", "", false, 0});
  }
  return Campaign(context.target, context.folder, {.least = 4}).run(sweep);
}
