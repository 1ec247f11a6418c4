// ST-SET-02, ST-ISO: what a program does with its variables, and with what it fetched, is its own affair.
#include "conformance/registry/registration.h"
#include "conformance/suite/static/scripted.h"

using namespace assay::conformance;

namespace {

struct Objects : ScriptedScenario {
  explicit Objects(const Description& target) : ScriptedScenario(target) { needs("static_cache.objects"); }
};

constexpr const char* box =
    "class Box { public $v; public $w; public function __construct($v, $w = null) { $this->v = $v; $this->w = $w; } "
    "}\n";

}  // namespace

CLAUSE_TEST(ScriptedScenario, "ST-SET-02/variable",
            "a variable that changes after the store leaves the entry as it was") {
  script("store", R"(
$a = ['n' => 1, 'list' => [1, 2]];
$stored = [Cache::set('array', $a)];
$a['n'] = 2;
$a['list'][] = 3;
$text = 'old';
$alias = &$text;
$stored[] = Cache::set('reference', $text);
$alias = 'new';
$stored[] = Cache::setMultiple(['several' => $a]);
$a['n'] = 3;
return $stored;
)");
  script("fetch", "return [Cache::get('array'), Cache::get('reference'), Cache::get('several')];");
  auto [one, two] = workers<2>();
  expect(run(one, "store"), Value::list({true, true, true}));
  expect(run(two, "fetch"), Value::list({Value::map({{"n", 1}, {"list", Value::list({1, 2})}}), "old",
                                         Value::map({{"n", 2}, {"list", Value::list({1, 2, 3})}})}));
}

CLAUSE_TEST(Objects, "ST-SET-02/object", "an object that changes after the store leaves the entry as it was") {
  script("store", std::string(box) + R"(
$inner = new Box(1);
$o = new Box($inner, [$inner]);
$stored = Cache::set('k', $o);
$inner->v = 2;
$o->w = 'gone';
return [$stored, Cache::get('k')->v->v, Cache::get('k')->w[0]->v];
)");
  script("fetch", std::string(box) + "return [Cache::get('k')->v->v, Cache::get('k')->w[0]->v];");
  auto [one, two] = workers<2>();
  expect(run(one, "store"), Value::list({true, 1, 1}));
  expect(run(two, "fetch"), Value::list({1, 1}));
}

CLAUSE_TEST(Objects, "ST-ISO-01/fetched-object", "ST-ISO-03",
            "changing a fetched object, at any depth, reaches neither the entry nor another fetch") {
  script("store", std::string(box) + "return Cache::set('k', new Box(new Box(['deep' => [1, 2]]), 'w'));");
  script("change", std::string(box) + R"(
$a = Cache::get('k');
$b = Cache::get('k');
$a->w = 'changed';
$a->v->v['deep'][] = 3;
$a->v->w = new Box('new');
unset($a->v->v['deep'][0]);
$c = Cache::get('k');
return [$b->w, $b->v->v, $b->v->w, $c->w, $c->v->v, $c->v->w];
)");
  script("fetch", std::string(box) + "$o = Cache::get('k'); return [$o->w, $o->v->v, $o->v->w];");
  auto [one, two] = workers<2>();
  const Value deep = Value::map({{"deep", Value::list({1, 2})}});
  expect(run(one, "store"), true);
  expect(run(two, "change"), Value::list({"w", deep, nullptr, "w", deep, nullptr}));
  expect(run(one, "fetch"), Value::list({"w", deep, nullptr}));
}

CLAUSE_TEST(Objects, "ST-ISO-02/two-fetches",
            "two fetches give different objects that are equal, and enum cases that are identical") {
  script("all", std::string(box) + R"(
enum Suit { case Hearts; case Spades; }
Cache::set('k', [new Box(new Box(1)), Suit::Spades]);
$a = Cache::get('k');
$b = Cache::get('k');
return [$a[0] !== $b[0], $a[0]->v !== $b[0]->v, $a[0]->v->v === $b[0]->v->v, $a[1] === $b[1], $a[1] === Suit::Spades];
)");
  auto w = worker();
  expect(run(w, "all"), Value::list({true, true, true, true, true}));
}

