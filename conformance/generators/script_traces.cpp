#include <fmt/format.h>

#include "conformance/generators/draw.h"
#include "conformance/generators/script_trace_directives.h"
#include "conformance/generators/trace_builder.h"
#include "conformance/generators/trace_generators.h"
#include "conformance/models/script_body.h"

namespace assay::conformance {

namespace {

class ScriptTraceWriter {
 public:
  ScriptTraceWriter(Draw& draw, const ScriptTraceOptions& options)
      : draw_(draw), options_(options), out_("random script trace", options.workers) {}

  Trace write() {
    configure();
    if (options_.filed) keep_files();
    for (const char* directory : {"@/d1", "@/d2"}) out_.act(A::make_directory, {{"path", directory}});
    if (options_.filed) make_folders();
    if (options_.excluded) exclude();
    if (options_.full_table) fill_table();
    if (options_.full_strings) fill_strings();
    for (int i = 0; i < 4; ++i) write_file();
    if (options_.links) swap_link();
    const std::int64_t steps = draw_.between(options_.steps / 2, options_.steps);
    for (std::int64_t i = 0; i < steps; ++i)
      draw_.weighted({{25, [&] { change_world(); }}, {20, [&] { step_clock(); }}, {55, [&] { any_request(); }}});
    for (int worker = 0; worker < options_.workers; ++worker) {
      out_.begin_request(worker);
      out_.ask(K::script_status, {});
    }
    return std::move(out_.trace);
  }

 private:
  using K = OperationKind;
  using A = ActionKind;
  static constexpr const char* kFiles = "@/files";
  using Arguments = std::initializer_list<std::pair<const char*, Value>>;

  // ---- directives ----

  void configure() {
    frequency_ = draw_script_directives(out_.trace.configuration.ini, draw_, options_);
    draw_script_sizes(out_.trace.configuration.ini, draw_, options_);
    if (options_.users && draw_.percent(70)) out_.trace.configuration.ini["opcache.validate_permission"] = "1";
    if (options_.users)
      for (Pool& pool : out_.trace.configuration.pools) pool.ini["user"] = "nobody";
    if (!options_.pools) return;
    for (Pool& pool : out_.trace.configuration.pools)
      if (draw_.percent(50)) frequency_ = draw_script_directives(pool.ini, draw_, options_);
  }

  // The folder is there before the runtime starts, and everybody's.
  void keep_files() {
    Directives& ini = out_.trace.configuration.ini;
    ini["opcache.file_cache"] = kFiles;
    if (draw_.percent(20)) ini["opcache.file_cache_only"] = "1";
    out_.act(A::make_directory, {{"path", kFiles}});
    out_.act(A::set_mode, {{"path", kFiles}, {"mode", 0777}});
    out_.act(A::start, {});
  }

  // Of the file cache, so that they belong to the workers.
  void make_folders() {
    for (const char* directory : {"@", "@/d1", "@/d2"}) {
      const std::string path = std::string(directory) + "/first.php";
      out_.act(A::write, {{"path", path}, {"content", "<?php\nreturn ['first'];\n"}});
      include(path, 0);
    }
  }

  // All but a few of the 223 slots.
  void fill_table() {
    out_.act(A::make_directory, {{"path", "@/f"}});
    const std::int64_t files = 223 - draw_.between(4, 14);
    const auto path = [](std::int64_t number) { return fmt::format("@/f/{}.php", number); };
    for (std::int64_t i = 0; i < files; ++i)
      out_.act(A::write, {{"path", path(i)}, {"content", "<?php\nreturn ['f'];\n"}});
    out_.begin_request(0);
    for (std::int64_t i = 0; i < files; ++i) out_.ask(K::include, {{"path", path(i)}});
  }

  // Few of those that come fit, or none, as the runtime's own take room; at times the last come in steps up to the end.
  void fill_strings() {
    include_strings("filler", draw_.one_of<std::int64_t>({2000, draw_.between(5000, 25000), 40000}));
    if (draw_.percent(50))
      for (std::int64_t i = draw_.between(2, 8); i > 0; --i) include_strings(fmt::format("more{}", i), 1000);
  }

