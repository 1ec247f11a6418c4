// ST-PRC-10, ST-PRC-11: workers that are threads of one process.
#include "conformance/adapter/rendezvous.h"
#include "conformance/registry/registration.h"
#include "conformance/suite/forking_scripts.h"
#include "conformance/suite/static/scripted.h"

using namespace assay::conformance;
using std::chrono::seconds;

CLAUSE_TEST(Scenario, "ST-PRC-11/threads", "ST-LCK-03 ST-ISO-01",
            "threads share entries, exclude each other, and have fetched values of their own") {
  needs("workers.threads");
  needs("static_cache.locks");
  auto [one, two] = workers<2>();
  expect(one.set("list", Value::map({{"n", 1}})), true);
  auto holder = one.background("holder");
  auto fetched = holder.get("list");
  expect(fetched, Value::map({{"n", 1}}));
  expect(holder.mutate(0, "n", 2), Value::map({{"n", 2}}));
  expect(holder.lock("k"), true);
  holder.rendezvous("held");
  expect(holder.recall(0), Value::map({{"n", 1}}));
  wait_for_arrival("held");
  auto other = two.request();
  other.within(seconds(1));
  expect(other.get("list"), Value::map({{"n", 1}}));
  expect(other.lock("k"), false);
  expect(other.unlock("k"), false);
  expect(other.set("of the other", 1), true);
  release("held");
  await("holder");
  expect(two.lock("k"), true);
  expect(one.get("of the other"), 1);
}

namespace {

// One thread makes a child while another one is in the middle of a store, with the lock that stores need. In the child there
// is no such thread, and nobody who would ever open what it had closed.
struct ForkDuringStore : ScriptedScenario {
  explicit ForkDuringStore(const Description& target) : ScriptedScenario(target) {
    needs("workers.threads");
    needs("workers.fork");
    needs("rendezvous");
    ini("ffi.enable", "1");
  }

 protected:
  void forks_while_other_is_at(const char* point) {
    script("forks", with_child("Cache::set('of.child', [Cache::get('before'), Cache::set('k', 'child')]); ",
                               php_arrival("forked") + " " + php_wait("forked") +
                                   " $turns = 0; while ($turns++ < 50000 && !Cache::has('of.child')) { usleep(200); } "
                                   "return Cache::get('of.child');"));
    auto [parent, other] = workers<2>();
    expect(parent.set("before", "there"), true);
    act(ActionKind::arm, {{"point", point}, {"effect", "pause"}, {"worker", other.number()}, {"optional", true}});
    auto writing = other.background("writer");
    expect(writing.set("large", std::string(20'000, 'l')), true);
    wait_until_blocked(other);
    auto forking = parent.background("parent");
    expect(run(forking, "forks"), Value::list({"there", true}));
    wait_for_arrival("forked");
    act(ActionKind::unpause, {{"point", "*"}, {"worker", other.number()}});
    await("writer");
    release("forked");
    await("parent");
    script("reads", "return Cache::get('k');");
    for (WorkerHandle worker : {parent, other}) {
      expect(run(worker, "reads"), "child");
      expect(worker.get("large"), has_length(20'000));
      expect(worker.set("after", worker.number()), true);
    }
  }
};

}  // namespace

CLAUSE_TEST(ForkDuringStore, "ST-PRC-10/locked", "a child that was made while another thread stores reads and stores") {
  forks_while_other_is_at("static/store/copy");
}

CLAUSE_TEST(ForkDuringStore, "ST-PRC-10/waiting",
            "a child that was made while another thread is about to take the lock reads and stores") {
  forks_while_other_is_at("static/lock/acquire");
}
