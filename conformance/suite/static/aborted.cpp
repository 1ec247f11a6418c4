// ST-PRC-14, ST-PRC-15: a request that ends inside a call of the cache, because what it fetches does not fit into its memory.
#include "conformance/registry/registration.h"
#include "conformance/suite/static/scripted.h"
#include "conformance/suite/static/values.h"

using namespace assay::conformance;
using std::chrono::seconds;

namespace {

// Some 12 MB in a request, and less in a cache.
class TooLarge : public ScriptedScenario {
 public:
  explicit TooLarge(const Description& target) : ScriptedScenario(target) { needs("static_cache.objects"); }

 protected:
  void begin() {
    ini("opcache.static_cache.volatile_size_mb", "32");
    const std::string node =
        "class Node { public $n; public $list; public function __construct($n) { $this->n = $n; "
        "$this->list = [$n, $n + 1]; } }\n";
    script("store", node +
                        "$all = []; for ($i = 0; $i < 40000; $i++) { $all[] = new Node($i); } "
                        "return Cache::set('graph', $all);");
    script("fetch", node + "$all = Cache::get('graph'); return [count($all), $all[39999]->list[1]];");
    script("locked", node + "$mine = Cache::lock('mine'); $all = Cache::get('graph'); return $mine;");
  }
  // It ends before it comes to what is behind the script.
  void is_aborted(WorkerHandle worker, const std::string& name) {
    auto r = worker.request();
    r.ends("aborted");
    r.ini_set("memory_limit", "6M");
    expect(run(r, name), throws("Fatal error", "^Allowed memory size of 6291456 bytes exhausted"));
    r.set("never", 1);
  }
  const Value whole = Value::list({40'000, 40'000});
};

}  // namespace

CLAUSE_TEST(TooLarge, "ST-PRC-15/graph",
            "a value beyond the memory of a request ends that request, and neither the entry nor another one") {
  begin();
  auto [one, two, three] = workers<3>();
  expect(run(one, "store"), true);
  expect(two.set("other", 1), true);
  is_aborted(two, "fetch");
  expect(two.has_key("never"), false);
  expect(two.get("other"), 1);
  // With the memory for it, in the same worker and in another one. A worker that had much memory may keep too much of it for
  // so low a limit (PHP 8.2.32).
  expect(run(two, "fetch"), whole);
  is_aborted(three, "fetch");
  expect(run(one, "fetch"), whole);
}

CLAUSE_TEST(TooLarge, "ST-PRC-14/fetch", "ST-LCK-10",
            "a request that is aborted inside a fetch keeps neither a lock nor what it had reserved") {
  needs("static_cache.locks");
  begin();
  auto [one, two] = workers<2>();
  expect(run(one, "store"), true);
  for (int i = 0; i < 3; ++i) {
    is_aborted(one, "locked");
    auto next = two.request();
    next.within(seconds(2));
    expect(next.set("after", i), true);
    expect(next.set("mine", i), true);
    expect(next.lock("mine"), true);
    expect(next.get("after"), i);
  }
  auto last = two.request();
  last.within(seconds(2));
  expect(last.set("graph", "replaced"), true);
  expect(one.get("graph", none), "replaced");
}
