#include "conformance/runner/runner.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

#include <cerrno>
#include <cstring>
#include <optional>

#include "conformance/runner/processes.h"
#include "conformance/runner/result_json.h"
#include "conformance/runner/temporary_folder.h"
#include "support/files/remove_tree.h"
#include "support/proc/process_tree.h"
#include "support/time/time_budget.h"

namespace assay::conformance {
namespace {

using Clock = std::chrono::steady_clock;

struct Job {
  const TestCase* test = nullptr;
  pid_t pid = -1;
  int pipe = -1;
  std::filesystem::path folder;
  Clock::time_point began;
  std::optional<TimeBudget> budget;
  std::string received;
};

void write_all(int descriptor, const std::string& text) {
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t n = ::write(descriptor, text.data() + done, text.size() - done);
    if (n < 0 && errno != EINTR) return;
    if (n > 0) done += static_cast<std::size_t>(n);
  }
}

[[noreturn]] void job_main(const TestCase& test, Target& target, const std::filesystem::path& folder,
                           const TestOptions& options, int out, pid_t parent) {
  die_with_parent(parent);
  adopt_orphans();
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ::signal(signal, SIG_DFL);
  ::signal(SIGPIPE, SIG_IGN);
  const TestResult result = run_test(test, target, folder, options);
  kill_children_except({});
  write_all(out, result_to_json(result).dump(-1, ' ', false, Json::error_handler_t::replace));
  ::_exit(0);
}

class Jobs {
 public:
  Jobs(Target& target, const RunnerOptions& options, const std::function<void(TestResult)>& report)
      : target_(target), options_(options), report_(report) {}

  std::size_t running() const { return jobs_.size(); }

  void start(const TestCase& test) {
    Job job;
    job.test = &test;
    job.folder = options_.folder / fmt::format("t{}", ++started_);
    std::error_code code;
    std::filesystem::create_directory(job.folder, code);
    int ends[2];
    if (code || ::pipe2(ends, O_CLOEXEC) != 0) {
      report_(broken(test, fmt::format("cannot set up the test: {}", code ? code.message() : std::strerror(errno)), 0));
      return;
    }
    job.began = Clock::now();
    const pid_t self = ::getpid();
    job.pid = ::fork();
    if (job.pid == 0) {
      ::close(ends[0]);
      job_main(test, target_, job.folder, options_, ends[1], self);
    }
    ::close(ends[1]);
    job.pipe = ends[0];
    job.budget.emplace(limit_of(test), std::vector<pid_t>{job.pid});
    jobs_.push_back(std::move(job));
  }

  // Waits up to a moment for something to happen, and reports the tests that ended.
  void wait() {
    std::vector<pollfd> ready;
    for (const Job& job : jobs_) ready.push_back({job.pipe, POLLIN, 0});
    ::poll(ready.data(), ready.size(), 100);
    for (std::size_t i = jobs_.size(); i-- > 0;) {
      const bool ended = ready[i].revents != 0 && !receive(jobs_[i]);
      const auto left = ended ? TimeBudget::State::left : jobs_[i].budget->look();
      if (ended || left != TimeBudget::State::left) finish(i, left);
    }
  }

  void end_all() {
    for (const Job& job : jobs_) {
      end_process(job);
      ::close(job.pipe);
      remove_tree(job.folder);
    }
    jobs_.clear();
    kill_children_except({});
  }

 private:
  // Reads what is there; false at the end of the pipe.
  static bool receive(Job& job) {
    char buffer[65536];
    const ssize_t n = ::read(job.pipe, buffer, sizeof buffer);
    if (n > 0) job.received.append(buffer, static_cast<std::size_t>(n));
    return n > 0 || (n < 0 && errno == EINTR);
  }

  static int end_process(const Job& job) {
    for (const pid_t below : descendants_of(job.pid)) ::kill(below, SIGKILL);
    ::kill(job.pid, SIGKILL);
    int status = 0;
    while (::waitpid(job.pid, &status, 0) < 0 && errno == EINTR) {
    }
    return status;
  }

  static TestResult broken(const TestCase& test, std::string reason, double seconds) {
    TestResult result;
    result.test = test.id;
    result.kind = test.kind;
    result.verdict = Verdict::error;
    result.reason = std::move(reason);
    result.seconds = seconds;
    for (const std::string& clause : test.clauses) result.clauses[clause] = Verdict::error;
    return result;
  }

  // A sweep ends by itself when its time is over, but for the runs that it needs before and after, and one that hangs.
  std::chrono::seconds limit_of(const TestCase& test) const {
    const std::chrono::seconds once(test.seconds_limit);
    return options_.sweep ? sweep_time(options_.profile) + 4 * once : once;
  }

  TestResult too_long(const Job& job, TimeBudget::State left, double seconds) const {
    TestResult result =
        broken(*job.test, fmt::format("the test did not end within {} s", limit_of(*job.test).count()), seconds);
    if (left == TimeBudget::State::spent) return result;
    result.verdict = Verdict::inconclusive;
    result.reason = undecided(fmt::format("{} ({:.0f} s of real time)", result.reason, seconds));
    for (auto& [clause, verdict] : result.clauses) verdict = Verdict::inconclusive;
    return result;
  }

  TestResult result(const Job& job, int status, TimeBudget::State left) const {
    const double seconds = std::chrono::duration<double>(Clock::now() - job.began).count();
    if (left != TimeBudget::State::left) return too_long(job, left, seconds);
    if (WIFSIGNALED(status) && job.received.empty()) {
      return broken(*job.test, fmt::format("the test's process died: {}", strsignal(WTERMSIG(status))), seconds);
    }
    const Json json = Json::parse(job.received, nullptr, false);
    if (json.is_discarded())
      return broken(*job.test, fmt::format("the test's process ended without a result (status {})", status), seconds);
    auto result = result_from_json(json);
    return result ? std::move(*result) : broken(*job.test, result.error().message, seconds);
  }

  // `left` of its budget: where nothing is, its process has not ended.
  void finish(std::size_t index, TimeBudget::State left) {
    Job job = std::move(jobs_[index]);
    jobs_.erase(jobs_.begin() + static_cast<std::ptrdiff_t>(index));
    int status = 0;
    if (left != TimeBudget::State::left) {
      status = end_process(job);
    } else {
      while (::waitpid(job.pid, &status, 0) < 0 && errno == EINTR) {
      }
    }
    ::close(job.pipe);
    std::vector<pid_t> keep;
    for (const Job& other : jobs_) keep.push_back(other.pid);
    kill_children_except(keep);
    remove_tree(job.folder);
    report_(result(job, status, left));
  }

  Target& target_;
  const RunnerOptions& options_;
  const std::function<void(TestResult)>& report_;
  std::vector<Job> jobs_;
  int started_ = 0;
};

}  // namespace

void run_tests(std::span<const TestCase* const> tests, Target& target, const RunnerOptions& options,
               const std::function<void(TestResult)>& report, const std::function<bool()>& interrupted) {
  Jobs jobs(target, options, report);
  std::size_t next = 0;
  while (next < tests.size() || jobs.running() > 0) {
    if (interrupted()) {
      jobs.end_all();
      return;
    }
    while (next < tests.size() && jobs.running() < static_cast<std::size_t>(options.jobs)) jobs.start(*tests[next++]);
    if (jobs.running() > 0) jobs.wait();
  }
}

}  // namespace assay::conformance
