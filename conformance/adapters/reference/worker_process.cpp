#include "conformance/adapters/reference/worker_process.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

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
    auto reply = reply_from_json(entry);
    if (!reply) return tl::unexpected(reply.error());
    replies.push_back(without_root(std::move(*reply), root));
  }
  return replies;
}

std::string state_of(pid_t pid) {
  const auto state = php::read_process_state(pid);
  return state ? state->describe() : fmt::format("process {} is gone", pid);
}

}  // namespace

Expected<Outcome> ChannelWorker::execute(std::span<const Exchange> exchanges, std::chrono::milliseconds limit) {
  const Json request = to_request(exchanges, root_);
  const auto began = std::chrono::steady_clock::now();
  const auto deadline = began + limit;
  Outcome outcome;
  Json message;
  const bool sent = channel_.is_open() && channel_.send(request);
  const Channel::End end = sent ? channel_.receive(message, &deadline) : Channel::End::closed;
  const auto ended = std::chrono::steady_clock::now();
  if (end == Channel::End::closed) {
    outcome =
        lost(exchanges.size(), Outcome::Kind::died, pid_ ? fmt::format("process {} ended", *pid_) : "the worker ended");
  } else if (end == Channel::End::timeout) {
    outcome = lost(exchanges.size(), Outcome::Kind::hung, pid_ ? state_of(*pid_) : "");
  } else if (auto replies = to_replies(message, exchanges.size(), root_)) {
    outcome.replies = std::move(*replies);
    const bool early = !outcome.replies.empty() && outcome.replies.back().kind == Reply::Kind::not_run;
    if (early) outcome.kind = Outcome::Kind::aborted;
  } else {
    outcome = lost(exchanges.size(), Outcome::Kind::garbage, replies.error().message);
  }
  outcome.began = began;
  outcome.ended = ended;
  if (++served_ == most_requests_ && outcome.kind == Outcome::Kind::completed) {
    if (auto recycled = successor_(); !recycled) return tl::unexpected(recycled.error());
  }
  return outcome;
}

}  // namespace assay::conformance
