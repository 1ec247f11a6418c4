// ST-SET-10 to -12, ST-ENC-10, -13, -18 to -20: the code that classes have for being stored and restored.
#include "conformance/registry/registration.h"
#include "conformance/suite/static/scripted.h"

using namespace assay::conformance;
using std::chrono::seconds;

namespace {

struct Hooks : ScriptedScenario {
  explicit Hooks(const Description& target) : ScriptedScenario(target) { needs("static_cache.objects"); }
};

// Counts what is called, and stores what it is told.
constexpr const char* counting_class = R"(
class Counting {
  public static $log = [];
  public $name;
  public function __construct($name) { $this->name = $name; self::$log[] = 'construct'; }
  public function __serialize(): array { self::$log[] = 'serialize ' . $this->name; return ['name' => $this->name]; }
  public function __unserialize(array $data): void { self::$log[] = 'unserialize ' . $data['name']; $this->name = $data['name']; }
}
)";

}  // namespace

CLAUSE_TEST(Hooks, "ST-SET-11/once", "ST-ISO-08 ST-ENC-06",
            "a store runs the hook of each object once, and a fetch restores by its own") {
  script("store", std::string(counting_class) + R"(
$a = new Counting('a');
$stored = Cache::set('k', [$a, $a, new Counting('b')]);
return [$stored, Counting::$log];
)");
  script("fetch", std::string(counting_class) + R"(
$value = Cache::get('k');
return [count($value), $value[0]->name, $value[2]->name, $value[0] === $value[1], $value[0] === $value[2], Counting::$log];
)");
  auto [one, two] = workers<2>();
  expect(run(one, "store"), Value::list({true, Value::list({"construct", "construct", "serialize a", "serialize b"})}));
  expect(run(two, "fetch"), Value::list({3, "a", "b", true, false, Value::list({"unserialize a", "unserialize b"})}));
}

CLAUSE_TEST(Hooks, "ST-SET-11/sleep", "ST-ENC-06",
            "__sleep chooses what is stored, and __wakeup runs when it is restored") {
  const std::string sleeping = R"(
class Sleeping {
  public $kept; public $left = 'default'; private $hidden; public $woken = 0;
  public function __construct($kept, $hidden) { $this->kept = $kept; $this->hidden = $hidden; }
  public function __sleep() { return ['kept', 'hidden']; }
  public function __wakeup() { $this->woken = $this->woken + 1; }
  public function all() { return [$this->kept, $this->left, $this->hidden, $this->woken]; }
}
)";
  script("store", sleeping + R"(
$o = new Sleeping(['a', 1], 'secret');
$o->left = 'changed';
$o->woken = 10;
return [Cache::set('k', $o), $o->all()];
)");
  script("fetch", sleeping + "return Cache::get('k')->all();");
  auto [one, two] = workers<2>();
  expect(run(one, "store"), Value::list({true, Value::list({Value::list({"a", 1}), "changed", "secret", 10})}));
  expect(run(two, "fetch"), Value::list({Value::list({"a", 1}), "default", "secret", 1}));
}

CLAUSE_TEST(Hooks, "ST-SET-10/calls-cache", "GU-LIV-01", "hooks may call the cache themselves, in both directions") {
  const std::string calling = R"(
class Calling {
  public $name;
  public function __construct($name) { $this->name = $name; }
  public function __serialize(): array { Cache::set('from hook', $this->name); return ['name' => $this->name, 'seen' => Cache::get('seen', 'nothing')]; }
  public function __unserialize(array $data): void { $this->name = [$data['name'], $data['seen'], Cache::get('from hook')]; Cache::set('k', 'replaced'); Cache::delete('seen'); }
}
)";
  script("store", calling + "Cache::set('seen', 1); return Cache::set('k', new Calling('c'));");
  script("fetch", calling + "return [Cache::get('k')->name, Cache::get('k'), Cache::has('seen')];");
  auto [one, two] = workers<2>();
  expect(run(one, "store"), true);
  expect(run(two, "fetch"), Value::list({Value::list({"c", 1, "c"}), "replaced", false}));
}

