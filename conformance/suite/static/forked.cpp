// ST-LCK-20, ST-PRC-08, ST-PRC-09: the cache in a process that a request makes.
#include "conformance/adapter/rendezvous.h"
#include "conformance/registry/registration.h"
#include "conformance/suite/forking_scripts.h"
#include "conformance/suite/static/scripted.h"
#include "conformance/suite/static/values.h"

using namespace assay::conformance;

namespace {

// Code of a request that makes a child.
struct Family {
  std::string before;           // what the request does first
  std::string child;            // what the child does; it stores under "said" what it has to say, and ends
  std::string parent;           // what the parent does meanwhile
  std::string answer = "true";  // what the parent returns at last
};

class Forked : public ScriptedScenario {
 public:
  explicit Forked(const Description& target) : ScriptedScenario(target) {
    needs("workers.fork");
    needs("rendezvous");
    ini("ffi.enable", "1");
  }

 protected:
  // Code that waits until the key has a value, as long as a busy machine may need.
  static std::string until(const std::string& key) {
    return "$turns = 0; while ($turns++ < 50000 && !Cache::has('" + key + "')) { usleep(200); } ";
  }
  // The request stays where others can act from here to goes_on(): the child has said what it has to say, and ends about
  // now.
  void stays(WorkerHandle worker, const Family& family, Value said, Value answer) {
    script("forks", family.before +
                        with_child(family.child, family.parent + until("said") + "$said = Cache::get('said'); " +
                                                     "usleep(5000); " + php_arrival("forked") + " " +
                                                     php_wait("forked") + " return [$said, " + family.answer + "];"));
    auto request = worker.background("parent");
    expect(run(request, "forks"), Value::list({std::move(said), std::move(answer)}));
    wait_for_arrival("forked");
  }
  void goes_on() {
    release("forked");
    await("parent");
  }
};

}  // namespace

CLAUSE_TEST(Forked, "ST-PRC-08/both-ways", "parent and child see at once what the other stores and deletes") {
  auto [one, two] = workers<2>();
  stays(one,
        {.before = "Cache::set('before', 'parent'); Cache::set('gone', 1); ",
         .child = "Cache::set('of-child', Cache::get('before')); Cache::delete('gone'); " + until("of-parent") +
                  "Cache::set('said', Cache::get('of-parent')); ",
         .parent = until("of-child") + "Cache::set('of-parent', 'after ' . Cache::get('of-child')); ",
         .answer = "Cache::has('gone')"},
        "after parent", false);
  script("reads", "return [Cache::get('of-child'), Cache::get('said')];");
  expect(run(two, "reads"), Value::list({"parent", "after parent"}));
  goes_on();
}

CLAUSE_TEST(Forked, "ST-LCK-20/owns-nothing", "ST-LCK-03 ST-PRC-09",
            "a child owns none of its parent's reservations, and its end gives none back") {
  needs("static_cache.locks");
  auto [one, two] = workers<2>();
  stays(one,
        {.before = "$mine = Cache::lock('k'); ",
         .child = "Cache::set('said', [$mine, Cache::unlock('k'), Cache::lock('k')]); ",
         .parent = "",
         .answer = "Cache::lock('k')"},
        Value::list({true, false, false}), true);
  for (int times = 0; times < 5; ++times) expect(two.lock("k"), false);
  goes_on();
  expect(two.lock("k"), true);
}

CLAUSE_TEST(Forked, "ST-LCK-20/own-reservation", "ST-LCK-11",
            "what a child reserves is its own: not its parent's, and free when it has ended") {
  needs("static_cache.locks");
  auto [one, two] = workers<2>();
  stays(one,
        {.before = "$other = Cache::lock('other'); ",
         .child = "$own = Cache::lock('k'); Cache::set('asks', 1); " + until("asked") +
                  "Cache::set('said', [$own, Cache::get('asked')]); ",
         .parent = until("asks") + "Cache::set('asked', [Cache::lock('k'), Cache::unlock('k')]); ",
         .answer = "$other"},
        Value::list({true, Value::list({false, false})}), true);
  expect(two.lock("other"), false);
  goes_on();
  // When the child dies is for the machine to say.
  script("reserves",
         "$turns = 0; while (!Cache::lock('k') && $turns++ < 50000) { usleep(200); } return Cache::unlock('k');");
  expect(run(two, "reserves"), true);
}

CLAUSE_TEST(Forked, "ST-PRC-09/fetched-before", "ST-SET-17",
            "what was fetched before the fork stays as it was in both, whatever others store") {
  auto [one, two] = workers<2>();
  expect(two.set("v", Value::list({"first", Value::list({1, 2, 3}), std::string(300, 'x')})), true);
  const std::string intact = "($v === ['first', [1, 2, 3], str_repeat('x', 300)])";
  stays(one,
        {.before = "$v = Cache::get('v'); ",
         .child = "Cache::delete('v'); Cache::set('v', str_repeat('y', 300)); Cache::set('said', " + intact + "); ",
         .parent = "",
         .answer = intact},
        true, true);
  expect(two.clear_cache(), true);
  for (int i = 0; i < 40; ++i) expect(two.set("fill" + std::to_string(i), std::string(300, 'z')), true);
  goes_on();
  expect(two.get("v", none), none);
}