CLAUSE_TEST(Objects, "ST-ISO-05/identity", "ST-ISO-02",
            "an object that a value holds twice is one in the fetched value, and cycles close on the copy") {
  script("store", std::string(box) + R"(
$twice = new Box('twice');
$o = new Box($twice, $twice);
$cycle = new Box(null);
$cycle->v = $cycle;
return [Cache::set('twice', $o), Cache::set('cycle', $cycle)];
)");
  script("fetch", std::string(box) + R"(
$o = Cache::get('twice');
$same = $o->v === $o->w;
$o->v->v = 'changed';
$again = Cache::get('twice');
$cycle = Cache::get('cycle');
return [$same, $o->w->v, $again->w->v, $cycle->v === $cycle, $cycle !== Cache::get('cycle')];
)");
  auto [one, two] = workers<2>();
  expect(run(one, "store"), Value::list({true, true}));
  expect(run(two, "fetch"), Value::list({true, "changed", "twice", true, true}));
}

CLAUSE_TEST(ScriptedScenario, "ST-ISO-05/references", "ST-ENC-07 ST-ENC-17",
            "references inside a value alias in the fetched value, and there alone") {
  needs("static_cache.references");
  script("store", R"(
$n = 1;
$a = ['x' => &$n, 'y' => &$n, 'z' => 1];
$itself = [1];
$itself['again'] = &$itself;
$cycle = Cache::set('cycle', $itself);
return [Cache::set('k', $a), $cycle];
)");
  script("fetch", R"(
$a = Cache::get('k');
$a['x'] = 'changed';
$b = Cache::get('k');
return [$a['y'], $a['z'], $b['x'], $b['y']];
)");
  script(
      "cycle",
      "$c = Cache::get('cycle'); return $c === null ? 'refused' : [$c[0], $c['again'][0], $c['again']['again'][0]];");
  auto [one, two] = workers<2>();
  expect(run(one, "store"), one_of({Value::list({true, true}), Value::list({true, false})}));
  expect(run(two, "fetch"), Value::list({"changed", 1, 1, 1}));
  expect(run(two, "cycle"), one_of({"refused", Value::list({1, 1, 1})}));
}

CLAUSE_TEST(Objects, "ST-ISO-06/two-keys", "an object under two keys becomes two objects") {
  script("all", std::string(box) + R"(
$o = new Box(1);
Cache::setMultiple(['a' => $o, 'b' => $o]);
$both = Cache::getMultiple(['a', 'b']);
$both['a']->v = 2;
return [$both['a'] !== $both['b'], $both['b']->v, Cache::get('a')->v];
)");
  auto w = worker();
  expect(run(w, "all"), Value::list({true, 1, 1}));
}

CLAUSE_TEST(ScriptedScenario, "ST-ISO-04/string", "ST-ISO-03 ST-ENC-11",
            "writing into a fetched string or array, by any form, leaves the entry as it was") {
  script("all", R"(
Cache::set('text', 'abc');
Cache::set('list', ['a' => [3, 1, 2], 'b' => 1]);
$text = Cache::get('text');
$text = $text . 'd';
$list = Cache::get('list');
foreach ($list as $key => &$element) { $element = 0; }
unset($element);
$alias = &$list['b'];
$alias = 9;
$sorted = Cache::get('list');
sort($sorted['a']);
unset($sorted['b']);
return [Cache::get('text'), Cache::get('list'), $sorted];
)");
  auto w = worker();
  expect(run(w, "all"), Value::list({"abc", Value::map({{"a", Value::list({3, 1, 2})}, {"b", 1}}),
                                     Value::map({{"a", Value::list({1, 2, 3})}})}));
}

