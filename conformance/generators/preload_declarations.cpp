#include "conformance/generators/preload_declarations.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace assay::conformance {
namespace {

using Names = std::vector<std::string>;

Names of_kind(const Names& known, char kind) {
  Names found;
  std::copy_if(known.begin(), known.end(), std::back_inserter(found),
               [&](const std::string& name) { return name[0] == kind; });
  return found;
}

// One of the known ones of that kind; empty now and then, and where there is none.
std::string some(Draw& draw, const Names& known, char kind, int chance) {
  const Names found = of_kind(known, kind);
  return found.empty() || !draw.percent(chance) ? "" : draw.one_of(found);
}

std::string literal(Draw& draw, const std::string& tag) {
  return draw.one_of<std::string>({"0", "'" + tag + "'", "[1, 'k' => '" + tag + "']", "null"});
}

// What PHP evaluates late: at the first use of the class, function or parameter.
std::string constant_expression(Draw& draw, const std::string& tag, const Library& library) {
  const std::string made = draw.one_of<std::string>({"1",
                                                     "'" + tag + "'",
                                                     "[1, 'k' => '" + tag + "']",
                                                     "1 << 4 | 3",
                                                     "K0::A",
                                                     "K1::A . 'x'",
                                                     "K2::A",
                                                     "E0::A",
                                                     "E1::B",
                                                     "[E0::A, K0::A]",
                                                     "['k' => [E1::A, 'n' => E0::B]]",
                                                     "I0::IC",
                                                     "C0",
                                                     "[C0 => C1]",
                                                     "\\PHP_INT_SIZE * 2",
                                                     "K0::class",
                                                     "null ?? '" + tag + "'",
                                                     "[...[1, 2], ...[K0::A]]",
                                                     "'a' . PHP_EOL",
                                                     "E0::A->value . '" + tag + "'",
                                                     "1.5 + 2"});
  for (const char* name : {"K1", "K2", "E0", "E1", "I0"})
    if (made.find(name) != std::string::npos && !library.all.contains(name)) return "'" + tag + "'";
  return made;
}

std::string type(Draw& draw) {
  return draw.one_of<std::string>({"", "", "int|string|array|null|bool|float|object ", "mixed "});
}

std::string parameter(Draw& draw) {
  return draw.one_of<std::string>({"", "$a = 1", "mixed $a = K0::A", "?K1 $a = null", "$a = new K0", "mixed ...$a",
                                   "E0|int|null $a = E0::A", "K0|I0|null $a = null",
                                   "#[\\SensitiveParameter] $a = [C0]", "iterable $a = []",
                                   "(\\Countable&I0)|null|int $a = 2"});
}

std::string body(Draw& draw, const std::string& tag) {
  return draw.one_of<std::string>(
      {"static $n = 0; return ++$n;", "static $n = [K0::A]; $n[] = count($n); return $n;",
       "return __FUNCTION__ . __LINE__;",
       "static $n = 3; return (static function () { static $z = 5; return ++$z; })() + ++$n;",
       "static $n = 0; return (fn() => $n + 1)() . (++$n);", "yield '" + tag + "'; yield from [1, E0::A];",
       "return (strlen(...))('" + tag + "');", "static $o = E0::A; $was = $o; $o = null; return $was;",
       "return match (true) { default => [func_num_args(), '" + tag + "'] };",
       "return new class { public $q = K0::A; };", "static $c = 0; ++$c; return $c < 3 ? [__METHOD__, $c] : 'many';",
       "return static fn() => '" + tag + "';"});
}

std::string library_function(Draw& draw, const std::string& name, const std::string& tag) {
  const std::string statements = body(draw, tag);
  const std::string taken = parameter(draw);
  return fmt::format("{}function {}({}) {{ {} }}", draw.percent(10) ? "/** of " + tag + " */ " : "", name, taken,
                     statements);
}

std::string interface(Draw& draw, const std::string& name, const std::string& tag, const Library& library) {
  const std::string parent = some(draw, library.names, 'I', 40);
  return fmt::format("interface {}{} {{ const {}C = {}; }}", name, parent.empty() ? "" : " extends " + parent,
                     name[1] == '0' ? "I" : "J", constant_expression(draw, tag, library));
}

// What a class and its parent both take from a trait has to be the same; PHP cannot tell of what it evaluates late.
std::string trait(Draw& draw, const std::string& name, const std::string& tag, Library& library) {
  const std::string own = name[1] == '0' ? "t" : "u";
  const bool late = library.late_statics && draw.percent(50);
  if (late) library.late.insert(name);
  const auto value = [&] { return late ? constant_expression(draw, tag, library) : literal(draw, tag); };
  std::string members = fmt::format("public static ${}s = {}; ", own, value());
  if (draw.percent(50)) {
    const std::string initial = value();
    members += fmt::format("public {}${}p = {}; ", type(draw), own, initial);
  }
  members += fmt::format(
      "static function {0}() {{ static $c = 0; self::${0}s = [++$c, __CLASS__, static::class, __TRAIT__]; return "
      "self::${0}s; }} ",
      own);
  const std::string statements = body(draw, tag);
  members += fmt::format("function {}m({}) {{ {} }} ", own, parameter(draw), statements);
  if (draw.percent(30)) members += "abstract function count(): int; ";
  return fmt::format("trait {} {{ {}}}", name, members);
}

std::string enumeration(Draw& draw, const std::string& name, const std::string& tag, const Library& library) {
  const std::string face = some(draw, library.names, 'I', 40);
  const std::string value = draw.one_of<std::string>({"'a'", "'a" + tag + "'", "'a' . 'b'", "'a' . \\PHP_OS_FAMILY"});
  std::string members = fmt::format("case A = {}; case B = 'b'; const D = self::A; ", value);
  if (draw.percent(40)) members += fmt::format("const X = {}; ", constant_expression(draw, tag, library));
  const std::string statements = body(draw, tag);
  members += fmt::format("function m({}) {{ {} }} static function s() {{ return self::from('b'); }} ", parameter(draw),
                         statements);
  return fmt::format("enum {}: string{} {{ {}}}", name, face.empty() ? "" : " implements " + face, members);
}

std::string class_head(Draw& draw, const std::string& name, Library& library, bool& has_parent) {
  std::string head = draw.percent(10) ? "#[K0] class " : draw.percent(6) ? "abstract class " : "class ";
  head += name;
  const std::string parent = some(draw, library.names, 'K', 65);
  has_parent = !parent.empty();
  if (has_parent) {
    head += " extends " + parent;
    library.traits[name] = library.traits[parent];
  }
  std::string faces = some(draw, library.names, 'I', 35);
  if (draw.percent(20)) faces += (faces.empty() ? "" : ", ") + std::string("\\Countable");
  return head + (faces.empty() ? "" : " implements " + faces);
}

std::string traits_of(Draw& draw, const std::string& name, Library& library) {
  const std::string used = some(draw, library.names, 'T', 45);
  if (used.empty()) return "";
  const bool is_new = library.traits[name].insert(used).second;
  if (!is_new && library.late.contains(used)) return "";
  const std::string method = used == "T0" ? "tm" : "um";
  return draw.percent(30)
             ? fmt::format("use {0} {{ {0}::{1} as protected hidden; {1} as public shown; }} ", used, method)
             : "use " + used + "; ";
}

std::string methods(Draw& draw, const std::string& tag) {
  std::string out = fmt::format("function m(mixed $a = null, ...$more) {{ {} }} ", body(draw, tag));
  if (draw.percent(40)) out += fmt::format("static function s() {{ {} }} ", body(draw, tag));
  if (draw.percent(30)) out += "static function make(): static { static $made = 0; ++$made; return new static; } ";
  if (draw.percent(25)) out += "function c(): ?self { return $this; } ";
  if (draw.percent(25)) out += "function d(?Nowhere $n = null, K2|E0|null $k = null): ?Nowhere { return $n; } ";
  if (draw.percent(20)) out += "function __get($n) { return \"got $n\"; } ";
  if (draw.percent(20)) out += "static function __callStatic($n, $a) { return [static::class, $n, $a]; } ";
  if (draw.percent(20)) out += "function __toString(): string { return static::class; } ";
  if (draw.percent(15)) out += "function __destruct() { echo 'gone ', self::class, ';'; } ";
  if (draw.percent(15)) out += "function __clone() { echo 'cloned;'; } ";
  return out + "function count(): int { static $asked = 0; return ++$asked; } ";
}

std::string properties(Draw& draw, const std::string& name, const std::string& tag, bool has_parent,
                       const Library& library) {
  std::string out =
      fmt::format("const A = {}; ",
                  draw.one_of<std::string>({"'" + tag + name + "'", "__CLASS__ . '" + tag + "'", "self::class", "7"}));
  if (draw.percent(50)) out += fmt::format("const B = {}; ", constant_expression(draw, tag, library));
  if (!has_parent || draw.percent(40))
    out += fmt::format("public static $n = {}; ",
                       library.late_statics ? constant_expression(draw, tag, library) : literal(draw, tag));
  if (draw.percent(30)) out += fmt::format("static ?K0 $k{} = null; ", name);
  if (draw.percent(50)) out += fmt::format("public $p = {}; ", constant_expression(draw, tag, library));
  if (draw.percent(30)) out += fmt::format("public mixed $q{} = {}; ", name, constant_expression(draw, tag, library));
  if (draw.percent(15)) out += fmt::format("protected ?E0 $e{} = E0::A; ", name);
  return out;
}

}  // namespace

