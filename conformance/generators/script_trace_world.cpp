#include "conformance/generators/script_trace_world.h"

#include <fmt/format.h>

#include "conformance/generators/script_trace_directives.h"

namespace assay::conformance {

bool ScriptTraceWorld::act(A kind, Arguments arguments) {
  out_.act(kind, arguments);
  if (is_legal(out_.trace)) return true;
  out_.trace.steps.pop_back();
  return false;
}

bool ScriptTraceWorld::change_file(A kind, const std::string& path, Arguments arguments) {
  const bool is_done = act(kind, arguments);
  if (is_done) changed_ = path;
  return is_done;
}

std::int64_t ScriptTraceWorld::file_time() {
  std::int64_t time = 0;
  draw_.weighted({{60, [&] { time = out_.now - draw_.between(990, 1010); }},
                  {20, [&] { time = out_.now - draw_.between(0, 4); }},
                  {options_.odd_times ? 20 : 0, [&] {
                     time = draw_.one_of<std::int64_t>({0, -1, 1, out_.now + 1, out_.now + 1000, clock_start});
                   }}});
  return time;
}

std::string ScriptTraceWorld::include_form(bool optional) {
  std::string form = "include";
  draw_.weighted({{60, [] {}},
                  {options_.once ? 30 : 0, [&] { form = "include_once"; }},
                  {options_.once && !optional ? 4 : 0, [&] { form = "require"; }},
                  {options_.once && !optional ? 4 : 0, [&] { form = "require_once"; }}});
  return form;
}

ScriptBody ScriptTraceWorld::body() {
  using Kind = ScriptBody::Element::Kind;
  ScriptBody made;
  if (draw_.percent(3)) return made;
  if (options_.full_memory && draw_.percent(70)) made.ballast = static_cast<int>(draw_.between(500, 6000));
  if (options_.full_strings && draw_.percent(70)) {
    made.series = fmt::format("s{}", ++version_);
    made.strings = static_cast<int>(draw_.between(1, 300));
  }
  if (draw_.percent(15)) made.printed = fmt::format("p{}", ++version_);
  made.broken = draw_.percent(4);
  if (made.broken || draw_.percent(4)) return made;
  made.returned = {{Kind::mark, fmt::format("v{}", ++version_)}, {Kind::own_file}};
  if (draw_.percent(10)) made.returned.push_back({Kind::own_directory});
  return made;
}

// Those named a.php may include those named b.php, which include nothing.
void ScriptTraceWorld::write_file() {
  const std::string name = file_name();
  ScriptBody made = body();
  if (options_.nested && name == "a.php" && !made.returned.empty() && draw_.percent(30)) {
    ScriptBody::Element inner{ScriptBody::Element::Kind::include, "b.php", include_form(true)};
    inner.beside = options_.full_strings || draw_.percent(50);
    if (!inner.beside && draw_.percent(50)) inner.text = draw_.one_of<std::string>({"./b.php", "../b.php", "d2/b.php"});
    made.returned.push_back(inner);
  }
  const std::string path = directory() + "/" + name;
  change_file(A::write, path, {{"path", path}, {"content", source_of(made)}, {"mtime", file_time()}});
}

void ScriptTraceWorld::set_mtime() {
  const std::string path = any_file();
  change_file(A::set_mtime, path, {{"path", path}, {"mtime", file_time()}});
}

// It can always be written: the next version may be put in place.
void ScriptTraceWorld::set_mode() {
  const std::string path = any_file();
  if (options_.users && draw_.percent(50)) {
    out_.begin_request(draw_.below(options_.workers));
    out_.ask(OperationKind::include, {{"path", path}});
  }
  change_file(A::set_mode, path, {{"path", path}, {"mode", draw_.one_of<std::int64_t>({0200, 0644})}});
}

// What the file cache has of a script, or would have.
void ScriptTraceWorld::damage() {
  const std::string path = any_file();
  const std::string file = std::string(kScriptTraceFiles) + "/*" + path + ".bin";
  changed_ = path;
  const bool removes = draw_.percent(30);
  if (removes) return out_.act(A::remove, {{"path", file}});
  const std::string junk = draw_.one_of<std::string>({"", "OPCACHE", std::string(100, 'x')});
  out_.act(A::write, {{"path", file}, {"content", junk}, {"in_place", true}});
  if (draw_.percent(20)) out_.act(A::set_mode, {{"path", file}, {"mode", 0}});
}

// In place: the file stays the same one, as no name is put over it.
void ScriptTraceWorld::cut_file() {
  ScriptBody left = draw_.percent(50) ? ScriptBody{} : body();
  left.is_cut = left != ScriptBody{} && !left.broken && draw_.percent(50);
  if (left.is_cut) left.returned.clear();
  const std::string path = any_file();
  change_file(A::write, path,
              {{"path", path}, {"content", source_of(left)}, {"mtime", file_time()}, {"in_place", true}});
}

void ScriptTraceWorld::swap_link() {
  const std::string link = draw_.one_of<std::string>({"@/l", "@/l", "@/d1/c.php"});
  const bool is_folder = link == "@/l";
  const std::string target = is_folder ? draw_.one_of<std::string>({"d1", "d2", "@/d1", "./d2", ".", "gone"})
                                       : draw_.one_of<std::string>({"a.php", "b.php", "../d2/a.php", "../a.php"});
  change_file(A::swap_link, is_folder ? link + "/" + file_name() : link, {{"path", link}, {"target", target}});
}

void ScriptTraceWorld::remove_file() {
  const std::string path = any_file();
  change_file(A::remove, path, {{"path", path}});
}

void ScriptTraceWorld::change_alive() {
  draw_.weighted({{50, [&] { write_file(); }},
                  {10, [&] { remove_file(); }},
                  {options_.links ? 25 : 0, [&] { swap_link(); }},
                  {options_.moves ? 15 : 0, [&] { move(); }}});
}

void ScriptTraceWorld::change() {
  draw_.weighted({{50, [&] { write_file(); }},
                  {options_.odd_times ? 10 : 0, [&] { set_mtime(); }},
                  {10, [&] { remove_file(); }},
                  {options_.cuts ? 10 : 0, [&] { cut_file(); }},
                  {options_.modes ? (options_.users ? 15 : 5) : 0, [&] { set_mode(); }},
                  {options_.filed ? 10 : 0, [&] { damage(); }},
                  {options_.filed ? 4 : 0, [&] { out_.act(A::reload, {}); }},
                  {options_.links ? 25 : 0, [&] { swap_link(); }},
                  {options_.kills ? 4 : 0,
                   [&] {
                     out_.act(A::kill, {{"worker", draw_.below(options_.workers)}});
                   }},
                  {options_.moves ? 20 : 0, [&] { move(); }}});
}

void ScriptTraceWorld::move() {
  draw_.weighted({{10, [&] { exchange_trees(); }},
                  {options_.left_links ? 10 : 0, [&] { leave_link(); }},
                  {5, [&] { move_file(); }},
                  {3,
                   [&] {
                     act(A::remove, {{"path", draw_.one_of<std::string>({"@/l", "@/d1", "@/d2", "@/d1/c.php"})}});
                   }},
                  {5, [&] {
                     act(A::make_directory, {{"path", draw_.one_of<std::string>({"@/d1", "@/d2"})}});
                   }}});
}

// Under the same name, else an a.php that includes b.php would include itself.
void ScriptTraceWorld::move_file() {
  const std::string name = "/" + file_name();
  const std::string from = directory() + name, to = directory() + name;
  change_file(A::move, draw_.percent(50) ? from : to, {{"from", from}, {"to", to}});
}

void ScriptTraceWorld::exchange_trees() {
  if (!act(A::move, {{"from", "@/d1"}, {"to", "@/d3"}})) return;
  if (!act(A::move, {{"from", "@/d2"}, {"to", "@/d1"}})) return;
  change_file(A::move, "@/d1/" + file_name(), {{"from", "@/d3"}, {"to", "@/d2"}});
}

// A tree moves, and a link to it stands in its place.
void ScriptTraceWorld::leave_link() {
  const std::string from = "@/" + draw_.one_of<std::string>({"d1", "d2"});
  if (!act(A::move, {{"from", from}, {"to", "@/d3"}})) return;
  change_file(A::make_link, from + "/" + file_name(), {{"path", from}, {"target", "d3"}});
}

}  // namespace assay::conformance
