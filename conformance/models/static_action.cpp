#include "conformance/models/static_action.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace assay::conformance {
namespace {

using Form = DeclaredStaticSpec::Form;

// A method that does to its static variable what the other scripts do to a property.
constexpr const char* kMethodBody =
    "($verb, $n = 0) { static $v = 'initial';"
    " if ($verb === 'int') $v = $n; elseif ($verb === 'list') $v = [$n]; elseif ($verb === 'box') $v = new Box($n);"
    " elseif ($verb === 'date') $v = new DateTime('@' . $n); elseif ($verb === 'queue') $v = queue($n);"
    " elseif ($verb === 'closure') $v = function () {}; elseif ($verb === 'inc' && is_int($v)) $v++;"
    " elseif ($verb === 'append' && is_array($v)) $v[] = $n; elseif ($verb === 'key' && is_array($v)) $v['k'] = $n;"
    " elseif ($verb === 'mutate') mutate($v, $n); return $v; }\n";

std::string statement(const StaticAction& action, const std::string& place) {
  const std::string& verb = action.verb;
  if (verb == "int") return fmt::format("{} = {};", place, action.number);
  if (verb == "list") return fmt::format("{} = [{}];", place, action.number);
  if (verb == "box") return fmt::format("{} = new Box({});", place, action.number);
  if (verb == "date") return fmt::format("{} = new DateTime('@{}');", place, action.number);
  if (verb == "queue") return fmt::format("{} = queue({});", place, action.number);
  if (verb == "closure") return fmt::format("{} = function () {{}};", place);
  if (verb == "inc") return fmt::format("if (is_int({0})) {0}++;", place);
  if (verb == "append") return fmt::format("if (is_array({0})) {0}[] = {1};", place, action.number);
  if (verb == "key") return fmt::format("if (is_array({0})) {0}['k'] = {1};", place, action.number);
  if (verb == "mutate") return fmt::format("mutate({}, {});", place, action.number);
  return place + ";";
}

}  // namespace

const std::vector<DeclaredStaticSpec>& declared_statics() {
  static const std::vector<DeclaredStaticSpec> all = {
      {"imm", "P", Form::property, "P::$imm", "volatile", false, 0, false},
      {"inherited", "P", Form::property, "Q::$imm", "volatile", false, 0, false},
      {"trk", "P", Form::property, "P::$trk", "volatile", true, 0, false},
      {"short", "P", Form::property, "P::$short", "volatile", false, 5, false},
      {"shorttrk", "P", Form::property, "P::$shorttrk", "volatile", true, 5, false},
      {"pin", "P", Form::property, "P::$pin", "pinned", false, 0, false},
      {"plain", "P", Form::plain, "P::$plain", "", false, 0, false},
      {"vx", "V", Form::property, "V::$x", "volatile", false, 0, true},
      {"vy", "V", Form::property, "V::$y", "volatile", false, 0, true},
      {"vm", "V", Form::variable, "V::m", "volatile", false, 0, true},
      {"tx", "T", Form::property, "T::$x", "volatile", true, 0, true},
      {"tm", "T", Form::variable, "T::m", "volatile", true, 0, true},
      {"fx", "F", Form::property, "F::$x", "pinned", false, 0, true},
      {"fy", "F", Form::property, "F::$y", "pinned", false, 0, true},
      {"mimm", "M", Form::variable, "M::imm", "volatile", false, 0, false},
      {"mtrk", "M", Form::variable, "M::trk", "volatile", true, 0, false},
      {"mpin", "M", Form::variable, "M::pin", "pinned", false, 0, false},
      {"mplain", "M", Form::plain, "M::plain", "", false, 0, false},
  };
  return all;
}

const DeclaredStaticSpec& declared_static(const std::string& name) {
  const auto& all = declared_statics();
  return *std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.name == name; });
}

const std::vector<std::string>& static_verbs() {
  static const std::vector<std::string> all = {"read", "int",    "list", "box",    "date",  "queue", "closure",
                                               "inc",  "append", "key",  "mutate", "throw", "exit"};
  return all;
}