CLAUSE_TEST(Objects, "ST-ISO-07/object", "a second fetch of an object sees what others stored meanwhile") {
  needs("rendezvous");
  script("store", std::string(box) + "return Cache::set('k', new Box('first'));");
  script("second", std::string(box) + "return Cache::set('k', new Box('second'));");
  write("@/box.php", php(box));
  script("fetch", "$o = Cache::get('k'); return $o->v;");
  auto [reader, writer] = workers<2>();
  expect(run(writer, "store"), true);
  auto r = reader.background("reader");
  r.include("@/box.php");
  expect(run(r, "fetch"), "first");
  expect(run(r, "fetch"), "first");
  r.rendezvous("stored");
  expect(run(r, "fetch"), "second");
  wait_for_arrival("stored");
  expect(run(writer, "second"), true);
  release("stored");
  await("reader");
}

CLAUSE_TEST(Objects, "ST-ENC-16/large-graph", "a graph of 10,000 objects is stored and fetched whole") {
  script("store", std::string(box) + R"(
$list = [];
for ($i = 0; $i < 5000; $i++) { $list[] = new Box(new Box($i), 'text of some length'); }
return Cache::set('k', $list);
)");
  script("fetch", std::string(box) + R"(
$sum = 0;
$list = Cache::get('k');
foreach ($list as $each) { $sum = $sum + $each->v->v; }
return [count($list), $sum, $list[4999]->w];
)");
  auto [one, two] = workers<2>();
  expect(run(one, "store"), true);
  expect(run(two, "fetch"), Value::list({5000, 12497500, "text of some length"}));
}

CLAUSE_TEST(Objects, "ST-ENC-06/kinds", "ST-GET-01",
            "readonly, private and uninitialised properties and anonymous classes come back") {
  const std::string kinds = R"(
class Base { private $own = 'base'; public function base() { return $this->own; } }
class Kinds extends Base {
  public readonly int $fixed;
  public ?string $unset;
  protected $guarded = 'p';
  public function __construct() { $this->fixed = 5; }
  public function all() { return [$this->fixed, isset($this->unset), $this->guarded]; }
}
)";
  script("store", kinds + "return Cache::set('k', new Kinds);");
  script("fetch", kinds + "return Cache::get('k')->all();");
  auto [one, two] = workers<2>();
  expect(run(one, "store"), true);
  expect(run(two, "fetch"), Value::list({5, false, "p"}));
}

CLAUSE_TEST(ScriptedScenario, "ST-ENC-15/depth", "ST-GET-01",
            "a depth of 1,000 works, and a much deeper value works or is refused") {
  const std::string nested = R"(
function nested($depth) { $value = 'inside'; for ($i = 0; $i < $depth; $i++) { $value = [$value]; } return $value; }
function depth_of($value) { $depth = 0; while (is_array($value)) { $value = $value[0]; $depth++; } return $value === 'inside' ? $depth : false; }
)";
  script("store", nested + "return [Cache::set('10', nested(10)), Cache::set('1000', nested(1000))];");
  script("fetch", nested + "return [depth_of(Cache::get('10')), depth_of(Cache::get('1000'))];");
  script("deeper", nested + R"(
$stored = Cache::set('k', nested(20000));
return $stored === false || depth_of(Cache::get('k')) === 20000;
)");
  auto [one, two] = workers<2>();
  expect(run(one, "store"), Value::list({true, true}));
  expect(run(two, "fetch"), Value::list({10, 1000}));
  expect(run(one, "deeper"), true);
  expect(two.set("after", 1), true);
}

CLAUSE_TEST(ScriptedScenario, "ST-ENC-12/equal-strings", "ST-GET-01",
            "equal strings inside one value are stored once") {
  ini("opcache.static_cache.volatile_size_mb", "8");
  // Each once they are some 100 kB; each time, 20 MB.
  script("store", R"(
$rows = [];
for ($i = 0; $i < 2000; $i++) { $rows[] = ['text' => str_repeat('t', 10000), 'n' => $i]; }
return Cache::set('k', $rows);
)");
  script("fetch",
         "$rows = Cache::get('k'); return [count($rows), strlen($rows[0]['text']), strlen($rows[1999]['text']), "
         "$rows[1999]['n']];");
  auto [one, two] = workers<2>();
  expect(run(one, "store"), true);
  expect(run(two, "fetch"), Value::list({2000, 10000, 10000, 1999}));
}
