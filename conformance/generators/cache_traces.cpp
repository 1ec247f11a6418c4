#include <fmt/format.h>

#include <limits>

#include "conformance/generators/draw.h"
#include "conformance/generators/trace_builder.h"
#include "conformance/generators/trace_generators.h"

namespace assay::conformance {

namespace {

class CacheTraceWriter {
 public:
  CacheTraceWriter(Draw& draw, const CacheTraceOptions& options)
      : draw_(draw), options_(options), out_("random cache trace", options.workers) {}

  Trace write() {
    const std::int64_t steps = draw_.between(options_.steps / 2, options_.steps);
    for (std::int64_t i = 0; i < steps; ++i) {
      if (options_.clock_steps && draw_.percent(20)) {
        step_clock();
        continue;
      }
      out_.begin_request(draw_.below(options_.workers));
      for (std::int64_t n = draw_.between(1, 3); n > 0; --n) operation();
    }
    return std::move(out_.trace);
  }

 private:
  using K = OperationKind;

  void step_clock() {
    const std::vector<std::int64_t> steps = {1, 1, 2, 4, 5, 6, 100, -1, -4, -6};
    out_.advance(
        draw_.one_of(options_.clock_steps_back ? steps : std::vector<std::int64_t>(steps.begin(), steps.begin() + 7)));
  }

  std::string key() { return fmt::format("k{}", draw_.below(options_.keys)); }
  Value keys() {
    std::vector<Value> names;
    for (std::int64_t n = draw_.between(1, options_.keys); n > 0; --n) names.emplace_back(key());
    return Value::list(std::move(names));
  }
  std::int64_t ttl() {
    if (options_.backend == "pinned") return draw_.percent(3) ? 5 : 0;
    return options_.clock_steps && draw_.percent(50) ? draw_.one_of({std::int64_t{1}, std::int64_t{5}, std::int64_t{6}})
                                                     : 0;
  }
  // Mostly new ones, so that replies tell stores apart.
  Value value() {
    ++stored_;
    if (options_.nearly_full) return large_value();
    if (options_.in_pieces) return std::to_string(stored_) + std::string(piece(), 'x');
    switch (draw_.below(8)) {
      case 0:
        return Value();
      case 1:
        return draw_.percent(50);
      case 2:
        return std::string(static_cast<std::size_t>(draw_.between(0, 200)), 'x') + std::to_string(stored_);
      case 3:
        return Value::list({stored_, fmt::format("v{}", stored_)});
      case 4:
        return Value::map({{Key("n"), stored_}, {Key("list"), Value::list({1, Value()})}});
      case 5:
        return 0.5 + static_cast<double>(stored_);
      default:
        return stored_;
    }
  }

  // From a tenth to a third of the room, and now and then small or more than there is.
  Value large_value() {
    const std::int64_t size = draw_.percent(10)  ? draw_.one_of({std::int64_t{10}, std::int64_t{9'000'000}})
                              : draw_.percent(5) ? draw_.between(2'600'000, 7'000'000)
                                                 : draw_.between(700'000, 2'600'000);
    std::string text = std::to_string(stored_);
    text.resize(text.size() + static_cast<std::size_t>(size), 'x');
    return text;
  }

  // Of 8 MiB: ten thousand bytes to an eighth, few of them large.
  std::size_t piece() { return static_cast<std::size_t>(draw_.between(10, draw_.between(20, 1'000)) * 1'000); }

  std::int64_t step() {
    return draw_.one_of({std::int64_t{1}, std::int64_t{1}, std::int64_t{2}, std::int64_t{40}, std::int64_t{0},
                         std::int64_t{-3}, std::numeric_limits<std::int64_t>::max(),
                         std::numeric_limits<std::int64_t>::min()});
  }

  void operation() {
    const Value backend = options_.backend;
    draw_.weighted({
        {options_.nearly_full || options_.in_pieces ? 6 : 35,
         [&] {
           out_.ask(K::cache_get, {{"key", key()}, {"backend", backend}, {"default", "nothing there"}});
         }},
        {35,
         [&] {
           out_.ask(K::cache_set, {{"key", key()}, {"value", value()}, {"ttl", ttl()}, {"backend", backend}});
         }},
        {options_.nearly_full ? 60 : 8,
         [&] {
           out_.ask(K::cache_has, {{"key", key()}, {"backend", backend}});
         }},
        {options_.in_pieces ? 30 : 8,
         [&] {
           out_.ask(K::cache_delete, {{"key", key()}, {"backend", backend}});
         }},
        {4,
         [&] {
           out_.ask(K::cache_get_multiple, {{"keys", keys()}, {"backend", backend}});
         }},
        {4,
         [&] {
           const Value values = Value::map({{Key("k0"), value()}, {Key("k1"), value()}});
           out_.ask(K::cache_set_multiple, {{"values", values}, {"ttl", ttl()}, {"backend", backend}});
         }},
        {2,
         [&] {
           out_.ask(K::cache_delete_multiple, {{"keys", keys()}, {"backend", backend}});
         }},
        {2,
         [&] {
           out_.ask(K::cache_info, {{"backend", backend}});
         }},
        {2,
         [&] {
           out_.ask(K::cache_clear, {{"backend", backend}});
         }},
        {options_.adds ? 25 : 0,
         [&] {
           out_.ask(K::cache_add, {{"key", key()}, {"value", value()}, {"ttl", ttl()}, {"backend", backend}});
         }},
        {options_.remembers ? 25 : 0,
         [&] {
           const bool throws = draw_.percent(15);
           out_.ask(K::cache_remember,
                    {{"key", key()}, {"value", value()}, {"ttl", ttl()}, {"throws", throws}, {"backend", backend}});
         }},
        {options_.listings ? 12 : 0,
         [&] {
           out_.ask(K::cache_keys, {{"backend", backend}});
         }},
        {options_.counters ? 50 : 0,
         [&] {
           const K direction = draw_.percent(60) ? K::cache_increment : K::cache_decrement;
           out_.ask(direction, {{"key", key()}, {"step", step()}, {"backend", backend}});
         }},
    });
  }

  Draw& draw_;
  const CacheTraceOptions& options_;
  TraceBuilder out_;
  std::int64_t stored_ = 0;
};

}  // namespace

Trace random_cache_trace(std::uint64_t seed, const CacheTraceOptions& options) {
  return generate(seed, [&options](Draw& draw) { return CacheTraceWriter(draw, options).write(); });
}

}  // namespace assay::conformance
