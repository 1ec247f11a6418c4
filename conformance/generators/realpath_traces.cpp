#include <fmt/format.h>

#include "conformance/generators/draw.h"
#include "conformance/generators/trace_builder.h"
#include "conformance/generators/trace_generators.h"
#include "conformance/models/file_system_model.h"

namespace assay::conformance {

namespace {

using Node = FileSystemModel::Node;

constexpr const char* kRoot = "/r";
std::string below_root(const std::string& path) {
  return kRoot + path.substr(1);
}  // "@/x" -> "/r/x"

class RealpathTraceWriter {
 public:
  RealpathTraceWriter(Draw& draw, const RealpathTraceOptions& options)
      : draw_(draw), options_(options), out_("random realpath trace", options.workers) {}

  Trace write() {
    configure();
    for (int i = 0; i < 6 + options_.links; ++i) change_world();
    const std::int64_t steps = draw_.between(options_.steps / 2, options_.steps);
    for (std::int64_t i = 0; i < steps; ++i) {
      draw_.weighted({{15, [&] { change_world(); }}, {15, [&] { step_clock(); }}, {70, [&] { request(); }}});
    }
    for (int worker = 0; worker < options_.workers; ++worker) {
      out_.begin_request(worker);
      out_.ask(K::realpath_cache_get, {});
      out_.ask(K::realpath_cache_size, {});
    }
    return std::move(out_.trace);
  }

 private:
  using K = OperationKind;
  using A = ActionKind;

  void configure() {
    ttl_ = draw_.one_of({120, 120, 10, 3, 2, 1, 0, -1, -5});
    out_.trace.configuration.ini["realpath_cache_ttl"] = std::to_string(ttl_);
    if (options_.small_limits && draw_.percent(30))
      out_.trace.configuration.ini["realpath_cache_size"] =
          draw_.one_of<std::string>({"0", "-1", "400", "600", "900", "1K", "2K"});
  }

  std::string directory() { return draw_.one_of<std::string>({"@", "@/d1", "@/d2", "@/d1/s"}); }
  std::string any_file() {
    const std::string name = draw_.one_of<std::string>({"f", "g"});
    return directory() + "/" + name;
  }
  std::string link_path() { return fmt::format("@/l{}", draw_.between(1, options_.links)); }
  std::string link_target() {
    return draw_.one_of<std::string>({"d1",   "d2",   "./d1",   "d1/s", "d1/../d2", "d1/f",  "d2/f",
                                      "f",    "gone", "gone/x", ".",    "l1",       "l2",    "l1/s",
                                      "l2/f", "@/d1", "@/d2",   "@/l1", "@/gone",   "d1//s", "d2/"});
  }

  bool act(A kind, std::initializer_list<std::pair<const char*, Value>> arguments) {
    out_.act(kind, arguments);
    if (is_legal(out_.trace)) return true;
    out_.trace.steps.pop_back();
    return false;
  }

  void change_world() {
    draw_.weighted({
        {20,
         [&] {
           act(A::make_directory, {{"path", directory() + "/d1"}});
         }},
        {20,
         [&] {
           act(A::make_directory, {{"path", draw_.one_of<std::string>({"@/d1", "@/d2", "@/d1/s"})}});
         }},
        {30,
         [&] {
           act(A::write, {{"path", any_file()}, {"content", fmt::format("content {}", ++written_)}});
         }},
        {40,
         [&] {
           act(A::swap_link, {{"path", link_path()}, {"target", link_target()}});
         }},
        {10,
         [&] {
           act(A::swap_link,
               {{"path", "@/d1/l"}, {"target", draw_.one_of<std::string>({"../d2", "s", "../l1", "f", "../gone"})}});
         }},
        {10,
         [&] {
           act(A::remove, {{"path", draw_.one_of<std::string>(
                                        {"@/d1", "@/d2", "@/d1/s", "@/f", "@/d1/f", "@/d2/f", "@/l1", "@/l2"})}});
         }},
        {5,
         [&] {
           act(A::move, {{"from", "@/d1"}, {"to", "@/d3"}});
         }},
        {5,
         [&] {
           act(A::move, {{"from", "@/d3"}, {"to", "@/d2"}});
         }},
        {5,
         [&] {
           act(A::write, {{"path", "@/d1/s"}, {"content", "a file now"}});
         }},
    });
  }

  void step_clock() {
    out_.advance(draw_.one_of<std::int64_t>({1, 1, 2, ttl_, ttl_ + 1, ttl_ - 1, 60, -1, -ttl_, 1000}));
  }

