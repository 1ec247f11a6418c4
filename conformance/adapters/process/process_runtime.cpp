#include "conformance/adapters/process/process_runtime.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "conformance/adapters/php/process_state.h"
#include "conformance/adapters/process/process_worker.h"

namespace assay::conformance::process {
namespace {

using Kind = Conversation::Answer::Kind;

constexpr std::chrono::milliseconds kGrace{2000};

std::vector<std::string> environment_of(const ProcessSettings& settings, const Sandbox& sandbox) {
  std::vector<std::string> environment = {"TMPDIR=" + sandbox.scratch.string()};
  if (settings.interposer.empty()) return environment;
  environment.push_back("LD_PRELOAD=" + settings.interposer);
  environment.push_back("ASSAY_CONTROL=" + sandbox.control.string());
  environment.push_back("ASSAY_DIE_WITH_PARENT=1");
  return environment;
}

}  // namespace

std::string Connection::complaint(const std::string& what) const {
  const auto ending = adapter->ending();
  std::string text = ending ? fmt::format("the adapter (process {}) {}", adapter->pid(), *ending) : what;
  if (text.empty()) text = fmt::format("the adapter (process {}) is gone", adapter->pid());
  const std::string words = adapter->last_words();
  return words.empty() ? text : text + "; on its standard error:" + words;
}

Expected<Json> Connection::ask(const Json& message, const char* name, std::chrono::milliseconds limit) {
  TimeBudget budget(limit);
  auto answer = conversation->ask(message, budget);
  switch (answer.kind) {
    case Kind::message:
      if (const auto error = error_in(answer.message))
        return failure(complaint(fmt::format("the adapter refuses \"{}\": {}", name, *error)));
      return std::move(answer.message);
    case Kind::garbage:
      return failure(complaint(fmt::format("the adapter answers \"{}\" with {}", name, answer.detail)));
    case Kind::timed_out:
      return failure(
          complaint(fmt::format("the adapter does not answer \"{}\" within {} s ({})", name,
                                static_cast<double>(limit.count()) / 1000, php::state_of_hung(adapter->pid()))));
    case Kind::undecided:
      return refusal(undecided(fmt::format("the adapter does not answer \"{}\"", name)));
    default:
      return failure(complaint(fmt::format("the adapter does not answer \"{}\": {}", name, answer.detail)));
  }
}

Expected<std::pair<std::shared_ptr<Connection>, Greeting>> connect(const ProcessSettings& settings,
                                                                   const Sandbox& sandbox) {
  auto connection = std::make_shared<Connection>();
  connection->adapter = ASSAY_TRY(
      AdapterProcess::start(settings.command, environment_of(settings, sandbox), sandbox.scratch / "adapter-errors"));
  const AdapterProcess& adapter = *connection->adapter;
  connection->conversation = std::make_unique<Conversation>(adapter.input(), adapter.output(), adapter.handle());
  const Json answer = ASSAY_TRY(connection->ask(hello_message(), "hello", settings.limit));
  auto greeting = greeting_from(answer);
  if (!greeting) return failure(connection->complaint(greeting.error().message));
  if (connection->adapter->ending())
    return failure(connection->complaint("") + "; it has to stay where it was started, in the foreground");
  return std::pair(std::move(connection), std::move(*greeting));
}

ProcessRuntime::ProcessRuntime(const ProcessSettings& settings, const Configuration& configuration,
                               const Sandbox& sandbox, points::ControlBlock control)
    : settings_(settings), configuration_(configuration), sandbox_(sandbox), control_(std::move(control)) {
  for (int i = 0; i < configuration.worker_count(); ++i) workers_.push_back(std::make_unique<ProcessWorker>(i, *this));
}

Expected<std::unique_ptr<ProcessRuntime>> ProcessRuntime::start(const ProcessSettings& settings,
                                                                const Configuration& configuration,
                                                                const Sandbox& sandbox) {
  auto control = points::ControlBlock::open(sandbox.control.string());
  if (!control) return failure(control.error().message);
  std::unique_ptr<ProcessRuntime> runtime(new ProcessRuntime(settings, configuration, sandbox, std::move(*control)));
  ASSAY_TRY(runtime->begin());
  return runtime;
}

ProcessRuntime::~ProcessRuntime() {
  (void)finish();
}

Expected<void> ProcessRuntime::finish() {
  if (!connection_) return {};
  const auto connection = std::exchange(connection_, nullptr);
  if (connection->adapter->ending()) return {};
  TimeBudget budget(kGrace);
  connection->conversation->send(end_message(), budget);
  const auto ended = connection->adapter->end(kGrace);
  if (ended) return {};
  // Killed by now, which is no news: complaint() would tell of that.
  return failure(fmt::format("the adapter does not end within {} s of the message \"end\" and the end of its input",
                             kGrace.count() / 1000));
}

std::shared_ptr<Connection> ProcessRuntime::connection() const {
  const std::lock_guard lock(mutex_);
  return connection_;
}

// A connection from before is ended; whoever still waits there is told so.
Expected<void> ProcessRuntime::begin() {
  if (connection_) (void)connection_->adapter->end(std::chrono::milliseconds(0));
  auto connected = ASSAY_TRY(connect(settings_, sandbox_));
  {
    const std::lock_guard lock(mutex_);
    connection_ = std::move(connected.first);
  }
  const Json answer = ASSAY_TRY(connection_->ask(start_message(configuration_, sandbox_), "start", settings_.limit));
  return take(ASSAY_TRY(processes_from(answer, "workers", workers_.size())), 0);
}

Expected<void> ProcessRuntime::take(const Processes& processes, std::size_t first) {
  for (std::size_t i = 0; i < processes.size(); ++i) {
    ASSAY_TRY(check_process(first + i, processes[i]));
    for (std::size_t j = 0; j < i; ++j) {
      if (processes[i] > 0 && processes[i] == processes[j])
        return failure(fmt::format("the adapter names process {} as worker {} and as worker {}", processes[i], j, i));
    }
    workers_[first + i]->set_process(processes[i]);
  }
  return {};
}

// The suite kills and stops what is named: it has to be the adapter's own.
Expected<void> ProcessRuntime::check_process(std::size_t worker, pid_t process) const {
  if (process == 0 && !settings_.names_processes) return {};
  if (process == 0)
    return failure(fmt::format("the adapter claims workers.processes, but names no process for worker {}", worker));
  const auto wrong = [&](const std::string& what) {
    return failure(fmt::format("the adapter names process {} as worker {}, but {}", process, worker, what));
  };
  const pid_t adapter = connection_->adapter->pid();
  if (process == adapter)
    return wrong("that is the adapter itself; answer null where a worker has no process of its own");
  auto state = php::read_process_state(process);
  if (!state) return wrong("there is no such process");
  if (!state->is_running()) return wrong("it " + std::string("is dead: ") + state->describe());
  if (connection_->adapter->ending()) return wrong("the adapter has ended");
  for (; state && state->parent != adapter; state = php::read_process_state(state->parent)) {
    if (state->parent <= 1) return wrong("it is not below the adapter's process");
  }
  return {};
}

Worker& ProcessRuntime::worker(int number) {
  return *workers_.at(static_cast<std::size_t>(number));
}

// A worker without a process of its own lives and dies with the adapter.
Expected<void> ProcessRuntime::replace(int number) {
  ProcessWorker& worker = *workers_.at(static_cast<std::size_t>(number));
  if (!worker.process() || connection_->adapter->ending()) return begin();
  ASSAY_TRY(worker.kill());
  auto answer = connection_->ask(replace_message(number), "replace", settings_.limit);
  if (!answer && connection_->adapter->ending()) return begin();
  if (!answer) return tl::unexpected(answer.error());
  return take(ASSAY_TRY(processes_from(*answer, "workers", 1)), static_cast<std::size_t>(number));
}

Expected<void> ProcessRuntime::reload() {
  if (connection_->adapter->ending()) return begin();
  const Json answer = ASSAY_TRY(connection_->ask(reload_message(), "reload", settings_.limit));
  return take(ASSAY_TRY(processes_from(answer, "workers", workers_.size())), 0);
}

std::string ProcessRuntime::log() const {
  const auto current = connection();
  return current ? current->adapter->errors() : "";
}

}  // namespace assay::conformance::process
