#include "conformance/generators/object_traces.h"

#include <fmt/format.h>

#include "conformance/generators/object_program.h"
#include "conformance/generators/trace_builder.h"
#include "conformance/models/object_library.h"

namespace assay::conformance {
namespace {

class ObjectTraceWriter {
 public:
  ObjectTraceWriter(Draw& draw, const ObjectTraceOptions& options)
      : draw_(draw), options_(options), out_("random objects", options.workers) {}

  Trace write() {
    out_.act(A::write, {{"path", object_library_path}, {"content", object_library()}});
    for (int key = 0; key < options_.keys; ++key) write_script(fetching(key), fetch_and_tell(name_of(key)));
    for (std::int64_t left = draw_.between(options_.steps / 2, options_.steps); left > 0; --left) step();
    for (int key = 0; key < options_.keys; ++key) run(fetching(key));
    return std::move(out_.trace);
  }

 private:
  using K = OperationKind;
  using A = ActionKind;

  static std::string name_of(std::int64_t key) { return fmt::format("k{}", key); }
  static std::string fetching(std::int64_t key) { return fmt::format("@/fetch{}.php", key); }

  void write_script(const std::string& path, const std::string& code) {
    out_.act(A::write, {{"path", path}, {"content", object_script(code)}});
  }

  // Where a target's classes come from a map, the question for a key loads it.
  void run(const std::string& path) {
    out_.begin_request(draw_.below(options_.workers));
    std::get<Request>(out_.trace.steps.back()).ends = "lives";  // how it ended is told by what it did not tell
    out_.ask(K::cache_has, {{"key", "-"}});
    out_.ask(K::include, {{"path", path}});
  }

  void step() {
    const std::int64_t key = draw_.below(options_.keys);
    draw_.weighted({
        {40, [&] { store(key); }},
        {50, [&] { run(fetching(key)); }},
        {5,
         [&] {
           out_.begin_request(draw_.below(options_.workers));
           out_.ask(K::cache_delete, {{"key", name_of(key)}});
         }},
    });
  }

  void store(std::int64_t key) {
    const std::string path = fmt::format("@/store{}.php", ++stores_);
    write_script(path, random_object_program(draw_) + store_and_tell(name_of(key)));
    run(path);
  }

  Draw& draw_;
  const ObjectTraceOptions& options_;
  TraceBuilder out_;
  int stores_ = 0;
};

}  // namespace

Trace random_object_trace(std::uint64_t seed, const ObjectTraceOptions& options) {
  return generate(seed, [&](Draw& draw) { return ObjectTraceWriter(draw, options).write(); });
}

}  // namespace assay::conformance
