// ST-ISO-09: what is fetched is destroyed like any object, and what is stored is not touched.
#include "conformance/registry/registration.h"
#include "conformance/suite/static/scripted.h"

using namespace assay::conformance;

namespace {

struct Destroyed : ScriptedScenario {
  explicit Destroyed(const Description& target) : ScriptedScenario(target) { needs("static_cache.objects"); }
};

const std::string counting = R"(
class Counting {
  public static $gone = [];
  public $n;
  public $inner;
  public function __construct($n, $inner = null) { $this->n = $n; $this->inner = $inner; }
  public function __destruct() { self::$gone[] = $this->n; }
}
)";

}  // namespace

CLAUSE_TEST(Destroyed, "ST-ISO-09/stored", "storing an object neither runs its destructor nor keeps it from running") {
  script("all", counting + R"(
$o = new Counting('own', new Counting('inner'));
$stored = [Cache::set('k', $o), Cache::setMultiple(['l' => $o])];
$before = Counting::$gone;
unset($o);
$after = Counting::$gone;
return [$stored, $before, $after];
)");
  auto w = worker();
  expect(run(w, "all"), Value::list({Value::list({true, true}), Value::list({}), Value::list({"own", "inner"})}));
}

CLAUSE_TEST(Destroyed, "ST-ISO-09/fetched", "each object that is fetched runs its destructor when it dies") {
  script("store", counting + "return Cache::set('k', [new Counting(1), new Counting(2)]);");
  script("fetch", counting + R"(
$a = Cache::get('k');
$b = Cache::get('k');
$none = Counting::$gone;
unset($a);
$two = Counting::$gone;
$one = $b[0];
$b = null;
$three = Counting::$gone;
$one = null;
$four = Counting::$gone;
Cache::get('k');
return [$none, $two, $three, $four, Counting::$gone];
)");
  auto [one, two] = workers<2>();
  expect(run(one, "store"), true);
  for (int i = 0; i < 2; ++i) {
    expect(run(two, "fetch"), Value::list({Value::list({}), Value::list({1, 2}), Value::list({1, 2, 2}),
                                           Value::list({1, 2, 2, 1}), Value::list({1, 2, 2, 1, 1, 2})}));
  }
}

CLAUSE_TEST(Destroyed, "ST-ISO-09/request-end", "ST-ISO-08",
            "what a request still has of fetched objects at its end is destroyed then") {
  const std::string telling =
      "class Telling { public $key; public function __destruct() { Cache::set($this->key, 1); } }\n";
  script("store", telling + "$t = new Telling; $t->key = 'of.stored'; return Cache::set('k', $t);");
  script("fetch", telling + "$kept = Cache::get('k'); $kept->key = 'of.fetched'; return Cache::has('of.fetched');");
  script("told", "return [Cache::has('of.stored'), Cache::has('of.fetched')];");
  auto [one, two] = workers<2>();
  expect(run(one, "store"), true);
  expect(run(two, "told"), Value::list({true, false}));
  expect(run(two, "fetch"), false);
  expect(run(one, "told"), Value::list({true, true}));
}
