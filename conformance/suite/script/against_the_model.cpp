// The script cache against its model: random histories by dimension, and all short ones.
#include <unistd.h>

#include "conformance/exploration/campaign.h"
#include "conformance/exploration/model_check.h"
#include "conformance/generators/exhaustive_scripts.h"
#include "conformance/generators/trace_generators.h"
#include "conformance/models/judge_scripts.h"
#include "conformance/registry/registration.h"
#include "conformance/suite/realpath/known_root.h"

using namespace assay::conformance;

namespace {

// What the model has to be told of a target.
ScriptHost script_host_of(const Description& target) {
  const auto chose = [&](const char* name, const char* value) {
    const auto found = target.choices.find(name);
    return found != target.choices.end() && found->second == value;
  };
  ScriptHost host;
  host.excluded_main_script = !chose("main-script", "none");
  host.compiling_includes = chose("compile-of-a-cached-file", "included");
  host.failing_once_includes = chose("once-of-a-cached-file-that-is-gone", "included");
  host.reads_everything = ::geteuid() == 0;
  host.keeps_moved_files = chose("once-of-a-file-that-moved", "kept");
  host.doubles_keys = chose("keys-of-once-includes", "doubled");
  host.runs_stale_copies = chose("copy-after-a-discarded-compilation", "any");
  host.files_lack_sizes = chose("size-of-a-script-filed-without-memory", "none");
  host.dies_of_chains = chose("key-of-a-key", "unsafe");
  return host;
}

TestResult check_against_the_model(TestContext& context, ModelCheck::MakeTrace make) {
  const auto model = [root = root_of_first_run(context), host = script_host_of(context.target.description())](
                         const Trace& trace, std::span<const Observation> seen) {
    return judge_scripts(trace, seen, root, host);
  };
  // Monitors stay off: they would judge the same replies once more. The root is in the lengths of paths: each run is the
  // first of an executor.
  const auto run = [&](const Trace& trace) {
    return Executor(context.target, context.folder, {.with_monitors = false}).run(trace);
  };
  return Campaign(run).run(ModelCheck(model, std::move(make)));
}

// What such a target has included after that differs from case to case, and is not told (docs/findings.md).
bool runs_moved_files_twice(TestContext& context) {
  return script_host_of(context.target.description()).keeps_moved_files;
}

TestCase random_test(const std::string& id, const std::string& clauses, const std::string& title,
                     ScriptTraceOptions options, ByProfile traces, int line = __builtin_LINE()) {
  // The model judges the messages of failures as well.
  TestCase test = describe_test("property", id, clauses + " SC-API-14", title, __FILE__, line);
  test.needs = {"script_cache", "clock.virtual", "workers"};
  if (options.served) test.needs.insert("deploy");
  if (options.questions) test.needs.insert("script_cache.file_override");
  if (options.excluded) test.needs.insert({"script_cache.blacklist", "reload"});
  if (options.readers) test.needs.insert("rendezvous");
  if (options.users) test.needs.insert("workers.users");
  if (options.filed) test.needs.insert({"script_cache.file_cache", "reload"});
  test.seconds_limit = 900;
  test.body = [options, traces](TestContext& context) {
    ScriptTraceOptions shown = options;
    shown.kills = options.kills && context.target.description().features.contains("workers.processes");
    if (options.pools && runs_moved_files_twice(context)) shown.left_links = false;
    if (script_host_of(context.target.description()).dies_of_chains && context.profile != Profile::thorough)
      shown.left_links = false;  // it dies of some (SC-KEY-12/moved-folder)
    const auto make = [&](std::uint64_t seed) { return random_script_trace(seed, shown); };
    const std::uint64_t most = traces.of(context.profile);
    return check_against_the_model(context, ModelCheck::random(context.seed, most, make));
  };
  return test;
}

// One dimension: files under their resolved paths.
ScriptTraceOptions plain() {
  ScriptTraceOptions options;
  options.workers = 2;
  options.once = options.spellings = options.relative = options.nested = options.links = options.moves = false;
  options.directives = options.pools = options.kills = false;
  return options;
}

// All of them, on trees whose files, folders and links change places.
ScriptTraceOptions moving() {
  ScriptTraceOptions options;
  options.workers = 2;
  options.pools = false;
  return options;
}

// Pools of one server with directives of their own.
ScriptTraceOptions pools() {
  ScriptTraceOptions options;
  options.workers = 3;
  options.steps = 40;
  return options;
}

// One more dimension beside all of those.
ScriptTraceOptions moving_with(bool ScriptTraceOptions::*dimension) {
  ScriptTraceOptions options = moving();
  options.*dimension = true;
  return options;
}

// Files that the workers may not read.
ScriptTraceOptions closed_files() {
  ScriptTraceOptions options = moving_with(&ScriptTraceOptions::users);
  options.modes = true;
  return options;
}

// Requests that wait while others run.
ScriptTraceOptions readers() {
  ScriptTraceOptions options = moving_with(&ScriptTraceOptions::readers);
  options.workers = 3;
  options.kills = false;
  return options;
}

// And little room: a restart is scheduled while some of them wait.
ScriptTraceOptions crowded_readers() {
  ScriptTraceOptions options = readers();
  options.full_memory = true;
  return options;
}

// The runtime has little room.
ScriptTraceOptions crowded(bool ScriptTraceOptions::*dimension) {
  ScriptTraceOptions options = moving_with(dimension);
  options.kills = false;
  return options;
}

// Without relative names, whose keys may be none then (SC-KEY-05).
ScriptTraceOptions few_strings() {
  ScriptTraceOptions options = moving_with(&ScriptTraceOptions::full_strings);
  options.relative = false;
  return options;
}

[[maybe_unused]] const bool against_the_model_registered = register_tests({
    random_test("SC-VAL-02/random-files",
                "SC-VAL-05 SC-VAL-06 SC-VAL-08 SC-API-02 SC-API-03 SC-API-05 SC-STA-05 SC-ALL-04",
                "random histories of files are as the model says", plain(), {5, 150, 1500}),
    random_test("SC-KEY-01/random-trees", "SC-KEY-02 SC-KEY-03 SC-KEY-08 SC-KEY-10 SC-API-06 SC-VAL-07 SC-RST-18",
                "random histories of moving trees are as the model says", moving(), {8, 150, 1500}),
    random_test("SC-KEY-07/random-pools", "SC-KEY-17 SC-STA-02 SC-STA-07 SC-RST-13",
                "random histories of pools with directives of their own are as the model says", pools(), {3, 80, 800}),
    random_test("SC-OVR-01/random-questions", "SC-OVR-02",
                "random histories of questions about files are as the model says",
                moving_with(&ScriptTraceOptions::questions), {3, 60, 1000}),
    random_test("SC-EXC-03/random-blacklists", "SC-EXC-02 SC-STA-06",
                "random histories with a blacklist are as the model says", moving_with(&ScriptTraceOptions::excluded),
                {2, 60, 1000}),
    random_test("SC-KEY-09/random-main-scripts", "DP-02 DP-12 RP-LIFE-08",
                "random histories of main scripts and included ones are as the model says",
                moving_with(&ScriptTraceOptions::served), {10, 200, 1500}),
    random_test("SC-SEC-01/random-modes", "SC-STA-05",
                "random histories of files that the workers may not read are as the model says", closed_files(),
                {10, 200, 1500}),
    random_test("SC-FIL-05/random-file-cache", "SC-FIL-06 SC-FIL-08 SC-FIL-09 SC-FIL-10 SC-FIL-14",
                "random histories of a file cache are as the model says", moving_with(&ScriptTraceOptions::filed),
                {3, 60, 1000}),
    random_test("SC-RST-12/random-readers", "SC-RST-09 SC-RST-10 SC-RST-11 SC-RST-22 SC-VAL-04",
                "random histories of requests that wait while others run are as the model says", readers(),
                {3, 100, 1500}),
    random_test("SC-RST-12/random-crowded-readers", "SC-RST-01 SC-RST-06 SC-RST-17 SC-RST-22",
                "random histories of requests that wait while memory runs out are as the model says", crowded_readers(),
                {2, 60, 1000}),
    random_test("SC-RST-07/random-full-tables", "SC-KEY-13 SC-KEY-14 SC-STA-06",
                "random histories of a table that is nearly full are as the model says",
                crowded(&ScriptTraceOptions::full_table), {2, 60, 1000}),
    random_test("SC-RST-01/random-full-memories", "SC-RST-03 SC-RST-04 SC-RST-05 SC-RST-06 SC-RST-17 SC-ALL-02",
                "random histories of a memory that is nearly full are as the model says",
                crowded(&ScriptTraceOptions::full_memory), {3, 100, 1500}),
    random_test("SC-INT-02/random-full-buffers", "SC-INT-01 SC-INT-03 SC-ALL-07",
                "random histories of a buffer of strings that is nearly full are as the model says", few_strings(),
                {2, 60, 1000}),
});

}  // namespace

