// ST-ATT, ST-ENC-03, ST-ENC-09: which statics an attribute keeps, and how. What a history of requests may see of them is
// random_statics.
#include "conformance/registry/registration.h"
#include "conformance/suite/static/scripted.h"

using namespace assay::conformance;
using std::chrono::seconds;

namespace {

struct Statics : ScriptedScenario {
  explicit Statics(const Description& target) : ScriptedScenario(target) { needs("static_cache.attributes"); }

 protected:
  // A script with the names of the attributes at hand, and with `classes`.
  void with_classes(const std::string& classes, const std::string& name, const std::string& code) {
    std::string uses;
    for (const char* each : {"VolatileStatic", "PinnedStatic", "CacheStrategy", "PinnedCache", "StaticCacheException"})
      uses += std::string("use OPcache\\") + each + ";\n";
    script(name, uses + classes + code);
  }
  ReplyRef entries(WorkerHandle worker, const std::string& backend = "volatile") { return worker.cache_info(backend); }
};

Value list(std::vector<Value> values) {
  return Value::list(std::move(values));
}

}  // namespace

CLAUSE_TEST(Statics, "ST-ATT-02/entries", "ST-AVL-09",
            "a property, a static variable of a method, and a whole class are one entry each") {
  const std::string classes = R"(
class Property { #[VolatileStatic] public static $a = 0; #[VolatileStatic] public static $b = 0; public static $c = 0; }
class Method { #[VolatileStatic] public static function m() { static $x = 0; static $y = 0; $x++; $y++; return [$x, $y]; } }
#[VolatileStatic] class Whole { public static $a = 0; public static $b = 0;
  public static function m() { static $x = 0; return ++$x; } }
)";
  with_classes(classes, "one", "Property::$a = 1; return Property::$c = 5;");
  with_classes(classes, "two", "return Method::m();");
  with_classes(classes, "three", "Whole::$a = 1; Whole::m(); return Whole::$b = 2;");
  with_classes(classes, "all",
               "return [Property::$a, Property::$b, Property::$c, Method::m(), Whole::$a, Whole::$b, Whole::m()];");
  auto [first, second] = workers<2>();
  expect(run(first, "one"), 5);
  expect(entries(first), at({"entry_count"}, 1));
  expect(run(first, "two"), list({1, 1}));
  expect(entries(first), at({"entry_count"}, 3));
  expect(run(first, "three"), 2);
  expect(entries(first), at({"entry_count"}, 4));
  expect(run(second, "all"), list({1, 0, 0, list({2, 2}), 1, 2, 2}));
}

CLAUSE_TEST(Statics, "ST-ATT-02/not-covered", "properties of objects, functions and closures are never kept") {
  const std::string classes = R"(
#[VolatileStatic] class Whole {
  #[VolatileStatic] public $of_object = 0;
  public static function closure() { return function () { static $x = 0; return ++$x; }; }
}
function counted() { static $x = 0; return ++$x; }
)";
  with_classes(classes, "all",
               "$o = new Whole; $o->of_object++; $f = Whole::closure(); $f(); counted(); return [$o->of_object, $f(), "
               "counted()];");
  auto [one, two] = workers<2>();
  for (const WorkerHandle& worker : {one, one, two}) expect(run(worker, "all"), list({1, 2, 2}));
  expect(entries(one), at({"entry_count"}, 0));
}

CLAUSE_TEST(Statics, "ST-ATT-03/class-wins", "in a class with an attribute those of its members have no effect") {
  needs("static_cache.pinned");
  const std::string classes = R"(
#[VolatileStatic] class Whole { #[PinnedStatic] public static $a = 0;
  #[PinnedStatic] public static function m() { static $x = 0; return ++$x; } }
)";
  with_classes(classes, "use", "Whole::$a++; Whole::m(); return Whole::$a;");
  auto [one, two] = workers<2>();
  expect(run(one, "use"), 1);
  expect(entries(one, "pinned"), at({"entry_count"}, 0));
  expect(entries(one), at({"entry_count"}, 1));
  expect(run(two, "use"), 2);
}

