#include <fmt/format.h>

#include <optional>
#include <set>

#include "conformance/generators/draw.h"
#include "conformance/generators/program.h"
#include "conformance/generators/trace_builder.h"
#include "conformance/generators/trace_generators.h"

namespace assay::conformance {
namespace {

using K = OperationKind;
using A = ActionKind;

// The worker without a cache, and those with one: two of one pool, one of another, one of a runtime beside them that has
// only the cache's files in common with the first.
constexpr int without_cache = 0;

// A handler is told of what is said while compiling; what is not recorded is not said again (SC-PER-04).
Configuration configuration(std::uint64_t seed, bool records_warnings) {
  return generate(seed, [=](Draw& draw) {
    Configuration made;
    made.ini["opcache.revalidate_freq"] = "0";
    if (draw.percent(50) || records_warnings) made.ini["opcache.record_warnings"] = "1";
    if (draw.percent(30)) made.ini["opcache.optimization_level"] = draw.one_of<std::string>({"0", "0x7FFFBFFF"});
    if (draw.percent(20)) made.ini["opcache.use_cwd"] = "0";
    if (draw.percent(20)) made.ini["opcache.enable_file_override"] = "1";
    if (draw.percent(20)) made.ini["opcache.interned_strings_buffer"] = "0";
    Pool plain, cached, other, beside;
    plain.ini["opcache.enable"] = "0";
    cached.workers = 2;
    other.ini["opcache.revalidate_path"] = "1";
    made.pools = {plain, cached, other};
    if (draw.percent(50)) {
      made.ini["opcache.file_cache"] = "@";
      beside.master = 1;
      made.pools.push_back(beside);
    }
    return made;
  });
}

class ProgramTraceWriter {
 public:
  ProgramTraceWriter(Draw& draw, const ProgramTraceOptions& options)
      : draw_(draw), options_(options), program_(random_program(draw, options.programs)), out_("", 1) {
    out_.trace.configuration =
        configuration(options.configuration_seed, options.programs.handlers && options.programs.handled_warnings);
    versions_.assign(program_.files.size(), 0);
  }

  Trace write() {
    out_.act(A::make_directory, {{"path", options_.folder}});
    for (std::size_t i = 0; i < program_.files.size(); ++i) write_file(i);
    out_.act(A::write, {{"path", path_of("probe.php")}, {"content", Program::probe()}});
    const auto phases = draw_.between(3, options_.steps);
    for (int i = 0; i < phases; ++i) phase();
    return std::move(out_.trace);
  }

 private:
  std::string path_of(const std::string& name) const { return options_.folder + "/" + name; }

  void write_file(std::size_t which) {
    const ProgramFile& file = program_.files[which];
    const auto version = static_cast<std::size_t>(versions_[which]);
    out_.act(A::write, {{"path", path_of(file.name)},
                        {"content", file.versions[version % file.versions.size()]},
                        {"mtime", out_.now - 1000 + versions_[which]}});
  }

  void phase() {
    draw_.weighted({
        {40, [&] { use(false); }},
        {20, [&] { use(true); }},
        {options_.served ? 20 : 0, [&] { serve(); }},
        {options_.compiles ? 12 : 0, [&] { prepare(K::compile_file); }},
        {options_.compiles_in_request ? 12 : 0,
         [&] {
           compiles_first_ = true;
           use(draw_.percent(30));
           compiles_first_ = false;
         }},
        {8, [&] { prepare(K::invalidate); }},
        {3, [&] { reset(); }},
        {8, [&] { rewrite(); }},
        {3, [&] { out_.advance(draw_.between(1, 5)); }},
    });
  }

  std::string any_file() { return path_of(draw_.one_of(program_.files).name); }
  std::int64_t any_cached_worker() {
    return draw_.between(without_cache + 1, out_.trace.configuration.worker_count() - 1);
  }

  // Not one with functions: compiling declares them (SC-API-08).
  std::optional<std::string> file_without_functions() {
    const ProgramFile& file = draw_.one_of(program_.files);
    for (const std::string& text : file.versions)
      if (text.find("function f") != std::string::npos) return std::nullopt;
    return path_of(file.name);
  }

  void ask(K kind, const std::string& path) {
    if (kind == K::invalidate)
      out_.ask(kind, {{"path", path}, {"force", true}});
    else
      out_.ask(kind, {{"path", path}});
  }

  void prepare(K kind) {
    begin(any_cached_worker());
    ask(kind, any_file());
  }

  void begin(std::int64_t worker) {
    out_.begin_request(worker);
    std::get<Request>(out_.trace.steps.back()).ends = "lives";
  }

  void reset() {
    const auto worker = any_cached_worker();
    begin(worker);
    out_.ask(K::reset, {});
    begin(worker);  // nobody holds the restart off
    out_.ask(K::script_status, {{"scripts", false}});
  }

  void rewrite() {
    const auto which = static_cast<std::size_t>(draw_.below(static_cast<std::int64_t>(program_.files.size())));
    ++versions_[which];
    write_file(which);
    run_without_.clear();
    served_without_.clear();
  }

  // Without a cache first, unless that is known; then by a worker that has one.
  void use(bool twice) {
    const auto which = draw_.below(static_cast<std::int64_t>(program_.requests.size()));
    const auto& uses = program_.requests[static_cast<std::size_t>(which)];
    if (run_without_.insert({which, twice}).second) {
      begin(without_cache);
      ask_uses(uses, twice);
    }
    begin(any_cached_worker());
    if (const auto file = compiles_first_ ? file_without_functions() : std::nullopt) ask(K::compile_file, *file);
    if (draw_.percent(10)) ask(K::invalidate, any_file());
    ask_uses(uses, twice);
  }

  void serve() {
    const auto which = draw_.below(static_cast<std::int64_t>(program_.files.size()));
    const std::string path = path_of(program_.files[static_cast<std::size_t>(which)].name);
    if (served_without_.insert(path).second) serve(without_cache, path);
    serve(any_cached_worker(), path);
  }
  void serve(std::int64_t worker, const std::string& path) {
    begin(worker);
    out_.ask(K::serve, {{"path", path}});
  }

  void ask_uses(const std::vector<ProgramUse>& uses, bool twice) {
    for (int time = 0; time < (twice ? 2 : 1); ++time)
      for (const ProgramUse& use : uses) out_.ask(K::include, {{"path", path_of(use.name)}, {"how", use.how}});
    out_.ask(K::included_files, {});
    out_.ask(K::include, {{"path", path_of("probe.php")}});
  }

  Draw& draw_;
  const ProgramTraceOptions& options_;
  Program program_;
  TraceBuilder out_;
  std::vector<std::int64_t> versions_;
  std::set<std::pair<std::int64_t, bool>> run_without_;
  std::set<std::string> served_without_;
  bool compiles_first_ = false;
};

}  // namespace

Trace random_program_trace(std::uint64_t seed, const ProgramTraceOptions& options) {
  Trace trace = generate(seed, [&](Draw& draw) { return ProgramTraceWriter(draw, options).write(); });
  trace.name = fmt::format("program {}", seed);
  return trace;
}

}  // namespace assay::conformance
