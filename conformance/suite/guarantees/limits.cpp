// Limits of the system that really bite a worker: no descriptor is left, no file may grow. C++, because a limit of a
// process is no step of a trace.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <fstream>

#include "conformance/suite/guarantees/live_runtime.h"

using namespace assay::conformance;
namespace fs = std::filesystem;

namespace {

using K = OperationKind;
constexpr std::chrono::seconds bound{2};

void write_script(const Sandbox& sandbox, const std::string& name) {
  const fs::path path = sandbox.root / (name + ".php");
  std::ofstream(path) << "<?php\nreturn 'result of " << name << "';\n";
  const timespec old{clock_start - 1000, 0};
  const timespec times[] = {old, old};
  ::utimensat(AT_FDCWD, path.c_str(), times, 0);
}

Operation include(const Sandbox& sandbox, const std::string& name) {
  return make_operation(K::include, {{"path", (sandbox.root / (name + ".php")).string()}});
}

bool is_right(const std::vector<Reply>& replies, const std::string& name) {
  return replies.size() == 1 && replies[0].kind == Reply::Kind::value && replies[0].value == Value("result of " + name);
}

// While the limit stands: whatever comes back comes back in time, and a result is the right one. Afterwards: all is
// well in both workers.
// `must_be_met`: a script that was never read needs it, so that a request has to notice.
TestResult under_a_limit(const TestContext& context, int resource, bool must_be_met, const char* name,
                         const Configuration& configuration) {
  auto live = LiveRuntime::start(context.target, context.folder / "live", configuration);
  if (!live) return test_result(live.error());
  LiveRuntime& runtime = **live;
  const Sandbox& sandbox = runtime.sandbox();
  for (const char* script : {"before", "during", "after"}) write_script(sandbox, script);
  if (!is_right(runtime.request(0, {include(sandbox, "before")}), "before"))
    return test_result(Verdict::error, "the first script of a fresh runtime has no right result");

  rlimit old{};
  if (::prlimit(runtime.process(0), static_cast<__rlimit_resource>(resource), nullptr, &old) != 0)
    return test_result(Verdict::inconclusive,
                       fmt::format("the limits of a worker cannot be read: {}", std::strerror(errno)));
  // Nothing more than what it has; nothing at all for sizes.
  const rlimit none{resource == RLIMIT_NOFILE ? rlim_t{3} : rlim_t{0}, old.rlim_max};
  if (::prlimit(runtime.process(0), static_cast<__rlimit_resource>(resource), &none, nullptr) != 0)
    return test_result(Verdict::inconclusive, fmt::format("a worker cannot be limited: {}", std::strerror(errno)));
  const pid_t limited = runtime.process(0);

  TestResult result;
  bool was_met = false;
  for (const char* script : {"during", "before", "during"}) {
    const auto outcome = runtime.execute(0, {include(sandbox, script)}, bound);
    ++result.evidence.operations;
    if (!outcome && outcome.error().kind == assay::Error::Kind::refused) return test_result(outcome.error());
    // The adapter itself does not get through: what is exhausted was met, and nothing came back.
    was_met |= !outcome;
    if (!outcome) continue;
    if (outcome->kind == Outcome::Kind::hung)
      return test_result(Verdict::fail, fmt::format("a request did not end within the bound while {} was exhausted: {}",
                                                    name, outcome->detail));
    const Reply& reply = outcome->replies.at(0);
    const bool has_value = reply.kind == Reply::Kind::value && reply.value.is_string();
    if (has_value && !is_right(outcome->replies, script))
      return test_result(Verdict::fail, fmt::format("a wrong result while {} was exhausted", name));
    was_met |= !has_value;
  }
  if (runtime.process(0) != limited)
    return test_result(Verdict::fail, fmt::format("the worker died while {} was exhausted", name));
  if (must_be_met && !was_met)
    return test_result(Verdict::inconclusive, fmt::format("no request needed what was exhausted: {}", name));
  ::prlimit(limited, static_cast<__rlimit_resource>(resource), &old, nullptr);
  for (const int worker : {0, 1, 0, 1}) {
    for (const char* script : {"before", "during", "after"}) {
      if (!is_right(runtime.request(worker, {include(sandbox, script)}), script))
        return test_result(Verdict::fail, fmt::format("worker {} has no right result of {}.php after {} was exhausted",
                                                      worker, script, name));
    }
  }
  result.evidence.traces = 1;
  return result;
}

// As many files as the cache can have: each script in one, and lines in a log.
Configuration with_files() {
  Configuration configuration = two_workers();
  configuration.ini = {
      {"opcache.file_cache", "@"}, {"opcache.log_verbosity_level", "4"}, {"opcache.error_log", "@/log"}};
  return configuration;
}

}  // namespace

BODY_TEST("exhaustion", "GU-LIV-05/emfile-file-cache", "GU-RES-04 GU-SYS-03",
          "EMFILE in the file cache and the log ends no worker",
          {"script_cache", "script_cache.file_cache", "workers.processes"}) {
  return under_a_limit(context, RLIMIT_NOFILE, true, "the room for descriptors", with_files());
}

BODY_TEST("exhaustion", "GU-LIV-05/emfile", "GU-RES-04", "EMFILE ends no worker",
          {"script_cache", "workers.processes"}) {
  return under_a_limit(context, RLIMIT_NOFILE, true, "the room for descriptors", two_workers());
}

// With a quiet log: a process that writes beyond this limit is ended by the kernel, whatever it is.
BODY_TEST("exhaustion", "GU-RES-04/file-size-limit", "", "a limit on a worker's file size leaves shared memory alone",
          {"script_cache", "workers.processes"}) {
  return under_a_limit(context, RLIMIT_FSIZE, false, "the size of files", two_workers());
}