CLAUSE_TEST(Statics, "ST-ATT-04/both", "both attributes on one target end the request at its first use") {
  needs("static_cache.pinned");
  with_classes("#[VolatileStatic, PinnedStatic] class Whole { public static $a = 0; }\n", "class", "return Whole::$a;");
  with_classes("class Property { #[VolatileStatic] #[PinnedStatic] public static $a = 0; }\n", "property",
               "return Property::$a = 1;");
  with_classes("class Method { #[VolatileStatic, PinnedStatic] static function m() { static $x = 0; return ++$x; } }\n",
               "method", "return Method::m();");
  with_classes("class Unused { #[VolatileStatic, PinnedStatic] static function m() { static $x = 0; return ++$x; } }\n",
               "unused", "return 1;");
  auto w = worker();
  for (const char* name : {"class", "property", "method"}) {
    auto request = w.request();
    request.ends("aborted");
    expect(run(request, name), throws("Fatal error"));
  }
  expect(run(w, "unused"), 1);
}

CLAUSE_TEST(Statics, "ST-ATT-05/redeclared", "coverage follows the class that declares a static") {
  const std::string classes = R"(
class Base { #[VolatileStatic] public static $shared = 0; #[VolatileStatic] public static $again = 0; }
class Child extends Base { public static $again = 0; }
#[VolatileStatic] class Whole { public static $a = 0; }
class Heir extends Whole { public static $b = 0; }
)";
  with_classes(classes, "use",
               "Child::$shared++; Child::$again++; Base::$again += 10; Heir::$a++; Heir::$b++; "
               "return [Base::$shared, Child::$again, Base::$again, Whole::$a, Heir::$b];");
  auto [one, two] = workers<2>();
  expect(run(one, "use"), list({1, 1, 10, 1, 1}));
  expect(run(two, "use"), list({2, 1, 20, 2, 1}));
}

CLAUSE_TEST(Statics, "ST-ATT-05/traits", "members of a trait count as declared by each class that uses it") {
  const std::string classes = R"(
trait Counting { #[VolatileStatic] public static $n = 0; public static $plain = 0;
  #[VolatileStatic] public static function m() { static $x = 0; return ++$x; } }
class A { use Counting; }
class B { use Counting; }
)";
  with_classes(classes, "a", "A::$plain++; return [++A::$n, A::m(), A::$plain];");
  with_classes(classes, "b", "B::$plain++; return [++B::$n, B::m(), B::$plain];");
  auto [one, two] = workers<2>();
  expect(run(one, "a"), list({1, 1, 1}));
  expect(run(two, "a"), list({2, 2, 1}));
  expect(run(two, "b"), list({1, 1, 1}));
  expect(run(one, "b"), list({2, 2, 1}));
}

CLAUSE_TEST(Statics, "ST-ATT-06/initial-value", "an initial value that a kept one replaces is not evaluated") {
  const std::string classes = R"(
class Log { public static $loads = 0; }
spl_autoload_register(function ($name) { Log::$loads++; require __DIR__ . '/costly.php'; });
class Lazy { #[VolatileStatic] public static $a = Costly::VALUE; }
)";
  with_classes(classes, "use", "Lazy::$a++; return [Lazy::$a, Log::$loads];");
  script("costly", "class Costly { const VALUE = 40; }");
  auto [one, two] = workers<2>();
  expect(run(one, "use"), list({41, 1}));
  expect(run(two, "use"), list({42, 0}));
  expect(run(one, "use"), list({43, 0}));
}

CLAUSE_TEST(Statics, "ST-ATT-08/off", "ST-ATT-16", "where both backends are off attributes have no effect") {
  needs("static_cache.pinned");
  ini("opcache.static_cache.volatile_size_mb", "0");
  ini("opcache.static_cache.pinned_size_mb", "0");
  const std::string classes = R"(
class Property { #[VolatileStatic] public static $a = 0; #[PinnedStatic] public static $b = 0; }
#[VolatileStatic(strategy: CacheStrategy::Tracking)] class Whole { public static $c = 0; }
)";
  with_classes(classes, "use", "return [++Property::$a, ++Property::$b, ++Whole::$c];");
  auto w = worker();
  for (int i = 0; i < 2; ++i) {
    auto request = w.request();
    expect(request.include("@/use.php"), list({1, 1, 1}));
  }
}

