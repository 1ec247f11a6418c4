#include "conformance/adapters/process/process_worker.h"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

#include "conformance/adapter/fatal_error.h"
#include "conformance/adapters/php/process_state.h"

namespace assay::conformance::process {
namespace {

using Kind = Conversation::Answer::Kind;

constexpr std::chrono::seconds kWorkerKillLimit{10};

Outcome lost(Outcome::Kind kind, std::size_t exchanges, std::string detail) {
  Outcome outcome;
  outcome.kind = kind;
  outcome.detail = std::move(detail);
  outcome.replies.assign(exchanges, Reply::not_run());
  return outcome;
}

}  // namespace

std::optional<pid_t> ProcessWorker::process() const {
  const pid_t pid = pid_.load();
  return pid > 0 ? std::optional(pid) : std::nullopt;
}

void ProcessWorker::set_process(pid_t pid) {
  const pid_t old = pid_.exchange(pid);
  if (old > 0 && old != pid) runtime_.control().forget(old);
  handle_.close();
  if (pid <= 0) return;
  handle_ = FileDescriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  (void)runtime_.control().name_worker(number_, pid);
}

Expected<void> ProcessWorker::kill() {
  if (pid_ <= 0 || !handle_.is_open()) return {};
  ::syscall(SYS_pidfd_send_signal, handle_.get(), SIGKILL, nullptr, 0);
  TimeBudget budget(kWorkerKillLimit);
  pollfd event{handle_.get(), POLLIN, 0};
  while (::poll(&event, 1, budget.milliseconds_to_next_look()) <= 0) {
    if (const auto left = budget.look(); left != TimeBudget::State::left)
      return too_late(left, fmt::format("worker {} (process {}) does not die", number_, pid_.load()));
  }
  return {};
}

Expected<Outcome> ProcessWorker::execute(std::span<const Exchange> exchanges, std::chrono::milliseconds limit) {
  const auto connection = runtime_.connection();
  TimeBudget budget(limit);
  if (!exchanges.empty()) runtime_.control().set_operation(number_, exchanges.front().operation.spec->name);
  const Json message = request_message(number_, exchanges, runtime_.root());
  const auto began = std::chrono::steady_clock::now();
  Conversation& conversation = *connection->conversation;
  auto answer = conversation.wait(conversation.send(message, budget), budget, handle_.get());
  const auto ended = std::chrono::steady_clock::now();
  Outcome outcome = ASSAY_TRY(judge(answer, exchanges.size(), *connection));
  outcome.began = began;
  outcome.ended = ended;
  return outcome;
}

Expected<Outcome> ProcessWorker::judge(Conversation::Answer& answer, std::size_t exchanges,
                                       Connection& connection) const {
  const pid_t pid = pid_ > 0 ? pid_.load() : connection.adapter->pid();
  switch (answer.kind) {
    case Kind::message:
      return read(answer.message, exchanges);
    case Kind::garbage:
      return lost(Outcome::Kind::garbage, exchanges, answer.detail);
    case Kind::died:
      return lost(Outcome::Kind::died, exchanges, fmt::format("process {} ended", pid));
    case Kind::ended:
      return lost(Outcome::Kind::died, exchanges, connection.complaint(answer.detail));
    case Kind::timed_out:
      return lost(Outcome::Kind::hung, exchanges, php::state_of_hung(pid));
    default:
      return refusal(undecided(fmt::format("no reply came from worker {} ({})", number_, php::state_of_hung(pid))));
  }
}

Outcome ProcessWorker::read(const Json& message, std::size_t exchanges) const {
  if (const auto error = error_in(message))
    return lost(Outcome::Kind::garbage, exchanges, "the adapter refuses the request: " + *error);
  const auto death = death_in(message);
  if (death && *death) {
    const auto state = pid_ > 0 ? php::read_process_state(pid_) : std::nullopt;
    if (!state || !state->is_running()) return lost(Outcome::Kind::died, exchanges, **death);
    return lost(Outcome::Kind::garbage, exchanges,
                fmt::format("the adapter says that worker {} died ({}), but its process lives: {}", number_, **death,
                            state->describe()));
  }
  auto replies = death ? replies_from(message, exchanges, runtime_.root()) : tl::unexpected(death.error());
  if (!replies) return lost(Outcome::Kind::garbage, exchanges, replies.error().message);
  Outcome outcome;
  outcome.replies = std::move(*replies);
  if (!outcome.replies.empty() && ends_request(outcome.replies.back())) outcome.kind = Outcome::Kind::aborted;
  return outcome;
}

}  // namespace assay::conformance::process
