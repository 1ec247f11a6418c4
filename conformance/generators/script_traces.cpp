#include <fmt/format.h>

#include "conformance/generators/draw.h"
#include "conformance/generators/script_trace_directives.h"
#include "conformance/generators/script_trace_world.h"
#include "conformance/generators/trace_builder.h"
#include "conformance/generators/trace_generators.h"
#include "conformance/models/script_body.h"

namespace assay::conformance {

namespace {

class ScriptTraceWriter {
 public:
  ScriptTraceWriter(Draw& draw, const ScriptTraceOptions& options)
      : draw_(draw), options_(options), out_("random script trace", options.workers), world_(draw, options, out_) {}

  Trace write() {
    configure();
    if (options_.filed) keep_files();
    for (const char* directory : {"@/d1", "@/d2"}) out_.act(A::make_directory, {{"path", directory}});
    if (options_.filed) make_folders();
    if (options_.excluded) exclude();
    if (options_.full_table) fill_table();
    if (options_.full_strings) fill_strings();
    for (int i = 0; i < 4; ++i) world_.write_file();
    if (options_.links) world_.swap_link();
    const std::int64_t steps = draw_.between(options_.steps / 2, options_.steps);
    for (std::int64_t i = 0; i < steps; ++i)
      draw_.weighted({{25, [&] { world_.change(); }}, {20, [&] { step_clock(); }}, {55, [&] { any_request(); }}});
    for (int worker = 0; worker < options_.workers; ++worker) {
      out_.begin_request(worker);
      out_.ask(K::script_status, {});
    }
    return std::move(out_.trace);
  }

 private:
  using K = OperationKind;
  using A = ActionKind;

  // ---- directives ----

  void configure() {
    frequency_ = draw_script_directives(out_.trace.configuration.ini, draw_, options_);
    draw_script_sizes(out_.trace.configuration.ini, draw_, options_);
    if (draw_.percent(10)) out_.trace.configuration.ini["opcache.protect_memory"] = "1";
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
    ini["opcache.file_cache"] = kScriptTraceFiles;
    if (draw_.percent(20)) ini["opcache.file_cache_only"] = "1";
    out_.act(A::make_directory, {{"path", kScriptTraceFiles}});
    out_.act(A::set_mode, {{"path", kScriptTraceFiles}, {"mode", 0777}});
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

  void step_clock() {
    out_.advance(draw_.one_of<std::int64_t>({1, 1, 2, 3, frequency_, frequency_ + 1, 130,
                                             options_.clock_steps_back ? -1 : 1, options_.clock_steps_back ? -3 : 1}));
  }

  // ---- requests ----

  // Other names of "@/". What a resolution through a folder that is gone gives, once a link is behind it, is not modelled.
  std::vector<std::string> prefixes() const {
    if (options_.moves) return {"@/./", "@//", "@/.//"};
    return {"@/./", "@//", "@/d1/../", "@/d2/./../"};
  }

  // What has just changed is asked for more often, and what was just asked for.
  std::string spelling() {
    if (!world_.changed().empty() && draw_.percent(30)) return world_.changed();
    if (asked_.empty() || draw_.percent(80)) asked_ = any_spelling();
    return asked_;
  }

  std::string any_spelling() {
    std::string place = world_.directory();
    if (options_.links && draw_.percent(40)) place = "@/l";
    if (options_.moves && draw_.percent(5)) place = "@/d3";
    std::string path = place + "/" + world_.file_name();
    if (options_.links && draw_.percent(8)) path = "@/d1/c.php";
    if (options_.spellings && draw_.percent(15)) path = draw_.one_of<std::string>(prefixes()) + path.substr(2);
    if (options_.relative && draw_.percent(25)) {
      const std::string name = world_.file_name();
      path = draw_.one_of<std::string>({"", "./", "../", "d1/", "d2/", "./d1/", "l/"}) + name;
    }
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
      draw_.weighted({{20, [&] { world_.change_alive(); }}, {15, [&] { step_clock(); }}, {65, [&] { any_request(); }}});
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
                       out_.ask(K::include, {{"path", spelling()}, {"how", world_.include_form(false)}});
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
    const std::string path = spelling();
    out_.ask(draw_.one_of<K>({K::file_exists, K::is_file, K::is_readable}), {{"path", path}});
  }

  Draw& draw_;
  const ScriptTraceOptions& options_;
  TraceBuilder out_;
  ScriptTraceWorld world_;
  std::int64_t frequency_ = 2;
  std::string asked_;  // the name that was asked for last
  int readers_ = 0;
  std::int64_t waiting_ = -1;  // the worker of a request that waits
};

}  // namespace

Trace random_script_trace(std::uint64_t seed, const ScriptTraceOptions& options) {
  return generate(seed, [&options](Draw& draw) { return ScriptTraceWriter(draw, options).write(); });
}

}  // namespace assay::conformance