CLAUSE_TEST(Statics, "ST-ATT-08/class-gone", "ST-ENC-18",
            "a kept value that cannot be read gives the initial value, and nothing is thrown") {
  const std::string holder = "class Holder { #[VolatileStatic] public static $a = 'initial'; }\n";
  with_classes(holder + "class Gone { public $x = 1; }\n", "store", "Holder::$a = new Gone; return Holder::$a->x;");
  with_classes(holder, "without", "return Holder::$a;");
  with_classes(holder + "class Gone { public $x = 1; }\n", "with", "return Holder::$a->x;");
  auto [one, two] = workers<2>();
  expect(run(one, "store"), 1);
  expect(run(two, "without"), "initial");
  expect(run(two, "with"), 1);
}

CLAUSE_TEST(Statics, "ST-ATT-09/forms", "ST-ATT-13", "each way to assign publishes, whatever name it goes by") {
  const std::string classes = "class P { #[VolatileStatic] public static $a; }\n";
  with_classes(classes, "read", "return P::$a;");
  auto [one, two] = workers<2>();
  const std::vector<std::pair<std::string, Value>> forms = {
      {"P::$a = 1;", 1},
      {"P::$a++;", 2},
      {"P::$a += 5;", 7},
      {"P::$a .= 'x';", "7x"},
      {"P::$a = null; P::$a ?"
       "?= 'new';",
       "new"},
      {"[P::$a] = ['unpacked'];", "unpacked"},
      {"$alias = &P::$a; $alias = 'by alias';", "by alias"},
      {"$alias = &P::$a; $alias .= '!';", "by alias!"},
      {"(function (&$by) { $by = 'by parameter'; })(P::$a);", "by parameter"},
      {"foreach ([1, 2] as P::$a) {}", 2},
  };
  for (std::size_t i = 0; i < forms.size(); ++i) {
    const std::string name = "form" + std::to_string(i);
    with_classes(classes, name, forms[i].first + " return P::$a;");
    expect(run(one, name), forms[i].second);
    expect(run(two, "read"), forms[i].second);
  }
}

CLAUSE_TEST(Statics, "ST-ATT-11/writes-to-elements", "ST-ATT-24",
            "a pinned static publishes each write to an element of its array") {
  needs("static_cache.pinned");
  const std::string classes = "class P { #[PinnedStatic] public static $a = []; }\n";
  with_classes(classes, "read", "return P::$a;");
  auto [one, two] = workers<2>();
  const std::vector<std::pair<std::string, Value>> forms = {
      {"P::$a[] = 3;", list({3})},
      {"P::$a[] = 1; P::$a[] = 2;", list({3, 1, 2})},
      {"P::$a[0] = list_of();", list({list({5}), 1, 2})},
      {"P::$a[0][0]++; P::$a[0][] = 7;", list({list({6, 7}), 1, 2})},
      {"unset(P::$a[2]);", list({list({6, 7}), 1})},
      {"P::$a = [3, 1, 2]; sort(P::$a);", list({1, 2, 3})},
      {"$alias = &P::$a; $alias[] = 4;", list({1, 2, 3, 4})},
      {"foreach (P::$a as &$each) $each *= 2;", list({2, 4, 6, 8})},
  };
  for (std::size_t i = 0; i < forms.size(); ++i) {
    const std::string name = "form" + std::to_string(i);
    with_classes(classes + "function list_of() { return [5]; }\n", name, forms[i].first + " return 0;");
    expect(run(one, name), 0);
    expect(run(two, "read"), forms[i].second);
  }
}

CLAUSE_TEST(Statics, "ST-ATT-12/next-request", "ST-ATT-09", "what a request leaves is what the next one finds") {
  const std::string classes = R"(
class P { #[VolatileStatic] public static $a = 0; #[VolatileStatic(strategy: CacheStrategy::Tracking)] public static $b = []; }
)";
  with_classes(classes, "store", "P::$a = 'assigned'; P::$b = [1]; P::$b[] = 2; return 1;");
  with_classes(classes, "read", "return [P::$a, P::$b];");
  auto [one, two] = workers<2>();
  expect(run(one, "store"), 1);
  expect(run(two, "read"), list({"assigned", list({1, 2})}));
}

