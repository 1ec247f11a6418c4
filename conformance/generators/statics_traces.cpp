#include "conformance/generators/statics_traces.h"

#include <fmt/format.h>

#include <set>
#include <vector>

#include "conformance/generators/draw.h"
#include "conformance/generators/trace_builder.h"
#include "conformance/models/static_action.h"

namespace assay::conformance {
namespace {

class StaticsTraceWriter {
 public:
  StaticsTraceWriter(Draw& draw, const StaticsTraceOptions& options)
      : draw_(draw), options_(options), out_("random declared statics", options.workers) {}

  Trace write() {
    const std::int64_t steps = draw_.between(options_.steps / 2, options_.steps);
    // Few of them, so that requests meet at the same.
    for (int i = 0; i < 4; ++i) targets_.push_back(draw_.one_of(declared_statics()).name);
    for (std::int64_t i = 0; i < steps; ++i) step();
    for (int worker = 0; worker < options_.workers; ++worker) read_all(worker);
    put_files_first();
    return std::move(out_.trace);
  }

 private:
  using K = OperationKind;
  using A = ActionKind;

  void step() {
    if (draw_.percent(15))
      return out_.advance(
          draw_.one_of({std::int64_t{1}, std::int64_t{2}, std::int64_t{4}, std::int64_t{5}, std::int64_t{6}}));
    const std::int64_t worker = draw_.below(options_.workers);
    if (options_.waits && options_.workers > 1 && draw_.percent(25)) return wait(worker);
    out_.begin_request(worker);
    operations(draw_.between(1, 4));
    if (draw_.percent(5)) end_early();
  }

  // In the middle of the request others run, and time may pass.
  void wait(std::int64_t worker) {
    const std::string name = fmt::format("waiting {}", ++number_);
    out_.begin_request(worker);
    Request& waiting = std::get<Request>(out_.trace.steps.back());
    waiting.background = name;
    const bool dies = options_.deaths && draw_.percent(25);
    if (dies) waiting.ends = "any";
    operations(draw_.between(0, 3), !dies);
    out_.ask(K::rendezvous, {{"name", name}});
    operations(draw_.between(0, 3));
    out_.act(A::wait_for_arrival, {{"name", name}});
    for (std::int64_t others = draw_.between(1, 3); others > 0; --others) {
      if (draw_.percent(20)) out_.advance(draw_.between(1, 5));
      out_.begin_request((worker + draw_.between(1, options_.workers - 1)) % options_.workers);
      operations(draw_.between(1, 3));
    }
    if (dies)
      out_.act(A::kill, {{"worker", worker}});
    else
      out_.act(A::release, {{"name", name}});
    out_.act(A::await, {{"request", name}});
  }

  // What a request removed of which no reply came is not known.
  void operations(std::int64_t count, bool may_remove = true) {
    for (; count > 0; --count) {
      if (!may_remove || draw_.percent(88))
        script({verb(), draw_.one_of(targets_), draw_.between(1, 5)});
      else
        removal();
    }
  }

  std::string verb() {
    std::string drawn = "read";
    const auto take = [&](const char* name) { return [&drawn, name] { drawn = name; }; };
    draw_.weighted({{28, take("read")},
                    {20, take("int")},
                    {12, take("list")},
                    {10, take("box")},
                    {6, take("date")},
                    {6, take("queue")},
                    {4, take("closure")},
                    {10, take("inc")},
                    {10, take("append")},
                    {6, take("key")},
                    {16, take("mutate")},
                    {2, take("throw")}});
    return drawn;
  }

  void script(StaticAction action) {
    // Whether the rest of a class may be published beside what cannot be is nowhere said.
    if (action.verb == "closure" && declared_static(action.target).is_class) action.verb = "int";
    if (action.verb == "read" || action.verb == "inc" || action.verb == "closure" || action.verb == "throw")
      action.number = 0;
    scripts_.insert(path_of(action));
    out_.ask(K::include, {{"path", path_of(action)}});
  }

  void end_early() {
    StaticAction action{"exit", draw_.one_of(targets_), 0};
    scripts_.insert(path_of(action));
    std::get<Request>(out_.trace.steps.back()).ends = "lives";
    out_.ask(K::include, {{"path", path_of(action)}});
  }

  void removal() {
    const char* backend = draw_.percent(60) ? "volatile" : "pinned";
    const char* class_name = draw_.one_of({"P", "V", "T", "F", "M"});
    draw_.weighted({
        {4,
         [&] {
           out_.ask(K::cache_clear, {{"backend", backend}});
         }},
        {6,
         [&] {
           out_.ask(K::cache_delete, {{"key", class_name}, {"backend", backend}});
         }},
        {options_.resets ? 3 : 0,
         [&] {
           out_.ask(K::invalidate, {{"path", statics_library_path}, {"force", true}});
         }},
        {options_.resets ? 1 : 0, [&] { out_.ask(K::reset, {}); }},
    });
  }

  void read_all(std::int64_t worker) {
    out_.begin_request(worker);
    for (const std::string& target : targets_) script({"read", target, 0});
  }

  void put_files_first() {
    std::vector<Step> steps = std::move(out_.trace.steps);
    out_.trace.steps.clear();
    out_.act(A::write, {{"path", statics_library_path}, {"content", statics_library()}});
    for (const std::string& path : scripts_)
      out_.act(A::write, {{"path", path}, {"content", script_of(*static_action(path))}});
    std::move(steps.begin(), steps.end(), std::back_inserter(out_.trace.steps));
  }

  Draw& draw_;
  const StaticsTraceOptions& options_;
  TraceBuilder out_;
  std::vector<std::string> targets_;
  std::set<std::string> scripts_;
  int number_ = 0;
};

}  // namespace

Trace random_statics_trace(std::uint64_t seed, const StaticsTraceOptions& options) {
  return generate(seed, [&options](Draw& draw) { return StaticsTraceWriter(draw, options).write(); });
}

}  // namespace assay::conformance
