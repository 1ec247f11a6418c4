#include "conformance/suite/realpath/model_check.h"

#include "conformance/suite/realpath/known_root.h"

namespace assay::conformance {

// A target without a main script ("main-script": "none") resolves nothing of its own at the start of a request.
RealpathHost realpath_host_of(const Target& target) {
  const auto& choices = target.description().choices;
  const auto found = choices.find("main-script");
  return {.resolves_main_script = found == choices.end() || found->second != "none"};
}

TestResult check_against_the_model(TestContext& context, ModelCheck::MakeTrace make) {
  const auto model = [root = root_of_first_run(context), host = realpath_host_of(context.target)](
                         const Trace& trace, std::span<const Observation> seen) {
    return judge_realpath(trace, seen, root, host);
  };
  // The root is in the lengths and keys of paths: each run is the first of an executor.
  const auto run = [&](const Trace& trace) { return Executor(context.target, context.folder).run(trace); };
  return Campaign(run).run(ModelCheck(model, std::move(make)));
}

}  // namespace assay::conformance