CLAUSE_TEST(Hooks, "ST-SET-12/exception", "ST-SET-10",
            "an exception in a hook reaches the caller, stores nothing and leaves no lock") {
  script("store", R"(
class Failing { public function __serialize(): array { throw new LogicException('not me'); } }
$said = 'nothing';
try { Cache::set('k', ['a', new Failing]); } catch (LogicException $e) { $said = $e->getMessage(); }
return [$said, Cache::get('k'), Cache::set('k', 'again')];
)");
  script("uncaught", R"(
class Failing { public function __serialize(): array { throw new LogicException('not me'); } }
return Cache::set('k', new Failing);
)");
  script("kept", "return Cache::get('k');");
  auto [one, two] = workers<2>();
  expect(one.set("k", "old"), true);
  expect(run(one, "store"), Value::list({"not me", "old", true}));
  expect(run(one, "uncaught"), throws("LogicException", "not me"));
  expect(run(two, "kept"), "again");
  auto bounded = two.request();
  bounded.within(seconds(1));
  expect(bounded.set("k", "new"), true);
  expect(bounded.get("k"), "new");
}

CLAUSE_TEST(Hooks, "ST-SET-12/keeps-no-reservation", "ST-LCK-07",
            "an exception in a hook neither takes nor ends a reservation") {
  needs("static_cache.locks");
  script("store", R"(
class Failing { public function __serialize(): array { throw new LogicException('not me'); } }
$locked = Cache::lock('held');
try { Cache::set('held', new Failing); } catch (LogicException $e) {}
try { Cache::set('free', new Failing); } catch (LogicException $e) {}
return [$locked, Cache::unlock('held'), Cache::unlock('free')];
)");
  auto [one, two] = workers<2>();
  expect(run(one, "store"), Value::list({true, true, false}));
  auto bounded = two.request();
  bounded.within(seconds(1));
  expect(bounded.set("held", 1), true);
  expect(bounded.set("free", 1), true);
}

CLAUSE_TEST(Hooks, "ST-SET-06/state-of-hook", "a closure in what a hook returns is refused with false") {
  needs("static_cache.forbidden_values");
  script("store", R"(
class Hiding { public function __serialize(): array { return ['f' => function () { return 1; }]; } }
return [Cache::set('k', new Hiding), Cache::get('k')];
)");
  auto w = worker();
  expect(w.set("k", "old"), true);
  expect(run(w, "store"), Value::list({false, "old"}));
}

CLAUSE_TEST(Hooks, "ST-ENC-20/exception", "an exception while a value is restored propagates, and the entry stays") {
  const std::string failing = R"(
class Mood { public static $calm = false; }
class Failing {
  public $n = 0;
  public function __serialize(): array { return ['n' => 5]; }
  public function __unserialize(array $data): void { if (!Mood::$calm) { throw new LogicException('not now'); } $this->n = $data['n']; }
}
)";
  script("store", failing + "return Cache::set('k', [1, new Failing]);");
  script("fetch", failing + "return Cache::get('k', 'default');");
  script("calm", failing + "Mood::$calm = true; return [Cache::get('k')[1]->n, Cache::has('k')];");
  auto [one, two] = workers<2>();
  expect(run(one, "store"), true);
  expect(run(two, "fetch"), throws("LogicException", "not now"));
  auto bounded = one.request();
  bounded.within(seconds(1));
  expect(bounded.set("other", 1), true);
  expect(run(one, "calm"), Value::list({5, true}));
}

CLAUSE_TEST(Hooks, "ST-ENC-18/missing-class", "ST-GET-06 ST-GET-09 ST-ENC-01",
            "a value whose class is missing is false until there is one, and its entry stays") {
  const bool keeps = choice("undecodable", "keep") == "keep";
  script("store", R"(
class Gone { public $n = 7; }
return [Cache::set('k', ['o' => new Gone]), Cache::set('fine', 1)];
)");
  script("without", "return [Cache::get('k', 'default'), Cache::getMultiple(['fine', 'k']), Cache::get('fine')];");
  script("has", "return Cache::has('k');");
  script("with", "class Gone { public $n = 1; }\nreturn Cache::get('k')['o']->n;");
  auto [one, two] = workers<2>();
  expect(run(one, "store"), Value::list({true, true}));
  expect(run(two, "has"), true);
  expect(run(two, "without"),
         Value::list({false, keeps ? Value(false) : Value::map({{"fine", 1}, {"k", nullptr}}), 1}));
  if (!keeps) return;
  expect(run(two, "has"), true);
  expect(run(two, "with"), 7);
}