CLAUSE_TEST(Statics, "ST-ATT-15/no-room", "ST-AVL-13 ST-FUL-03",
            "a pinned static that finds no room throws, keeps its local value and leaves the kept one") {
  needs("static_cache.pinned");
  const std::string classes =
      "class P { #[PinnedStatic] public static $a = 'initial'; #[PinnedStatic] public static $b = []; }\n";
  with_classes(classes, "small", "P::$a = 'small'; P::$b[] = 1; return P::$a;");
  with_classes(classes, "large", R"(
$said = [];
try { P::$a = str_repeat('x', 12 * 1024 * 1024); } catch (StaticCacheException $e) { $said[] = 'assigned'; }
try { P::$b[] = str_repeat('x', 12 * 1024 * 1024); } catch (StaticCacheException $e) { $said[] = 'appended'; }
return [$said, strlen(P::$a), count(P::$b)];
)");
  with_classes(classes, "read", "return [P::$a, P::$b];");
  auto [one, two] = workers<2>();
  expect(run(one, "small"), "small");
  expect(run(one, "large"), list({list({"assigned", "appended"}), 12 * 1024 * 1024, 2}));
  expect(run(two, "read"), list({"small", list({1})}));
  expect(run(one, "small"), "small");
}

CLAUSE_TEST(Statics, "ST-ATT-15/forbidden", "ST-ATT-23",
            "a pinned static refuses closures, also inside, and what a hook refuses") {
  needs("static_cache.pinned");
  const std::string classes = R"(
class P { #[PinnedStatic] public static $a = 'initial'; }
class Holding { public $held; }
class Failing { public function __serialize(): array { throw new LogicException('not me'); } }
)";
  with_classes(classes, "all", R"(
$said = [];
$holding = new Holding; $holding->held = function () {};
foreach ([function () {}, [1, function () {}], $holding] as $i => $value) {
  try { P::$a = $value; } catch (StaticCacheException $e) { $said[] = $i; }
}
P::$a = 'kept';
try { P::$a = new Failing; } catch (StaticCacheException $e) { $said[] = 'hook'; }
return $said;
)");
  with_classes(classes, "read", "return P::$a;");
  auto [one, two] = workers<2>();
  expect(run(one, "all"), list({0, 1, 2, "hook"}));
  expect(run(two, "read"), "kept");
}

CLAUSE_TEST(Statics, "ST-ATT-16/silent", "ST-ATT-23", "a volatile static that cannot be published says nothing") {
  const std::string classes = R"(
class P { #[VolatileStatic] public static $a = 'initial';
  #[VolatileStatic(strategy: CacheStrategy::Tracking)] public static $b = 'initial'; }
)";
  with_classes(classes, "small", "P::$a = 'small'; P::$b = 'tracked'; return 1;");
  with_classes(classes, "forbidden",
               "P::$a = function () { return 5; }; P::$b = [P::$a]; return [(P::$a)(), (P::$b[0])()];");
  with_classes(classes, "large", "P::$a = P::$b = str_repeat('x', 12 * 1024 * 1024); return strlen(P::$a);");
  with_classes(classes, "read", "return [P::$a, P::$b];");
  auto [one, two] = workers<2>();
  expect(run(one, "small"), 1);
  expect(run(one, "forbidden"), list({5, 5}));
  expect(run(two, "read"), list({"small", "tracked"}));
  expect(run(one, "large"), 12 * 1024 * 1024);
  expect(run(two, "read"), list({"small", "tracked"}));
}

