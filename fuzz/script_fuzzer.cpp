// Any bytes are a script of the subset or a diagnostic; what compiles is persisted and run within limits, with the same
// result from the copy as from the original.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "reference/php/compiler/compiler.h"
#include "reference/php/compiler/persist.h"
#include "reference/php/interpreter/interpreter.h"
#include "reference/php/library/standard_functions.h"
#include "reference/php/streams/streams.h"

namespace {

using namespace assay::reference::php;

class NoScripts final : public ScriptLoader {
 public:
  LoadResult load(const LoadRequest& request, RequestContext&) override {
    if (request.stream != nullptr) return stream_failure(request, ".");
    return open_failure(request, request.path, "no files here", ".");
  }
};

std::string run(const Script& script, const Builtins& builtins) {
  RequestContext context;
  context.streams = &all_streams();
  NoScripts loader;
  Limits limits;
  limits.steps = 20'000;
  limits.value_bytes = 1 << 20;
  Interpreter interpreter(context, builtins, loader, limits);
  const RunResult result = interpreter.run(script);
  return context.output + (result.error ? "!" + result.error->message : "");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto builtins = standard_builtins();
  Arena arena;
  const auto compiled =
      SubsetCompiler().compile(std::string_view(reinterpret_cast<const char*>(data), size), "/fuzz.php", arena);
  if (!compiled) return 0;
  Persister persister(*compiled->script);
  std::vector<std::uint64_t> block(persister.size() / 8 + 1);
  const auto copy = persister.copy(block.data(), block.size() * 8);
  if (!copy) std::abort();  // the passes agree exactly
  if (run(*compiled->script, *builtins) != run(**copy, *builtins)) std::abort();
  return 0;
}