namespace {

// All short histories, and beyond a length one of so many of them.
TestResult check_short_histories(TestContext& context, ExhaustiveScriptOptions options) {
  options.operations = 4;
  if (context.profile == Profile::quick) {
    options.sampled_from = 3;
    options.every = 150;
    options.first = context.seed;
  }
  ExhaustiveScripts all(options);
  const auto make = [&](std::uint64_t) -> std::optional<ModelCheck::Joined> {
    auto trace = all.next();
    if (!trace) return std::nullopt;
    return ModelCheck::Joined{std::move(*trace), {}, {}};
  };
  TestResult result = check_against_the_model(context, make);
  result.evidence.traces = all.histories();  // a trace has several of them
  return result;
}

}  // namespace

BODY_TEST("exhaustive", "SC-VAL-06/every-short-history", "SC-KEY-02 SC-API-06 SC-API-14 SC-RST-13",
          "every short history of two workers is as the model says", {"script_cache", "clock.virtual", "workers"}) {
  return check_short_histories(context, {});
}

BODY_TEST("exhaustive", "SC-KEY-08/every-short-move", "SC-KEY-10 SC-API-10 SC-API-14",
          "every short history of a folder that leaves a link is as the model says",
          {"script_cache", "clock.virtual", "workers"}) {
  // Where it runs a script twice whose folder moved (GU-VAL-07/once-moved-folder), what becomes of a new version is not told.
  const bool keeps = runs_moved_files_twice(context);
  return check_short_histories(context, {.alphabet = keeps ? ScriptAlphabet::unchanged_moves : ScriptAlphabet::moves});
}

BODY_TEST("exhaustive", "SC-KEY-07/every-short-move", "SC-API-07 SC-API-14",
          "every short history of a folder that leaves a link is as the model says with revalidate_path",
          {"script_cache", "clock.virtual", "workers"}) {
  return check_short_histories(context, {.alphabet = ScriptAlphabet::moves, .ini = {{"opcache.revalidate_path", "1"}}});
}

BODY_TEST("exhaustive", "SC-FIL-05/every-short-history", "SC-API-14 SC-FIL-06 SC-FIL-08 SC-FIL-14",
          "every short history of a script with a file in the file cache is as the model says",
          {"script_cache", "script_cache.file_cache", "clock.virtual", "workers"}) {
  return check_short_histories(context, {.alphabet = ScriptAlphabet::files, .ini = {{"opcache.revalidate_freq", "0"}}});
}
