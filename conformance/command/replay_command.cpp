#include "conformance/command/replay_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "conformance/catalogue/catalogue.h"
#include "conformance/command/exit_status.h"
#include "conformance/command/guarded.h"
#include "conformance/command/output.h"
#include "conformance/command/run_command.h"
#include "conformance/execution/check_trace.h"
#include "conformance/execution/executor.h"
#include "conformance/execution/hang_note.h"
#include "conformance/exploration/crash_trace.h"
#include "conformance/reports/clean_text.h"
#include "conformance/reports/phpt_report.h"
#include "conformance/reports/report_file.h"
#include "conformance/vocabulary/trace_paths.h"
#include "support/proc/mount_namespace.h"

namespace assay::conformance {
namespace fs = std::filesystem;
namespace {

void print_observations(const Execution& execution) {
  for (const Observation& seen : execution.observations) {
    say("  step {:>3}  W{}  {}\n            {}\n", seen.step + 1, seen.worker,
        to_text(static_cast<const Call&>(seen.operation)), to_text(seen.reply));
  }
}

int status_of(const Execution& execution) {
  switch (execution.verdict) {
    case Verdict::pass:
      return exit_conforms;
    case Verdict::fail:
      return exit_violates;
    case Verdict::error:
      return exit_suite_broke;
    default:
      return exit_not_shown;
  }
}

// What the target's options name, with what stands beside it, and this program with its libraries: they may be in /tmp, of
// which a replay has an empty one.
std::vector<fs::path> visible_to(const std::string& target) {
  std::vector<fs::path> visible;
  std::error_code code;
  const auto show = [&](const fs::path& path) {
    const fs::path real = fs::canonical(path, code);
    if (code) return;
    visible.push_back(real);
    if (!fs::is_directory(real)) visible.push_back(real.parent_path());
  };
  if (const fs::path program = fs::read_symlink("/proc/self/exe", code); !code)
    show(program.parent_path().parent_path());
  constexpr const char* kBetween = ":,= ";
  for (std::size_t from = 0; from != std::string::npos;) {
    const std::size_t begin = target.find_first_not_of(kBetween, from);
    if (begin == std::string::npos) break;
    from = target.find_first_of(kBetween, begin);
    show(target.substr(begin, from == std::string::npos ? from : from - begin));
  }
  return visible;
}

// A trace may be a stranger's, and its target does what its scripts and directives say.
void confine(const ReplayOptions& replay, const fs::path& folder) {
  if (replay.allow_outside) return;
  if (const auto confined = make_all_read_only_but({folder}, CommonFolders::fresh, visible_to(replay.target));
      !confined)
    complain(fmt::format("note: the target can change files outside of the sandbox; the kernel refused {}",
                         confined.error().message));
}

// Whether anything could have failed: an expectation, an end, or what a monitor had something to say about.
bool was_judged(const Trace& trace, const Execution& execution) {
  const auto expects = [](const Step& step) {
    if (const auto* action = std::get_if<Action>(&step)) return action->kind() == ActionKind::explore_crash;
    const auto& request = std::get<Request>(step);
    return std::any_of(request.exchanges.begin(), request.exchanges.end(),
                       [](const Exchange& exchange) { return exchange.expected.has_value(); });
  };
  return !execution.monitored.empty() || std::any_of(trace.steps.begin(), trace.steps.end(), expects);
}

int show(const ReplayOptions& replay, const Trace& trace, Target& target, const std::filesystem::path& folder) {
  if (const std::string reason = reason_to_skip(trace, target.description()); !reason.empty()) {
    say("skip: {}\n", reason);
    return exit_not_shown;
  }
  ExecutorOptions options;
  options.allow_outside = replay.allow_outside;
  const Execution execution = Executor(target, folder, options).run(trace);
  if (execution.leads_out) {
    complain(fmt::format("{}:{}: {}", replay.trace, line_of_step(*execution.leads_out), execution.reason));
    return exit_wrong_use;
  }
  say("{}\n{}\nreplies:\n", trace.name, to_text(trace));
  print_observations(execution);
  if (execution.verdict == Verdict::pass && !was_judged(trace, execution)) {
    say("\nnot shown: the trace expects nothing; give an operation an \"expect\"\n");
    flush_output();
    return exit_not_shown;
  }
  say("\n{}{}{}\n", to_text(execution.verdict), execution.reason.empty() ? "" : ": ", execution.reason);
  if (const std::string missing = missing_hang(trace, execution); !missing.empty()) say("{}\n", missing);
  for (const std::string& id : trace.clauses) {
    if (const Clause* clause = find_clause(id); clause && execution.verdict == Verdict::fail) {
      say("\n{}  {}\n{}\n", clause->id, clause->title, clause->statement);
    }
  }
  if (!execution.log.empty()) say("\nlog of the target:\n{}\n", execution.log);
  flush_output();
  return status_of(execution);
}

int print_phpt(const Trace& trace, const std::string& file) {
  auto text = to_phpt(trace);
  if (!text) {
    complain(text.error().message);
    return exit_not_shown;
  }
  if (auto written = write_report_file(file, *text); !written) {
    complain(written.error().message);
    return exit_suite_broke;
  }
  return exit_conforms;
}

}  // namespace

int replay(const ReplayOptions& options) {
  auto trace = read_trace(options.trace);
  if (!trace) {
    complain(trace.error().message);
    return exit_wrong_use;
  }
  if (auto checked = check_trace(*trace, options.trace); !checked) {
    complain(checked.error().message);
    return exit_wrong_use;
  }
  if (auto checked = check_paths(*trace, options.trace, options.allow_outside); !checked) {
    complain(checked.error().message);
    return exit_wrong_use;
  }
  if (options.state && !choose_crash_state(*trace, *options.state)) {
    complain(fmt::format("{} explores no crash states, so --state means nothing to it", options.trace));
    return exit_wrong_use;
  }
  if (!options.phpt.empty()) return print_phpt(*trace, options.phpt);
  return run_in_temporary_folder([&](const std::filesystem::path& folder) {
    auto opened = open_target(options.target, folder);
    if (!opened.target) return opened.status;
    confine(options, folder);
    return show(options, *trace, *opened.target, folder);
  });
}

int export_traces(const std::string& folder, const std::string& target) {
  auto opened = open_target(target);
  if (!opened.target) return opened.status;
  std::error_code code;
  std::filesystem::create_directories(folder, code);
  int count = 0;
  for (const TestCase& test : all_tests()) {
    if (!test.trace) continue;
    const std::string file = folder + "/" + slug_of(test.id) + ".jsonl";
    if (auto written = write_report_file(file, to_json_lines(test.trace(opened.target->description()))); !written) {
      complain(written.error().message);
      return exit_suite_broke;
    }
    ++count;
  }
  say("{} traces written to {}\n", count, folder);
  return exit_conforms;
}

}  // namespace assay::conformance
