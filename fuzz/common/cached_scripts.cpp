#include "fuzz/common/cached_scripts.h"

#include "fuzz/common/demand.h"
#include "reference/php/compiler/compiler.h"
#include "reference/php/interpreter/interpreter.h"
#include "reference/php/library/standard_functions.h"

namespace assay::fuzz {

using namespace reference;

namespace {

class NoScripts final : public php::ScriptLoader {
 public:
  php::LoadResult load(const php::LoadRequest& request, php::RequestContext&) override {
    return php::open_failure(request, request.path, "no files here", ".");
  }
};

const std::vector<std::string>& sources() {
  static const std::vector<std::string> sources = {
      "<?php return 'value';",
      "<?php echo 1 + 2 * 3; return [1, 'k' => ['deep' => 1.5, 'n' => null], true];",
      "<?php function f($a, &$b, ...$c) { static $n = 0; return ++$n . $a; } return f('x', $y) . f('z', $y);",
      "<?php interface I { const C = 'c'; } abstract class A implements I { protected $p = [1]; abstract function m(); "
      "}"
      " final class B extends A { function m() { return self::C . count($this->p); } } return (new B)->m();",
      "<?php enum Suit: string { case Hearts = 'H'; case Spades = 'S'; } return Suit::from('S')->name;",
      "<?php $f = fn($x) => match (true) { $x > 2 => 'big', default => 'small' }; foreach ([1, 3] as $x) echo $f($x);"
      " try { throw new Exception('thrown'); } catch (Exception $e) { return $e->getMessage(); } finally { echo '!'; "
      "}"};
  return sources;
}

CachedScript made_of(const std::string& source, std::int64_t time) {
  php::Arena arena;
  const auto compiled = php::SubsetCompiler().compile(source, "/cached.php", arena);
  demand(compiled.has_value(), "a script of the stock compiles", source);
  const auto image = image_of(*compiled->script);
  demand(image.has_value(), "a script of the stock has an image", source);
  return {source, result_of(*compiled->script), to_file(*image, {time, time})};
}

}  // namespace

std::string result_of(const php::Script& script) {
  static const auto builtins = php::standard_builtins();
  php::RequestContext context;
  NoScripts loader;
  php::Limits limits;
  limits.steps = 20'000;
  limits.value_bytes = 1 << 20;
  php::Interpreter interpreter(context, *builtins, loader, limits);
  const php::RunResult result = interpreter.run(script);
  const std::string value = result.value.is_string() ? result.value.as_string() : "";
  return context.output + "=" + value + (result.error ? "!" + result.error->message : "");
}

const std::vector<CachedScript>& cached_scripts() {
  static const std::vector<CachedScript> scripts = [] {
    std::vector<CachedScript> made;
    for (const std::string& source : sources())
      made.push_back(made_of(source, first_cached_time + static_cast<std::int64_t>(made.size())));
    return made;
  }();
  return scripts;
}

}  // namespace assay::fuzz
