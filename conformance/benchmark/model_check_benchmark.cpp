// Random operations on the realpath cache, each with a listing and a size, run on a target and judged by the model:
// the items per second are operations without the listings, from start to end of each runtime.
#include <benchmark/benchmark.h>
#include <stdlib.h>

#include <filesystem>

#include "conformance/adapters/php/php_target.h"
#include "conformance/adapters/reference/reference_target.h"
#include "conformance/execution/executor.h"
#include "conformance/generators/trace_generators.h"
#include "conformance/models/judge_realpath.h"

namespace {

using namespace assay::conformance;
namespace fs = std::filesystem;

void model_checked(benchmark::State& state, const TargetKind& kind, RealpathHost host) {
  auto target = kind.make({});
  if (!target) return state.SkipWithError(target.error().message.c_str());
  std::string pattern = (fs::temp_directory_path() / "assay-benchmark-XXXXXX").string();
  const fs::path folder = fs::canonical(::mkdtemp(pattern.data()));
  RealpathTraceOptions options;
  options.small_limits = !host.resolves_main_script;
  std::uint64_t seed = 0, operations = 0;
  for (auto _ : state) {
    const Trace trace = random_realpath_trace(++seed, options);
    const Execution execution = Executor(**target, folder).run(trace);
    const Judgement judgement =
        judge_realpath(trace, execution.observations, (folder / "run1" / "tree").string(), host);
    if (execution.verdict != Verdict::pass || judgement.refusal) state.SkipWithError("the model disagrees");
    operations += judgement.judged - judgement.listings;
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(operations));
  std::error_code ignored;
  fs::remove_all(folder, ignored);
}

void ModelCheckedOnTheReference(benchmark::State& state) {
  model_checked(state, reference_target_kind(), {.resolves_main_script = false});
}
void ModelCheckedThroughPhpFpm(benchmark::State& state) {
  model_checked(state, php::fpm_target_kind(), {.resolves_main_script = true});
}
BENCHMARK(ModelCheckedOnTheReference)->UseRealTime()->MinTime(5);
BENCHMARK(ModelCheckedThroughPhpFpm)->UseRealTime()->MinTime(5);

}  // namespace
