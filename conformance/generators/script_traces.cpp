#include <fmt/format.h>

#include "conformance/generators/draw.h"
#include "conformance/generators/trace_builder.h"
#include "conformance/generators/trace_generators.h"
#include "conformance/scenario/scenario.h"

namespace assay::conformance {

namespace {

class ScriptTraceWriter {
 public:
  ScriptTraceWriter(Draw& draw, const ScriptTraceOptions& options)
      : draw_(draw),
        options_(options),
        out_("random script trace", options.workers),
        times_(static_cast<std::size_t>(options.files)) {}

  Trace write() {
    configure();
    for (int file = 0; file < options_.files; ++file) change(file, clock_start - 10'000);
    const std::int64_t steps = draw_.between(options_.steps / 2, options_.steps);
    for (std::int64_t i = 0; i < steps; ++i) {
      draw_.weighted({{20, [&] { rewrite(); }},
                      {20,
                       [&] {
                         out_.advance(draw_.one_of<std::int64_t>({1, 1, 2, 3, 5, 60, -1, -3}));
                       }},
                      {60, [&] { request(); }}});
    }
    return std::move(out_.trace);
  }

 private:
  using K = OperationKind;

  void configure() {
    Directives& ini = out_.trace.configuration.ini;
    ini["opcache.validate_timestamps"] = draw_.percent(80) ? "1" : "0";
    ini["opcache.revalidate_freq"] = draw_.one_of<std::string>({"0", "0", "2", "3"});
    ini["opcache.file_update_protection"] = draw_.one_of<std::string>({"0", "0", "2"});
  }

  int file() { return static_cast<int>(draw_.below(options_.files)); }
  static std::string path(int file) { return fmt::format("@/s{}.php", file); }

  void change(int file, std::int64_t mtime) {
    times_[static_cast<std::size_t>(file)] = mtime;
    out_.act(ActionKind::write, {{"path", path(file)}, {"content", returns(Value(++version_))}, {"mtime", mtime}});
  }

  void rewrite() {
    const int which = file();
    const std::int64_t old = times_[static_cast<std::size_t>(which)];
    draw_.weighted({{50, [&] { change(which, old + draw_.between(1, 50)); }},
                    {10, [&] { change(which, old - 1); }},
                    {15, [&] { change(which, old); }},
                    {20, [&] { change(which, out_.now - draw_.between(0, 3)); }},
                    {5, [&] {
                       out_.act(ActionKind::remove, {{"path", path(which)}});
                     }}});
  }

  void request() {
    out_.begin_request(draw_.below(options_.workers));
    for (std::int64_t n = draw_.between(1, 3); n > 0; --n) operation();
  }

  void operation() {
    draw_.weighted({{60,
                     [&] {
                       out_.ask(K::include, {{"path", path(file())}});
                     }},
                    {8,
                     [&] {
                       out_.ask(K::is_cached, {{"path", path(file())}});
                     }},
                    {6,
                     [&] {
                       out_.ask(K::compile_file, {{"path", path(file())}});
                     }},
                    {10,
                     [&] {
                       out_.ask(K::invalidate, {{"path", path(file())}, {"force", draw_.percent(50)}});
                     }},
                    {8, [&] { out_.ask(K::script_status, {}); }},
                    {options_.restarts ? 4 : 0, [&] { out_.ask(K::reset, {}); }}});
  }

  Draw& draw_;
  const ScriptTraceOptions& options_;
  TraceBuilder out_;
  std::vector<std::int64_t> times_;
  std::int64_t version_ = 0;
};

}  // namespace

Trace random_script_trace(std::uint64_t seed, const ScriptTraceOptions& options) {
  return generate(seed, [&options](Draw& draw) { return ScriptTraceWriter(draw, options).write(); });
}

}  // namespace assay::conformance