  void include_strings(const std::string& series, std::int64_t count) {
    ScriptBody body;
    body.series = series;
    body.strings = static_cast<int>(count);
    const std::string path = "@/" + series + ".php";
    out_.act(A::write, {{"path", path}, {"content", source_of(body)}});
    include(path, 0);
    out_.ask(K::script_status, {});
  }

  // The list is read when the cache starts, and no folder of it is a link yet.
  void exclude() {
    out_.trace.configuration.ini["opcache.blacklist_filename"] = "@/lists/one.txt";
    out_.act(A::make_directory, {{"path", "@/lists"}});
    std::string list;
    for (std::int64_t n = draw_.between(1, 2); n > 0; --n)
      list += draw_.one_of<std::string>({"@/d1/", "@/d2/b.php", "@/a", "@/*/a.php", "@/d?/b", "@/**/b.php", "; none"}) +
              "\n";
    out_.act(A::write, {{"path", "@/lists/one.txt"}, {"content", list}});
    out_.act(A::reload, {});
  }

  void include(const std::string& path, std::int64_t worker) {
    out_.begin_request(worker);
    out_.ask(K::include, {{"path", path}});
  }

  // ---- the world ----

  bool act(A kind, Arguments arguments) {
    out_.act(kind, arguments);
    if (is_legal(out_.trace)) return true;
    out_.trace.steps.pop_back();
    return false;
  }

  std::string directory() { return draw_.one_of<std::string>({"@", "@/d1", "@/d2"}); }
  std::string file_name() { return draw_.one_of<std::string>({"a.php", "b.php"}); }
  std::string link_path() { return draw_.one_of<std::string>({"@/l", "@/l", "@/d1/c.php"}); }

  std::int64_t file_time() {
    std::int64_t time = 0;
    draw_.weighted({{60, [&] { time = out_.now - draw_.between(990, 1010); }},
                    {20, [&] { time = out_.now - draw_.between(0, 4); }},
                    {options_.odd_times ? 20 : 0, [&] {
                       time = draw_.one_of<std::int64_t>({0, -1, 1, out_.now + 1, out_.now + 1000, clock_start});
                     }}});
    return time;
  }

