// Real signals in the middle of operations: a worker is stopped and continued again and again while it serves.
#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "conformance/suite/guarantees/live_runtime.h"

using namespace assay;
using namespace assay::conformance;

namespace {

// Operations of one request, each with the one value that is right.
struct Asked {
  std::vector<Operation> operations;
  std::vector<Value> right;
  void ask(Operation operation, Value value) {
    operations.push_back(std::move(operation));
    right.push_back(std::move(value));
  }
};

Asked everything(const Description& target, int round) {
  using K = OperationKind;
  Asked all;
  for (int i = 0; i < 60; ++i) {
    const Value value = Value::list({round, i, std::string(200, 'v')});
    if (target.features.contains("static_cache.volatile")) {
      const std::string key = "k" + std::to_string(i % 7);
      all.ask(make_operation(K::cache_set, {{"key", key}, {"value", value}}), true);
      all.ask(make_operation(K::cache_get, {{"key", key}}), value);
      all.ask(make_operation(K::cache_set_multiple, {{"values", Value::map({{"m", i}, {"n", value}})}}), true);
      all.ask(make_operation(K::cache_has, {{"key", "m"}}), true);
      all.ask(make_operation(K::cache_delete, {{"key", "n"}}), true);
      all.ask(make_operation(K::cache_get, {{"key", "n"}, {"default", "gone"}}), "gone");
    }
    if (target.features.contains("script_cache")) {
      all.ask(make_operation(K::invalidate, {{"path", "@/a.php"}, {"force", true}}), true);
      all.ask(make_operation(K::include, {{"path", "@/a.php"}}), "a");
      all.ask(make_operation(K::is_cached, {{"path", "@/a.php"}}), true);
    }
    all.ask(make_operation(K::include, {{"path", "@/link.php"}}), "a");
    if (target.features.contains("realpath_cache")) {
      all.ask(make_operation(K::clear_stat_cache, {{"realpath", true}}), Value());
      all.ask(make_operation(K::realpath, {{"path", "@/link.php"}}), "@/a.php");
    }
    all.ask(make_operation(K::read_file, {{"path", "@/text"}}), "text");
    all.ask(make_operation(K::put_file, {{"path", "@/written"}, {"data", "written"}}), 7);
  }
  return all;
}

// Stops a process and continues it until told to end; how often is the result.
class StopsAndContinues {
 public:
  explicit StopsAndContinues(pid_t process) : thread_([this, process] { run(process); }) {}
  std::uint64_t end() {
    over_ = true;
    thread_.join();
    return times_;
  }

 private:
  void run(pid_t process) {
    while (!over_) {
      ::kill(process, SIGSTOP);
      std::this_thread::sleep_for(std::chrono::microseconds(50));
      ::kill(process, SIGCONT);
      ++times_;
      std::this_thread::sleep_for(std::chrono::microseconds(150));
    }
  }
  std::atomic<bool> over_ = false;
  std::uint64_t times_ = 0;
  std::thread thread_;
};

// Empty: every reply was right.
std::string wrong_in(const Asked& asked, const Expected<Outcome>& outcome) {
  if (!outcome) return outcome.error().message;
  if (outcome->kind != Outcome::Kind::completed)
    return "the request " + std::string(to_text(outcome->kind)) + " " + outcome->detail;
  for (std::size_t i = 0; i < asked.right.size(); ++i) {
    const Reply& reply = outcome->replies[i];
    if (reply.kind == Reply::Kind::value && reply.value == asked.right[i]) continue;
    return to_text(static_cast<const Call&>(asked.operations[i])) + ": expected " + to_text(asked.right[i]) + ", got " +
           to_text(reply);
  }
  return "";
}

TestResult interrupted(TestContext& context) {
  TestResult result;
  Configuration configuration;
  auto live = LiveRuntime::start(context.target, context.folder / "live", configuration);
  if (!live) return test_result(live.error());
  const auto& root = (*live)->sandbox().root;
  std::ofstream(root / "a.php") << "<?php\nreturn 'a';\n";
  std::ofstream(root / "text") << "text";
  std::filesystem::create_symlink("a.php", root / "link.php");
  for (const char* name : {"a.php", "text"}) {
    const timespec old{clock_start - 1000, 0};
    const timespec times[] = {old, old};
    ::utimensat(AT_FDCWD, (root / name).c_str(), times, 0);
  }
  // On a busy machine the thread that sends the signals is away while most of a request is served: then there are more
  // rounds.
  constexpr std::uint64_t kLeast = 20;
  constexpr int kMostRounds = 500;
  const int rounds = context.profile == Profile::quick ? 3 : 30;
  std::uint64_t interruptions = 0;
  for (int round = 0; round < rounds || (interruptions < kLeast && round < kMostRounds); ++round) {
    const Asked asked = everything(context.target.description(), round);
    StopsAndContinues signals((*live)->process(0));
    const auto outcome = (*live)->execute(0, asked.operations, std::chrono::seconds(20));
    interruptions += signals.end();
    ++result.evidence.traces;
    result.evidence.operations += asked.operations.size();
    if (const std::string wrong = wrong_in(asked, outcome); !wrong.empty()) {
      result.verdict = Verdict::fail;
      result.reason = fmt::format("round {}, {} stops: {}", round + 1, interruptions, wrong);
      return result;
    }
  }
  result.reason = fmt::format("stopped and continued {} times", interruptions);
  if (interruptions >= kLeast) return result;
  result.verdict = Verdict::inconclusive;
  return result;
}

}  // namespace

BODY_TEST("stress", "GU-LIV-04/stopped-and-continued", "GU-VAL-03 GU-SYS-05 ST-PRC-12",
          "a worker that is stopped and continued at any moment replies as if it were not",
          {"workers.processes", "scripts", "files"}) {
  return interrupted(context);
}
