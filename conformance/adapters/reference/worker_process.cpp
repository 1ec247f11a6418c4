#include "conformance/adapters/reference/worker_process.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

#include "conformance/adapter/fatal_error.h"
#include "conformance/adapter/root_text.h"
#include "conformance/adapters/php/process_state.h"

namespace assay::conformance {

void ChannelWorker::connect(Channel channel, std::optional<pid_t> pid, std::string root) {
  channel_ = std::move(channel);
  pid_ = pid;
  root_ = std::move(root);
  served_ = 0;
}

Outcome ChannelWorker::lost(std::size_t exchanges, Outcome::Kind kind, std::string detail) const {
  Outcome outcome;
  outcome.kind = kind;
  outcome.detail = std::move(detail);
  outcome.replies.assign(exchanges, Reply::not_run());
  return outcome;
}

namespace {

Json to_request(std::span<const Exchange> exchanges, const std::string& root) {
  Json operations = Json::array();
  for (const Exchange& exchange : exchanges)
    operations.push_back(call_to_json(with_root(exchange.operation, root), "op"));
  return operations;
}

Expected<std::vector<Reply>> to_replies(const Json& json, std::size_t count, const std::string& root) {
  if (!json.is_array() || json.size() != count) return failure("the worker answered with another number of replies");
  std::vector<Reply> replies;
  for (const Json& entry : json) {
    auto reply = ASSAY_TRY(reply_from_json(entry));
    replies.push_back(without_root(std::move(reply), root));
  }
  return replies;
}

std::string state_of(pid_t pid) {
  const auto state = php::read_process_state(pid);
  return state ? state->describe() : fmt::format("process {} is gone", pid);
}

}  // namespace

// A request on its way; it counts as sent also where the worker is gone already.
class ChannelWorker::Sent final : public PendingRequest {
 public:
  Sent(ChannelWorker& worker, std::span<const Exchange> exchanges, std::chrono::milliseconds limit)
      : worker_(worker), exchanges_(exchanges.size()), budget_(limit) {
    Json request = to_request(exchanges, worker.root_);
    began_ = std::chrono::steady_clock::now();
    if (!worker.channel_.is_open() || !worker.channel_.send(std::move(request))) note(Channel::End::closed);
  }

  bool is_over() override {
    if (end_) return true;
    const bool is_late = budget_.look() != TimeBudget::State::left;
    const Channel::End end = worker_.channel_.receive_now(message_);
    if (end != Channel::End::timeout || is_late) note(end);
    return end_.has_value();
  }

  Expected<Outcome> outcome() override {
    if (!end_) note(worker_.channel_.receive(message_, budget_));
    if (end_ == Channel::End::timeout && budget_.look() == TimeBudget::State::undecided)
      return refusal(undecided("no reply came (" + (worker_.pid_ ? state_of(*worker_.pid_) : "a thread") + ")"));
    Outcome outcome = read();
    outcome.began = began_;
    outcome.ended = ended_;
    if (++worker_.served_ == worker_.most_requests_ && outcome.kind == Outcome::Kind::completed) {
      ASSAY_TRY(worker_.successor_());
    }
    return outcome;
  }

 private:
  void note(Channel::End end) {
    end_ = end;
    ended_ = std::chrono::steady_clock::now();
  }

  Outcome read() {
    const auto pid = worker_.pid_;
    if (end_ == Channel::End::closed)
      return worker_.lost(exchanges_, Outcome::Kind::died,
                          pid ? fmt::format("process {} ended", *pid) : "the worker ended");
    if (end_ == Channel::End::timeout) return worker_.lost(exchanges_, Outcome::Kind::hung, pid ? state_of(*pid) : "");
    auto replies = to_replies(message_, exchanges_, worker_.root_);
    if (!replies) return worker_.lost(exchanges_, Outcome::Kind::garbage, replies.error().message);
    Outcome outcome;
    outcome.replies = std::move(*replies);
    const bool early = !outcome.replies.empty() && ends_request(outcome.replies.back());
    if (early) outcome.kind = Outcome::Kind::aborted;
    return outcome;
  }

  ChannelWorker& worker_;
  std::size_t exchanges_;
  TimeBudget budget_;
  std::chrono::steady_clock::time_point began_, ended_;
  std::optional<Channel::End> end_;
  Json message_;
};

Expected<Outcome> ChannelWorker::execute(std::span<const Exchange> exchanges, std::chrono::milliseconds limit) {
  return Sent(*this, exchanges, limit).outcome();
}

std::unique_ptr<PendingRequest> ChannelWorker::begin(std::span<const Exchange> exchanges,
                                                     std::chrono::milliseconds limit) {
  return std::make_unique<Sent>(*this, exchanges, limit);
}

}  // namespace assay::conformance
