// ST-ATT-01, ST-ATT-21, ST-ATT-22: the attributes as such, where they may stand and what may be written in them.
#include "conformance/registry/registration.h"
#include "conformance/suite/static/scripted.h"

using namespace assay::conformance;

namespace {

struct Attributes : ScriptedScenario {
  explicit Attributes(const Description& target) : ScriptedScenario(target) { needs("static_cache.attributes"); }

 protected:
  // A script that declares `code`; whatever it is, it does not run.
  void refused(WorkerHandle worker, const std::string& code) {
    const std::string name = declare(code);
    auto request = worker.request();
    request.ends("aborted");
    expect(run(request, name), throws("Fatal error"));
  }
  void accepted(WorkerHandle worker, const std::string& code) {
    const std::string name = declare(code + "\nreturn 'accepted';");
    expect(run(worker, name), "accepted");
  }

 private:
  std::string declare(const std::string& code) {
    const std::string name = "script" + std::to_string(number_++);
    script(name, "use OPcache\\VolatileStatic;\nuse OPcache\\PinnedStatic;\nuse OPcache\\CacheStrategy;\n" + code);
    return name;
  }
  int number_ = 0;
};

}  // namespace

CLAUSE_TEST(Attributes, "ST-ATT-01/targets",
            "the attributes may stand on classes, properties and methods, and nowhere else") {
  auto w = worker();
  for (const char* attribute : {"#[VolatileStatic]", "#[PinnedStatic]"}) {
    const std::string a = std::string(attribute) + " ";
    accepted(w, a + "class A {}");
    accepted(w, a + "abstract class A {}");
    accepted(w, "class A { " + a + "public static $p; " + a + "public $q; " + a + "public static function m() {} }");
    refused(w, a + "function f() {}");
    refused(w, "class A { " + a + "const C = 1; }");
    refused(w, "function f(" + a + "$parameter) {}");
    refused(w, "class A { function m(" + a + "$parameter) {} }");
    refused(w, "$f = " + a + "function () {};");
    refused(w, "enum E { " + a + "case C; }");
  }
}

CLAUSE_TEST(Attributes, "ST-ATT-21/arguments", "ST-TTL-03",
            "what an attribute cannot mean is refused when the script is compiled") {
  auto w = worker();
  const auto on_property = [](const std::string& attribute) {
    return "class A { const TTL = 60; #[" + attribute + "] public static $p = 1; }";
  };
  for (const char* right :
       {"VolatileStatic", "VolatileStatic()", "VolatileStatic(0)", "VolatileStatic(60)", "VolatileStatic(ttl: 60)",
        "VolatileStatic(strategy: CacheStrategy::Tracking)", "VolatileStatic(60, CacheStrategy::Immediate)",
        "VolatileStatic(strategy: CacheStrategy::Tracking, ttl: 60)", "VolatileStatic(60 * 60)",
        "VolatileStatic(self::TTL)", "PinnedStatic", "PinnedStatic()"})
    accepted(w, on_property(right) + " A::$p++;");
  for (const char* wrong :
       {"VolatileStatic(-1)", "VolatileStatic(ttl: -5)", "VolatileStatic('60')", "VolatileStatic(1.5)",
        "VolatileStatic(null)", "VolatileStatic([])", "VolatileStatic(seconds: 60)", "VolatileStatic(60, 1)",
        "VolatileStatic(strategy: 'Tracking')", "VolatileStatic(60, CacheStrategy::Tracking, 1)",
        "VolatileStatic(60, ttl: 60)", "VolatileStatic(ttl: 1, ttl: 2)", "VolatileStatic, VolatileStatic"})
    refused(w, on_property(wrong));
}

CLAUSE_TEST(Attributes, "ST-ATT-22/objects", "ST-TTL-03",
            "an object of an attribute has what it was made with, and no effect") {
  script("objects", R"(
use OPcache\VolatileStatic;
use OPcache\PinnedStatic;
use OPcache\CacheStrategy;
$plain = new VolatileStatic();
$made = new VolatileStatic(5, CacheStrategy::Tracking);
$said = [$plain->ttl, $plain->strategy === CacheStrategy::Immediate, $made->ttl, $made->strategy->name, CacheStrategy::Tracking->value];
try { $made->ttl = 6; } catch (Error $e) { $said[] = $made->ttl; }
try { new VolatileStatic(-1); } catch (ValueError $e) { $said[] = 'negative'; }
$said[] = get_class(new PinnedStatic);
return $said;
)");
  auto w = worker();
  expect(run(w, "objects"), Value::list({0, true, 5, "Tracking", 1, 5, "negative", "OPcache\\PinnedStatic"}));
  expect(w.cache_info(), at({"entry_count"}, 0));
}
