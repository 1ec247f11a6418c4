#include <fmt/format.h>

#include "conformance/generators/draw.h"
#include "conformance/generators/trace_builder.h"
#include "conformance/generators/trace_generators.h"

namespace assay::conformance {
namespace {

using K = OperationKind;

}  // namespace

// No stores: one under a key that another request reserved would wait for a clock that stands still.
Trace random_reservation_trace(std::uint64_t seed, const ReservationTraceOptions& options) {
  return generate(seed, [&options](Draw& draw) {
    TraceBuilder out("random reservation trace", options.workers);
    const auto key = [&] { return fmt::format("k{}", draw.below(options.keys)); };
    for (std::int64_t step = draw.between(options.steps / 2, options.steps); step > 0; --step) {
      if (draw.percent(25)) {
        out.advance(draw.one_of<std::int64_t>({1, 1, 2, 4, 6, -3}));
        continue;
      }
      out.begin_request(draw.below(options.workers));
      for (std::int64_t n = draw.between(1, 4); n > 0; --n) {
        const Value name = key();
        draw.weighted({
            {50,
             [&] {
               out.ask(K::cache_lock, {{"key", name}, {"lease", draw.one_of<std::int64_t>({0, 0, 1, 5})}});
             }},
            {30,
             [&] {
               out.ask(K::cache_unlock, {{"key", name}});
             }},
            {10,
             [&] {
               out.ask(K::cache_delete, {{"key", name}});
             }},
            {4, [&] { out.ask(K::cache_clear, {}); }},
            {6,
             [&] {
               out.ask(K::cache_delete_multiple, {{"keys", Value::list({name, key()})}});
             }},
        });
      }
    }
    return std::move(out.trace);
  });
}

}  // namespace assay::conformance