  ScriptBody body() {
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
  void write_file() {
    const std::string name = file_name();
    ScriptBody made = body();
    if (options_.nested && name == "a.php" && !made.returned.empty() && draw_.percent(30)) {
      ScriptBody::Element inner{ScriptBody::Element::Kind::include, "b.php", include_form(true)};
      inner.beside = options_.full_strings || draw_.percent(50);
      if (!inner.beside && draw_.percent(50))
        inner.text = draw_.one_of<std::string>({"./b.php", "../b.php", "d2/b.php"});
      made.returned.push_back(inner);
    }
    act(A::write, {{"path", directory() + "/" + name}, {"content", source_of(made)}, {"mtime", file_time()}});
  }

  // It can always be written: the next version may be put in place.
  void set_mode() {
    const std::string path = directory() + "/" + file_name();
    if (options_.users && draw_.percent(50)) include(path, worker());
    act(A::set_mode, {{"path", path}, {"mode", draw_.one_of<std::int64_t>({0200, 0644})}});
    if (options_.users) changed_ = path;
  }

  // What the file cache has of a script, or would have.
  void damage() {
    const std::string file = std::string(kFiles) + "/*" + directory() + "/" + file_name() + ".bin";
    const bool removes = draw_.percent(30);
    if (removes) return out_.act(A::remove, {{"path", file}});
    const std::string junk = draw_.one_of<std::string>({"", "OPCACHE", std::string(100, 'x')});
    out_.act(A::write, {{"path", file}, {"content", junk}, {"in_place", true}});
    if (draw_.percent(20)) out_.act(A::set_mode, {{"path", file}, {"mode", 0}});
  }

  // In place: the file stays the same one, as no name is put over it.
  void cut_file() {
    ScriptBody left = draw_.percent(50) ? ScriptBody{} : body();
    left.is_cut = left != ScriptBody{} && !left.broken && draw_.percent(50);
    if (left.is_cut) left.returned.clear();
    act(A::write, {{"path", directory() + "/" + file_name()},
                   {"content", source_of(left)},
                   {"mtime", file_time()},
                   {"in_place", true}});
  }

  void swap_link() {
    const std::string link = link_path();
    const std::string target = link == "@/l" ? draw_.one_of<std::string>({"d1", "d2", "@/d1", "./d2", ".", "gone"})
                                             : draw_.one_of<std::string>({"a.php", "b.php", "../d2/a.php", "../a.php"});
    act(A::swap_link, {{"path", link}, {"target", target}});
    if (options_.served) changed_ = link == "@/l" ? link + "/" + file_name() : link;
  }

  void remove_file() { act(A::remove, {{"path", directory() + "/" + file_name()}}); }

  // Nobody dies while a request waits.
  void change_world_alive() {
    draw_.weighted({{50, [&] { write_file(); }},
                    {10, [&] { remove_file(); }},
                    {options_.links ? 25 : 0, [&] { swap_link(); }},
                    {options_.moves ? 15 : 0, [&] { move(); }}});
  }

  void change_world() {
    draw_.weighted({{50, [&] { write_file(); }},
                    {options_.odd_times ? 10 : 0,
                     [&] {
                       act(A::set_mtime, {{"path", directory() + "/" + file_name()}, {"mtime", file_time()}});
                     }},
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

  void move() {
    draw_.weighted({{10, [&] { exchange_trees(); }},
                    {options_.left_links ? 10 : 0, [&] { leave_link(); }},
                    {5,
                     [&] {
                       const std::string name =
                           "/" + file_name();  // else an a.php that includes b.php would include itself
                       const std::string from = directory(), to = directory();
                       act(A::move, {{"from", from + name}, {"to", to + name}});
                     }},
                    {3,
                     [&] {
                       act(A::remove, {{"path", draw_.one_of<std::string>({"@/l", "@/d1", "@/d2", "@/d1/c.php"})}});
                     }},
                    {5, [&] {
                       act(A::make_directory, {{"path", draw_.one_of<std::string>({"@/d1", "@/d2"})}});
                     }}});
  }

  void exchange_trees() {
    if (!act(A::move, {{"from", "@/d1"}, {"to", "@/d3"}})) return;
    if (act(A::move, {{"from", "@/d2"}, {"to", "@/d1"}})) act(A::move, {{"from", "@/d3"}, {"to", "@/d2"}});
  }

  // A tree moves, and a link to it stands in its place.
  void leave_link() {
    const std::string from = draw_.one_of<std::string>({"d1", "d2"});
    if (act(A::move, {{"from", "@/" + from}, {"to", "@/d3"}}))
      act(A::make_link, {{"path", "@/" + from}, {"target", "d3"}});
  }

  void step_clock() {
    out_.advance(draw_.one_of<std::int64_t>({1, 1, 2, 3, frequency_, frequency_ + 1, 130,
                                             options_.clock_steps_back ? -1 : 1, options_.clock_steps_back ? -3 : 1}));
  }

  // ---- requests ----

  std::string include_form(bool optional) {
    std::string form = "include";
    draw_.weighted({{60, [] {}},
                    {options_.once ? 30 : 0, [&] { form = "include_once"; }},
                    {options_.once && !optional ? 4 : 0, [&] { form = "require"; }},
                    {options_.once && !optional ? 4 : 0, [&] { form = "require_once"; }}});
    return form;
  }

  // Other names of "@/". What a resolution through a folder that is gone gives, once a link is behind it, is not modelled.
  std::vector<std::string> prefixes() const {
    if (options_.moves) return {"@/./", "@//", "@/.//"};
    return {"@/./", "@//", "@/d1/../", "@/d2/./../"};
  }

  // What has just changed is asked for more often: most mistakes show soon after a change or not at all.
  std::string spelling() {
    if (!changed_.empty() && draw_.percent(40)) return changed_;
    std::string place = directory();
    if (options_.links && draw_.percent(40)) place = "@/l";
    if (options_.moves && draw_.percent(5)) place = "@/d3";
    std::string path = place + "/" + file_name();
    if (options_.links && draw_.percent(8)) path = "@/d1/c.php";
    if (options_.spellings && draw_.percent(15)) path = draw_.one_of<std::string>(prefixes()) + path.substr(2);
    if (options_.relative && draw_.percent(25))
      path = draw_.one_of<std::string>({"", "./", "../", "d1/", "d2/", "./d1/", "l/"}) + file_name();
    return path;
  }

  void any_request() {
    draw_.weighted({{80, [&] { request(); }},
                    {options_.served ? 40 : 0, [&] { serve(); }},
                    {options_.readers ? 25 : 0, [&] { reader(); }}});
  }

  std::int64_t worker() {
    const std::int64_t number = draw_.below(waiting_ < 0 ? options_.workers : options_.workers - 1);
    return waiting_ >= 0 && number >= waiting_ ? number + 1 : number;
  }

  void serve() {
    out_.begin_request(worker());
    std::string path = spelling();
    if (!path.starts_with('@')) path = "@/d1/a.php";
    out_.ask(K::serve, {{"path", path}});
  }

  // Waits in its middle, while the world changes and others are served.
  void reader() {
    if (waiting_ >= 0 || options_.workers < 2) return request();
    const std::string name = fmt::format("r{}", ++readers_);
    const std::int64_t worker = draw_.below(options_.workers);
    out_.begin_request(worker);
    auto& request = std::get<Request>(out_.trace.steps.back());
    request.background = name;
    operation();
    out_.ask(K::rendezvous, {{"name", name}});
    for (std::int64_t n = draw_.between(1, 3); n > 0; --n) operation();
    out_.ask(K::script_status, {});
    out_.act(A::wait_for_arrival, {{"name", name}});
    waiting_ = worker;
    for (std::int64_t n = draw_.between(1, 6); n > 0; --n)
      draw_.weighted({{20, [&] { change_world_alive(); }}, {15, [&] { step_clock(); }}, {65, [&] { any_request(); }}});
    waiting_ = -1;
    out_.act(A::release, {{"name", name}});
    out_.act(A::await, {{"request", name}});
  }

  void request() {
    out_.begin_request(worker());
    if (options_.relative && draw_.percent(15))
      out_.ask(K::change_dir, {{"path", draw_.one_of<std::string>({"@/d1", "@/d2", "@", "d1"})}});
    for (std::int64_t n = draw_.between(1, 4); n > 0; --n) operation();
    if (draw_.percent(10)) out_.ask(K::included_files, {});
    if (options_.reports || draw_.percent(30)) out_.ask(K::script_status, {{"scripts", !draw_.percent(10)}});
  }

  void operation() {
    draw_.weighted({{60,
                     [&] {
                       out_.ask(K::include, {{"path", spelling()}, {"how", include_form(false)}});
                     }},
                    {9,
                     [&] {
                       out_.ask(K::is_cached, {{"path", spelling()}});
                     }},
                    {options_.compiles ? 9 : 0,
                     [&] {
                       out_.ask(K::compile_file, {{"path", spelling()}});
                     }},
                    {12,
                     [&] {
                       out_.ask(K::invalidate, {{"path", spelling()}, {"force", draw_.percent(50)}});
                     }},
                    {options_.questions ? 20 : 0, [&] { ask_for_file(); }},
                    {options_.restarts ? (options_.readers ? 10 : 4) : 0, [&] { out_.ask(K::reset, {}); }}});
  }

  void ask_for_file() {
    out_.ask(K::clear_stat_cache, {});
    out_.ask(draw_.one_of<K>({K::file_exists, K::is_file, K::is_readable}), {{"path", spelling()}});
  }

  Draw& draw_;
  const ScriptTraceOptions& options_;
  TraceBuilder out_;
  std::int64_t frequency_ = 2;
  std::string changed_;  // a name of the file that changed last, where the options want it asked for
  int version_ = 0;
  int readers_ = 0;
  std::int64_t waiting_ = -1;  // the worker of a request that waits
};

}  // namespace

Trace random_script_trace(std::uint64_t seed, const ScriptTraceOptions& options) {
  return generate(seed, [&options](Draw& draw) { return ScriptTraceWriter(draw, options).write(); });
}

}  // namespace assay::conformance