std::string statics_library() {
  const std::string body = kMethodBody;
  return "<?php\n"
         "use OPcache\\VolatileStatic;\nuse OPcache\\PinnedStatic;\nuse OPcache\\CacheStrategy;\n"
         "class Box { public $n; public function __construct($n) { $this->n = $n; } }\n"
         "function queue($n) { $queue = new SplQueue; $queue->push($n); return $queue; }\n"
         "function mutate($v, $n) {\n"
         "  if ($v instanceof Box) $v->n = $n;\n"
         "  if ($v instanceof DateTime) $v->setTimestamp($n);\n"
         "  if ($v instanceof SplQueue) $v->push($n);\n"
         "}\n"
         "function shown($v) {\n"
         "  if ($v instanceof Closure) return 'closure';\n"
         "  if ($v instanceof DateTime) return ['date', $v->getTimestamp()];\n"
         "  if ($v instanceof SplQueue) {\n"
         "    $shown = ['queue'];\n"
         "    foreach ($v as $n) $shown[] = $n;\n"
         "    return $shown;\n"
         "  }\n"
         "  return $v instanceof Box ? ['box', $v->n] : $v;\n"
         "}\n"
         "class P {\n"
         "  #[VolatileStatic] public static $imm = 'initial';\n"
         "  #[VolatileStatic(strategy: CacheStrategy::Tracking)] public static $trk = 'initial';\n"
         "  #[VolatileStatic(5)] public static $short = 'initial';\n"
         "  #[VolatileStatic(5, CacheStrategy::Tracking)] public static $shorttrk = 'initial';\n"
         "  #[PinnedStatic] public static $pin = 'initial';\n"
         "  public static $plain = 'initial';\n"
         "}\n"
         "class Q extends P {}\n"
         "#[VolatileStatic]\nclass V { public static $x = 'initial'; public static $y = 'initial';\n"
         "  public static function m" +
         body +
         "}\n"
         "#[VolatileStatic(strategy: CacheStrategy::Tracking)]\nclass T { public static $x = 'initial';\n"
         "  public static function m" +
         body +
         "}\n"
         "#[PinnedStatic]\nclass F { public static $x = 'initial'; public static $y = 'initial'; }\n"
         "class M {\n"
         "  #[VolatileStatic] public static function imm" +
         body + "  #[VolatileStatic(strategy: CacheStrategy::Tracking)] public static function trk" + body +
         "  #[PinnedStatic] public static function pin" + body + "  public static function plain" + body + "}\n";
}

std::string path_of(const StaticAction& action) {
  return fmt::format("@/{}-{}-{}.php", action.verb, action.target, action.number);
}

std::string script_of(const StaticAction& action) {
  const std::string access = declared_static(action.target).access;
  const bool is_property = access.find('$') != std::string::npos;
  const std::string change =
      is_property ? statement(action, access) : fmt::format("{}('{}', {});", access, action.verb, action.number);
  std::string code = "<?php\nrequire_once __DIR__ . '/statics.php';\n";
  code += "try { " + change + " } catch (OPcache\\StaticCacheException $e) { return 'refused'; }\n";
  if (action.verb == "throw") code += "throw new LogicException('on purpose');\n";
  if (action.verb == "exit") code += "exit;\n";
  return code + fmt::format("return shown({});\n", is_property ? access : access + "('read')");
}

std::optional<StaticAction> static_action(const std::string& path) {
  const std::size_t name = path.rfind('/') + 1;
  const std::size_t first = path.find('-', name), second = path.find('-', first + 1), dot = path.rfind(".php");
  if (first == std::string::npos || second == std::string::npos || dot == std::string::npos) return std::nullopt;
  StaticAction action{path.substr(name, first - name), path.substr(first + 1, second - first - 1), 0};
  const auto& all = declared_statics();
  const bool is_known =
      std::find(static_verbs().begin(), static_verbs().end(), action.verb) != static_verbs().end() &&
      std::any_of(all.begin(), all.end(), [&](const auto& each) { return each.name == action.target; });
  const auto read = std::from_chars(path.data() + second + 1, path.data() + dot, action.number);
  if (!is_known || read.ec != std::errc() || read.ptr != path.data() + dot) return std::nullopt;
  return action;
}

}  // namespace assay::conformance