std::string random_library_declaration(Draw& draw, const std::string& name, const std::string& tag, Library& library) {
  std::string made;
  switch (name[0]) {
    case 'f':
      made = library_function(draw, name, tag);
      break;
    case 'I':
      made = interface(draw, name, tag, library);
      break;
    case 'T':
      made = trait(draw, name, tag, library);
      break;
    case 'E':
      made = enumeration(draw, name, tag, library);
      break;
    default: {
      bool has_parent = false;
      made = class_head(draw, name, library, has_parent) + " { ";
      made += traits_of(draw, name, library);
      const std::string last = methods(draw, tag);
      made += properties(draw, name, tag, has_parent, library) + last + "}";
    }
  }
  library.names.push_back(name);
  return made;
}

std::string random_library_use(Draw& draw) {
  static const Names forms = {
      "f0()",
      "f1(...[])",
      "f2(new K1)",
      "[f0(), f0(), f1()]",
      "K::A",
      "K::B",
      "K::$n",
      "K::$n = [K::$n, 1]",
      "K::$n .= 'x'",
      "[++K::$n, K0::$n, K1::$n]",
      "(function () { $r = &K::$n; $r = 'by reference'; return [K0::$n, K1::$n, K2::$n]; })()",
      "(new K)->p",
      "new K",
      "(new K)->m()",
      "[(new K)->m(), (new K)->m(1, 2)]",
      "K::s()",
      "[K::s(), K::s()]",
      "K::make()",
      "K::t()",
      "K::u()",
      "[K0::t(), K1::t(), K2::t()]",
      "K::$ts",
      "K::$us",
      "[K0::$ts, K1::$ts, T0::$ts ?? 0]",
      "K::$ts = 5",
      "(new K)->tp",
      "(new K)->tm()",
      "(new K)->um()",
      "(new K)->shown()",
      "(new K)->c()",
      "(new K)->d()",
      "count(new K)",
      "(new K)->nothing",
      "K::nothing(1)",
      "(string) new K",
      "clone new K",
      "new K instanceof I0",
      "new K2 instanceof K0",
      "I0::IC",
      "I1::JC",
      "K::IC",
      "E::A",
      "E::D",
      "E::X",
      "E::cases()",
      "E::from('b')",
      "E::tryFrom('zz')",
      "E::A->m()",
      "E::s()",
      "[E::A === E::D, E::A instanceof I0]",
      "class_parents('K')",
      "class_implements('K')",
      "class_uses('K')",
      "get_class_methods('K')",
      "get_class_vars('K')",
      "(array) new K",
      "serialize(new K)",
      "unserialize(serialize(new K))",
      "(new ReflectionClass('K'))->getConstants()",
      "(new ReflectionClass('K'))->getStaticProperties()",
      "array_map(fn($m) => $m->class . '::' . $m->name, (new ReflectionClass('K'))->getMethods())",
      "(new ReflectionClass('K'))->getAttributes()",
      "(new ReflectionClass('K'))->getStartLine()",
      "basename((string) (new ReflectionClass('K'))->getFileName())",
      "(new ReflectionClass('K'))->getDefaultProperties()",
      "(string) (new ReflectionMethod('K', 'm'))->getReturnType()",
      "(new ReflectionFunction('f0'))->getStaticVariables()",
      "array_map('strval', array_map(fn($p) => $p->getType() ?? '', (new ReflectionFunction('f0'))->getParameters()))",
      "(new ReflectionFunction('f1'))->getDocComment()",
      "(new ReflectionMethod('K', 'm'))->getStaticVariables()",
      "(new ReflectionEnum('E'))->getBackingType()->getName()",
      "constant('K::B')",
      "defined('K::A')",
      "new class extends K { function m(mixed $a = null, ...$more) { return ['child', parent::m()]; } }",
      "(new class extends K { function m(mixed $a = null, ...$more) { return ['child', parent::m()]; } })->m()",
      "trait_exists('T0', false) ? (new class { use T0; function count(): int { return 7; } })->tm() : 'none'",
      "(function () { return static::class; })->bindTo(new K, 'K')()",
      "iterator_to_array(f0())",
      "iterator_to_array((new K)->m())",
      "f0()()",
      "(new K)->m()()",
      "method_exists('K', 't')",
      "is_callable(['K', 's'])",
      "call_user_func('K::s')",
      "(f0(...))()",
      "((new K)->m(...))(3)",
      "(K::s(...))()",
      "is_subclass_of('K', 'K0')",
      "get_parent_class('K')",
      "get_object_vars(new K)",
      "property_exists('K', 'ts')",
      "(fn(K0 $k) => $k)(new K)",
      "(fn(E0|int $e) => $e)(E0::A)",
      "new ReflectionClass('T0') && true",
      "(new ReflectionProperty('K', 'n'))->getValue()",
      "[K::$n, isset(K::$nothing)]",
      "json_encode(E::A)",
      "var_export(E::A, true)",
      "class_exists('K', false)",
      "enum_exists('E', false)",
      "trait_exists('T0', false)",
      "class_alias('K', 'Alias' . mt_rand(1, 1) . __LINE__)",
      "(function () { eval('class Made' . __LINE__ . ' extends K {}'); $c = 'Made' . __LINE__; return [$c::A, $c::$n]; "
      "})()"};
  std::string made = draw.one_of(forms);
  const std::string kind = "K" + std::to_string(draw.below(4)), list = "E" + std::to_string(draw.below(2));
  std::string out;
  for (std::size_t i = 0; i < made.size(); ++i) {
    const bool ends = i + 1 == made.size() || !std::isalnum(static_cast<unsigned char>(made[i + 1]));
    const bool begins =
        i == 0 || !(std::isalnum(static_cast<unsigned char>(made[i - 1])) || made[i - 1] == '$' || made[i - 1] == '>');
    if (begins && ends && made[i] == 'K')
      out += kind;
    else if (begins && ends && made[i] == 'E')
      out += list;
    else
      out += made[i];
  }
  return out;
}

}  // namespace assay::conformance
