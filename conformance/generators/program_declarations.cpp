#include "conformance/generators/program_declarations.h"

#include <fmt/format.h>

#include <utility>

namespace assay::conformance {
namespace {

std::string function(Draw& draw, const std::string& name, const std::string& tag) {
  const std::string parameter =
      draw.one_of<std::string>({"", "$a = 1", "$a = K0::A", "$a = [1, -2 => 'b', C0]", "...$a"});
  const std::string result = draw.one_of<std::string>(
      {"++$n", "[++$n, func_get_args()]", "__FUNCTION__ . __LINE__", "fn() => ++$n", "get_debug_type($a ?? null)"});
  return fmt::format("function {}({}) {{ static $n = {}; echo '{} {} '; return {}; }}", name, parameter,
                     draw.one_of<std::string>({"0", "1 + 2", "K0::A", "[]['x'] ?? 5"}), name, tag,
                     result.starts_with("fn") ? "(" + result + ")()" : result);
}

std::string class_head(Draw& draw, const std::string& name, bool finals) {
  std::string head = draw.one_of<std::string>({"", "", "", finals ? "final " : "", "abstract "}) + "class " + name;
  if (name > "K0" && draw.percent(60))
    head += name == "K1" ? " extends K0" : draw.one_of<std::string>({" extends K0", " extends K1"});
  if (draw.percent(15)) head += " implements I0";
  return head;
}

std::string class_body(Draw& draw, const std::string& tag) {
  std::string body;
  if (draw.percent(12)) body += "use T0; ";
  body +=
      fmt::format("const A = {}; ",
                  draw.one_of<std::string>({"'" + tag + "'", "1 << 3", "'" + tag + "' . __LINE__", "__CLASS__ . 'x'"}));
  if (draw.percent(60))
    body += fmt::format("const B = {}; ",
                        draw.one_of<std::string>({"self::A . '!'", "[self::A, -3 => 'n', 'm']", "C0", "K0::A . 'b'",
                                                  "E0::A", "PHP_VERSION_ID > 80000 ? 'new' : 'old'"}));
  if (draw.percent(60))
    body += fmt::format("public static $n = {}; ", draw.one_of<std::string>({"0", "self::A", "[1, 2]", "C0", "null"}));
  if (draw.percent(60))
    body += fmt::format("public $p = {}; ",
                        draw.one_of<std::string>({"[1, [self::A => 2]]", "'" + tag + "'", "self::B", "1.5"}));
  body += fmt::format(
      "function m() {{ static $c = 0; return [{}, ++$c]; }} ",
      draw.one_of<std::string>({"'" + tag + "'", "static::A", "__METHOD__", "get_class($this)", "self::class"}));
  if (draw.percent(20)) body += "static function s() { return new static; } ";
  return body;
}

std::string constant(Draw& draw, const std::string& name, const std::string& tag) {
  const std::string value =
      draw.one_of<std::string>({"'" + tag + "'", "7 * 6", "K0::A", "['" + tag + "' => [true, null]]"});
  return draw.percent(50) ? fmt::format("const {} = {};", name, value) : fmt::format("define('{}', {});", name, value);
}

}  // namespace

const std::vector<std::string>& program_names() {
  static const std::vector<std::string> names = {"f0", "f1", "K0", "K1", "K2", "I0", "T0", "E0", "C0", "C1"};
  return names;
}

bool is_declared_once(const std::string& name) {
  return name[0] != 'C';
}

std::string random_declaration(Draw& draw, const std::string& name, const std::string& tag, bool finals) {
  switch (name[0]) {
    case 'f':
      return function(draw, name, tag);
    case 'I':
      return fmt::format("interface {} {{ const IC = '{}'; function m(); }}", name, tag);
    case 'T':
      return fmt::format(
          "trait {} {{ public $q = '{}'; static $t = 0; function t() {{ return [__CLASS__, __TRAIT__, ++self::$t]; }} "
          "}}",
          name, tag);
    case 'E':
      return fmt::format(
          "enum {}: string {{ case A = '{}'; case B = 'b'; const D = self::A; function m() {{ return $this->name; }} "
          "}}",
          name, tag);
    case 'C':
      return constant(draw, name, tag);
    default: {
      const std::string body = class_body(draw, tag);
      return class_head(draw, name, finals) + " { " + body + "}";
    }
  }
}

std::string is_declared(const std::string& name) {
  switch (name[0]) {
    case 'f':
      return "function_exists('" + name + "')";
    case 'I':
      return "interface_exists('" + name + "', false)";
    case 'T':
      return "trait_exists('" + name + "', false)";
    case 'E':
      return "enum_exists('" + name + "', false)";
    case 'C':
      return "defined('" + name + "')";
    default:
      return "class_exists('" + name + "', false)";
  }
}

std::string guarded(const std::string& name, const std::string& declaration) {
  if (declaration.starts_with("const ")) return declaration;  // not allowed in a block
  return fmt::format("if (!{}) {{ {} }}", is_declared(name), declaration);
}

std::string shown(const std::string& expression) {
  return fmt::format(
      "try {{ echo json_encode({}), ';'; }} catch (\\Throwable $e) {{ echo get_class($e), '(', $e->getMessage(), ');'; "
      "}}",
      expression);
}

std::string random_expression(Draw& draw) {
  static const std::vector<std::string> all = {
      "f0()",
      "f0(2, 3)",
      "f1()",
      "[f0(), f0()]",
      "K0::A",
      "K1::A",
      "K1::B",
      "K2::B",
      "(new K0)->m()",
      "(new K1)->m()",
      "(new K2)->t()",
      "[new K0, new K1]",
      "++K0::$n",
      "K1::$n",
      "E0::A->value",
      "E0::from('b')->name",
      "E0::tryFrom('z')",
      "count(E0::cases())",
      "E0::D->m()",
      "C0",
      "C1",
      "(new K1) instanceof I0",
      "K1::IC",
      "is_subclass_of('K1', 'K0')",
      "[-3 => 'a', 'b', 'k' => [1.5, null]]",
      "basename(__FILE__) . __LINE__",
      "array_map(fn($x) => $x * 2, [1, 2])",
      "(function () { static $n = 0; return ++$n; })()",
      "constant('K0::A')",
      "get_parent_class(new K1)",
      "match (true) { class_exists('K0', false) => 'known', default => 'unknown' }",
      "(new class { public $r = 2; function m() { return __LINE__; } })->m()",
      "K1::s()",
      "K1::class",
      "intdiv(1, 0)",
      "$undefined",
      "$counted = ($counted ?? 0) + 1",
      "\"{$counted} times\"",
      "[1, 2][5]",
      "array_sum([1, 2, C0])",
      "<<<X\n  a\n   b $counted\n  X",
      "<<<'X'\nraw $counted\nX",
      "(string)1.0 . 0x1F . 0b11 . 1_000",
      "'b' <=> 'a'",
      "call_user_func(['K0', 's'])",
      "call_user_func('f1', 1)",
      "method_exists('K1', 't')",
      "dirname(__FILE__) === __DIR__",
      "array_values(array_filter(get_declared_classes(), fn($c) => strlen($c) === 2))"};
  return draw.one_of(all);
}

}  // namespace assay::conformance
