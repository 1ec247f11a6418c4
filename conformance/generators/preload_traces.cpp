// Programs whose library is preloaded in one runtime, and included in another.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "conformance/generators/preload_traces.h"
#include "conformance/generators/trace_builder.h"

namespace assay::conformance {
namespace {

using K = OperationKind;
using A = ActionKind;

// The first runtime has one worker without a cache, the second preloads: the first start finds no marker, and leaves one.
constexpr int worker_without_cache = 0;
constexpr int preloading_workers = 3;

// The first line of each script that uses the library: its parts belong together, and what files of the library print is
// nobody's business.
constexpr const char* beginning =
    "<?php const C0 = 'c0'; define('C1', ['c1']); function show($x) { echo get_debug_type($x), ':', "
    "preg_replace(['/\\s+/', '/\\x00[^ ]*/'], ' ', print_r($x, true)), ';'; } ";
constexpr const char* include_library =
    "{ ob_start(); foreach (glob(__DIR__ . '/d*.php') as $name) require_once $name; ob_end_clean(); }\n";

Configuration configuration(Draw& draw) {
  Configuration made;
  made.ini = {{"opcache.preload", "@/preload.php"}, {"opcache.revalidate_freq", "0"}};
  if (draw.percent(30)) made.ini["opcache.optimization_level"] = draw.one_of<std::string>({"0", "0x7FFFBFFF"});
  if (draw.percent(15)) made.ini["opcache.interned_strings_buffer"] = draw.one_of<std::string>({"0", "1"});
  if (draw.percent(15)) made.ini["opcache.protect_memory"] = "1";
  if (draw.percent(15)) made.ini["opcache.validate_timestamps"] = "0";
  if (draw.percent(15)) made.ini["opcache.save_comments"] = "0";
  if (draw.percent(15)) made.ini["opcache.file_cache"] = "@/cache";
  if (draw.percent(15)) {
    made.ini["opcache.jit_buffer_size"] = "16M";
    made.ini["opcache.jit"] = draw.one_of<std::string>({"tracing", "function", "1205"});
  }
  Pool plain, preloading, other;
  plain.ini["opcache.enable"] = "0";
  preloading.workers = 2;
  other.ini["opcache.revalidate_path"] = "1";
  preloading.master = other.master = 1;
  made.pools = {plain, preloading, other};
  return made;
}

class PreloadTraceWriter {
 public:
  PreloadTraceWriter(Draw& draw, const PreloadProgramOptions& options)
      : draw_(draw), program_(random_preload_program(draw, options)), out_("", 1) {
    out_.trace.configuration = configuration(draw);
  }

  Trace write() {
    out_.act(A::make_directory, {{"path", "@/cache"}});
    for (std::size_t i = 0; i < program_.files.size(); ++i) write_file(library_file(i), program_.files[i]);
    for (std::size_t i = 0; i < program_.uses.size(); ++i) write_file(use_file(i), use_text(program_.uses[i]));
    write_file("@/preload.php", preload_script());
    out_.act(A::start, {{"clause", "PL-SET-01"}});
    for (std::size_t i = 0; i < program_.uses.size(); ++i) ask(worker_without_cache, i);
    for (auto left = draw_.between(4, 10); left > 0; --left) phase();
    return std::move(out_.trace);
  }

 private:
  static std::string library_file(std::size_t number) { return fmt::format("@/d{}.php", number); }
  static std::string use_file(std::size_t number) { return fmt::format("@/u{}.php", number); }

  void write_file(const std::string& path, const std::string& content) {
    out_.act(A::write, {{"path", path}, {"content", content}, {"mtime", out_.now - 1000 + ++written_}});
  }

  // Where the library is preloaded it is not included, or once more.
  std::string use_text(const std::string& statements) {
    const char* guard = draw_.percent(60) ? "if (!class_exists('Preloaded', false)) " : "";
    includes_ = includes_ || *guard == '\0';
    return std::string(beginning) + guard + include_library + statements;
  }

  // The first so many files are required in their order, all others compiled in any: one line, whose parts belong together.
  std::string preload_script() {
    std::vector<std::size_t> order(program_.files.size());
    std::iota(order.begin(), order.end(), 0);
    const auto required = draw_.percent(40) ? draw_.between(0, static_cast<std::int64_t>(order.size())) : 0;
    for (std::size_t i = order.size(); i > static_cast<std::size_t>(required) + 1; --i)
      std::swap(order[i - 1],
                order[static_cast<std::size_t>(draw_.between(required, static_cast<std::int64_t>(i) - 1))]);
    std::string text = fmt::format(
        "<?php if (!is_file(__DIR__ . '/marker')) {{ touch(__DIR__ . '/marker'); return; }} eval('class Preloaded "
        "{{}}'); "
        "foreach ([{}] as $i => $n) {{ $name = __DIR__ . \"/d$n.php\"; if (!is_file($name)) continue; if ($i < {}) "
        "require_once $name; else opcache_compile_file($name); }}\n",
        fmt::join(order, ", "), required);
    for (const std::string& spoil : program_.spoils) text += spoil;
    return text;
  }

  void ask(int worker, std::size_t use) {
    out_.begin_request(worker);
    std::get<Request>(out_.trace.steps.back()).ends = "lives";
    out_.ask(K::include, {{"path", use_file(use)}});
  }

  std::size_t any_use() {
    return static_cast<std::size_t>(draw_.below(static_cast<std::int64_t>(program_.uses.size())));
  }
  std::string any_library_file() {
    return library_file(static_cast<std::size_t>(draw_.below(static_cast<std::int64_t>(program_.files.size()))));
  }
  int any_worker() { return static_cast<int>(draw_.between(1, preloading_workers)); }

  void phase() {
    draw_.weighted({
        {60,
         [&] {
           const std::size_t use = any_use();
           ask(any_worker(), use);
         }},
        {has_jit() ? 0 : 8, [&] { reset(); }},
        {8,
         [&] {
           out_.act(A::kill, {{"worker", any_worker()}});
         }},
        {8, [&] { change(any_library_file()); }},
        {6, [&] { remove(any_library_file()); }},
        {6, [&] { out_.advance(draw_.between(1, 5)); }},
        {4, [&] { invalidate(); }},
    });
  }

  // A restart loses what was compiled for the machine (docs/findings.md).
  bool has_jit() const { return out_.trace.configuration.ini.contains("opcache.jit"); }

  void change(const std::string& path) {
    gone_.erase(path);
    write_file(path, "<?php class Changed {} echo 'changed;';\n");
  }
  void remove(const std::string& path) {
    if (gone_.insert(path).second) out_.act(A::remove, {{"path", path}});
  }

  void reset() {
    const int worker = any_worker();
    out_.begin_request(worker);
    out_.ask(K::reset, {});
    out_.begin_request(worker);
    out_.ask(K::script_status, {{"scripts", false}});
  }

  // A preloaded file only where nothing includes it (PL-REQ-05).
  void invalidate() {
    out_.begin_request(any_worker());
    out_.ask(K::invalidate, {{"path", includes_ ? use_file(any_use()) : any_library_file()}, {"force", true}});
  }

  Draw& draw_;
  PreloadProgram program_;
  TraceBuilder out_;
  int written_ = 0;
  std::set<std::string> gone_;
  bool includes_ = false;
};

}  // namespace

Trace random_preload_trace(std::uint64_t seed, const PreloadProgramOptions& options) {
  Trace trace = generate(seed, [&](Draw& draw) { return PreloadTraceWriter(draw, options).write(); });
  trace.name = fmt::format("preloaded program {}", seed);
  return trace;
}

}  // namespace assay::conformance