  // A path of a few names under one of many spellings.
  std::string path() {
    const std::vector<std::string> names = {"d1", "d2", "d3", "s",    "f",  "g", "l1", "l2",
                                            "l3", "l4", "l",  "gone", "..", ".", "",   "w1"};
    std::string text = draw_.percent(80) ? "@/" : "";
    for (std::int64_t n = draw_.between(1, 4); n > 0; --n) text += draw_.one_of(names) + (n > 1 ? "/" : "");
    if (draw_.percent(12)) text += draw_.one_of<std::string>({"/", "/.", "/..", "//"});
    return text.empty() || text == "/" || (text[0] == '/') ? "@/d1" : text;
  }
  std::string worker_file() {
    const std::string name = draw_.one_of<std::string>({"w1", "w2"});
    return directory() + "/" + name;
  }

  void request() {
    out_.begin_request(draw_.below(options_.workers));
    for (std::int64_t n = draw_.between(1, 4); n > 0; --n) {
      operation();
      out_.ask(K::realpath_cache_get, {});
      out_.ask(K::realpath_cache_size, {});
    }
  }

  void operation() {
    draw_.weighted({
        {50,
         [&] {
           out_.ask(K::realpath, {{"path", path()}});
         }},
        {20,
         [&] {
           out_.ask(K::read_file, {{"path", path()}});
         }},
        {6,
         [&] {
           out_.ask(K::put_file, {{"path", worker_file()}, {"data", "from a worker"}});
         }},
        {6,
         [&] {
           const std::string asked = path();
           out_.ask(draw_.one_of({K::file_exists, K::is_file, K::is_dir, K::is_link}), {{"path", asked}});
         }},
        {3,
         [&] {
           out_.ask(K::clear_stat_cache, {{"realpath", true}});
         }},
        {4,
         [&] {
           out_.ask(K::clear_stat_cache, {{"realpath", true}, {"path", path()}});
         }},
        {2, [&] { out_.ask(K::clear_stat_cache, {}); }},
        {2,
         [&] {
           out_.ask(K::unlink, {{"path", worker_file()}});
         }},
        {2,
         [&] {
           out_.ask(K::rename, {{"from", worker_file()}, {"to", worker_file()}});
         }},
        {2,
         [&] {
           out_.ask(K::symlink, {{"target", draw_.one_of<std::string>({"gone", "w1", "w2", "."})}, {"link", "@/w3"}});
         }},
        {2,
         [&] {
           out_.ask(K::unlink, {{"path", "@/w3"}});
         }},
    });
  }

  Draw& draw_;
  const RealpathTraceOptions& options_;
  TraceBuilder out_;
  std::int64_t ttl_ = 120;
  int written_ = 0;
};

// Whether one action on files can be carried out; the model has what the actions before it made.
bool can_act(const FileSystemModel& files, const Action& action) {
  const auto place = [&](const char* parameter) { return files.walk(below_root(action.text(parameter)), false); };
  const auto replaceable = [](const FileSystemModel::Place& at) {
    return at.found() ? !at.is(Node::Kind::directory) : at.creatable;
  };
  // No link on the way: where workers may have put one is not known, and what is written there would be theirs.
  const auto direct = [&](const char* parameter) {
    const std::string text = below_root(action.text(parameter));
    return place(parameter).path == text;
  };
  switch (action.kind()) {
    case ActionKind::write:
      if (action.flag("in_place") && place("path").is(Node::Kind::link)) return false;
      [[fallthrough]];
    case ActionKind::swap_link:
      return direct("path") && replaceable(place("path"));
    case ActionKind::make_link:
      return direct("path") && !place("path").found() && place("path").creatable;
    case ActionKind::make_directory:
      return direct("path") && (place("path").is(Node::Kind::directory) || place("path").creatable);
    case ActionKind::remove:
      return direct("path");
    case ActionKind::move:
      return direct("from") && direct("to") && place("from").found() && !place("to").found() && place("to").creatable;
    case ActionKind::set_mtime:
    case ActionKind::set_mode:
      return direct("path") && place("path").found();
    default:
      return true;
  }
}

// Those of a file cache depend on what the target stores.
bool is_of_a_file_cache(const Action& action) {
  return action.spec->feature == std::string_view("files") && action.kind() != ActionKind::move &&
         action.text("path").find("/*@/") != std::string::npos;
}

}  // namespace

bool is_legal(const Trace& trace) {
  FileSystemModel files(kRoot);
  for (const Step& step : trace.steps) {
    const auto* action = std::get_if<Action>(&step);
    if (!action || is_of_a_file_cache(*action)) continue;
    if (!can_act(files, *action)) return false;
    Action moved = *action;
    for (std::size_t i = 0; i < moved.arguments.size(); ++i)
      if (moved.spec->parameters[i].type == ParameterType::path && moved.arguments[i].is_string() &&
          moved.arguments[i].as_string().starts_with('@'))
        moved.arguments[i] = below_root(moved.arguments[i].as_string());
    files.apply(moved, clock_start);
  }
  return true;
}

Trace random_realpath_trace(std::uint64_t seed, const RealpathTraceOptions& options) {
  return generate(seed, [&options](Draw& draw) { return RealpathTraceWriter(draw, options).write(); });
}

}  // namespace assay::conformance