CLAUSE_TEST(Statics, "ST-ATT-25/explicit-api", "ST-KEY-10 ST-SET-15 ST-ATT-18",
            "kept statics count as entries, and clear removes them with the others") {
  const std::string classes =
      "class P { #[VolatileStatic] public static $a = 'initial'; }\n"
      "class PP { #[VolatileStatic] public static $a = 'initial'; }\n";
  with_classes(classes, "store", "P::$a = PP::$a = 'kept'; return 1;");
  with_classes(classes, "read", "return [P::$a, PP::$a];");
  with_classes(classes, "delete", "$seen = P::$a; return [$seen, Cache::delete('P'), P::$a, Cache::get('explicit')];");
  auto [one, two] = workers<2>();
  expect(one.set("explicit", 1), true);
  expect(run(one, "store"), 1);
  expect(entries(two), at({"entry_count"}, 3));
  for (const char* key : {"volatile_static_class:P", "volatile_static_class:p"}) {
    expect(two.get(key), throws("ValueError"));
    expect(two.set(key, 1), throws("ValueError"));
    expect(two.remove_key(key), throws("ValueError"));
  }
  expect(run(two, "delete"), list({"kept", true, "kept", 1}));
  expect(run(one, "read"), list({"initial", "kept"}));
  expect(entries(two), at({"entry_count"}, 2));
  expect(run(one, "store"), 1);
  expect(two.clear_cache(), true);
  expect(entries(two), at({"entry_count"}, 0));
  expect(run(two, "read"), list({"initial", "initial"}));
}

CLAUSE_TEST(Statics, "ST-ATT-26/exit", "exit is the end of a request like any other") {
  const std::string classes = R"(
class P { #[VolatileStatic(strategy: CacheStrategy::Tracking)] public static $a = 0; }
)";
  with_classes(classes, "exit", "P::$a = 5; exit(1);");
  with_classes(classes, "throw", "P::$a++; throw new LogicException('on purpose');");
  with_classes(classes, "read", "return P::$a;");
  auto [one, two] = workers<2>();
  auto request = one.request();
  request.ends("aborted");
  run(request, "exit");
  expect(run(two, "read"), 5);
  expect(run(one, "throw"), throws("LogicException"));
  expect(run(two, "read"), 6);
}

CLAUSE_TEST(Statics, "ST-ENC-03/property", "ST-ENC-09 ST-ENC-02",
            "the store type of a static is that of its value, or of its whole class") {
  needs("static_cache.pinned");
  needs("static_cache.store_type");
  const std::string classes = R"(
class P { #[VolatileStatic] public static $a = 0; #[PinnedStatic] public static $b = 0; public static $c = 0; }
#[VolatileStatic] class Whole { public static $x = 0; public static $y = 0; }
)";
  with_classes(classes, "store", "P::$a = 1; P::$b = [1]; P::$c = 1; Whole::$x = 1; Whole::$y = 2; return 1;");
  with_classes(classes, "types", R"(
$types = [];
foreach ([['a', 'P'], ['b', 'P'], ['c', 'P'], ['x', 'Whole'], ['y', 'Whole'], ['z', 'Whole'], ['a', 'Nowhere']] as [$name, $class])
  $types[] = Cache::getCacheStoreType($name, $class)->name;
return [$types, PinnedCache::getCacheStoreType('a', 'P')->name, PinnedCache::getCacheStoreType('b', 'P')->name];
)");
  auto [one, two] = workers<2>();
  const Value missing = "NotFound";
  expect(run(two, "types"),
         list({list({missing, missing, missing, missing, missing, missing, missing}), missing, missing}));
  expect(run(one, "store"), 1);
  expect(run(two, "types"), list({list({"Scalar", missing, missing, "SharedGraph", "SharedGraph", missing, missing}),
                                  missing, "SharedGraph"}));
}

CLAUSE_TEST(Statics, "ST-KEY-09/class-of-one-request", "ST-KEY-08",
            "a key is valid where no class of its name is loaded") {
  const bool are_refused = choice("class-keys", "yes") == "yes";
  script("loaded", R"(
class Late {}
$said = [];
foreach (['get', 'has', 'lock', 'unlock'] as $method) {
  try { call_user_func([Cache::class, $method], 'lAtE'); } catch (ValueError $e) { $said[] = $method; }
}
return $said;
)");
  script("not_loaded", "return [Cache::set('Late', 1), Cache::get('Late')];");
  script("autoloading", R"(
class Seen { public static $asked = ''; }
spl_autoload_register(function ($name) { Seen::$asked = $name; });
return [Cache::get('Late'), Seen::$asked];
)");
  auto [one, two] = workers<2>();
  expect(run(one, "not_loaded"), list({true, 1}));
  expect(run(two, "loaded"), are_refused ? list({"get", "has", "lock", "unlock"}) : list({}));
  expect(run(two, "autoloading"), list({1, ""}));
}