CLAUSE_TEST(Hooks, "ST-ENC-18/missing-case", "an enum whose case is gone is false until it is back") {
  if (choice("undecodable", "keep") != "keep")
    return not_asked("it declares undecodable=delete: a value that cannot be restored is gone");
  script("store", "enum Suit { case Hearts; case Spades; }\nreturn Cache::set('k', [Suit::Hearts]);");
  script("without", "enum Suit { case Spades; }\nreturn [Cache::get('k', 'default'), Cache::has('k')];");
  script("with", "enum Suit { case Hearts; }\nreturn Cache::get('k')[0] === Suit::Hearts;");
  auto [one, two] = workers<2>();
  expect(run(one, "store"), true);
  expect(run(two, "without"), Value::list({false, true}));
  expect(run(two, "with"), true);
}

CLAUSE_TEST(Hooks, "ST-ENC-13/one-look-up", "a class that must be loaded is looked up once for a value") {
  write("@/Item.php", php("class Item { public $n; }"));
  script("store", R"(
include __DIR__ . '/Item.php';
$list = [];
for ($i = 0; $i < 200; $i++) { $list[] = new Item; $list[$i]->n = $i; }
return Cache::set('k', $list);
)");
  script("fetch", R"(
class Asked { public static $names = []; }
spl_autoload_register(function ($class) { Asked::$names[] = $class; include __DIR__ . '/Item.php'; });
$has = Cache::has('k');
$asked_by_has = count(Asked::$names);
$list = Cache::get('k');
return [$has, $asked_by_has, count($list), $list[199]->n, Asked::$names];
)");
  auto [one, two] = workers<2>();
  expect(run(one, "store"), true);
  expect(run(two, "fetch"), Value::list({true, 0, 200, 199, Value::list({"Item"})}));
}

CLAUSE_TEST(Hooks, "ST-ENC-19/changed-class",
            "a property that was added keeps its default, and the others their stored values") {
  script(
      "store",
      "class Grown { public $a = 1; public $b = 2; }\n$o = new Grown; $o->a = 'stored'; return Cache::set('k', $o);");
  script("grown",
         "class Grown { public $c = 'new'; public $b = 3; public $a = 0; }\n$o = Cache::get('k'); return [$o->a, "
         "$o->b, $o->c];");
  script("shrunk",
         "class Grown { public $b = 3; }\n$o = Cache::get('k', 'default'); return $o === false ? false : [$o->b, "
         "Cache::has('k')];");
  auto [one, two] = workers<2>();
  expect(run(one, "store"), true);
  expect(run(two, "grown"), Value::list({"stored", 2, "new"}));
  expect(run(two, "shrunk"), one_of({false, Value::list({2, true})}));
}

CLAUSE_TEST(Hooks, "ST-ENC-10/no-user-code", "ST-ENC-06",
            "plain objects are stored and fetched without running any of their code") {
  const std::string watched = R"(
class Watched {
  public static $log = [];
  public $a; protected $b; private $c = 'c';
  public function __construct($a) { $this->a = $a; $this->b = 'b'; self::$log[] = 'construct'; }
  public function __clone() { self::$log[] = 'clone'; }
  public function __get($name) { self::$log[] = 'get'; return null; }
  public function __set($name, $value) { self::$log[] = 'set'; }
  public function all() { return [$this->a, $this->b, $this->c]; }
}
)";
  script("store", watched + "$o = new Watched(['x']); return [Cache::set('k', [$o]), Watched::$log];");
  script("fetch", watched + "$o = Cache::get('k')[0]; return [$o->all(), Watched::$log];");
  auto [one, two] = workers<2>();
  expect(run(one, "store"), Value::list({true, Value::list({"construct"})}));
  expect(run(two, "fetch"), Value::list({Value::list({Value::list({"x"}), "b", "c"}), Value::list({})}));
}
