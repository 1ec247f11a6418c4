#include "conformance/adapters/php/driver_worker.h"

#include <fmt/format.h>

#include "conformance/adapters/php/process_state.h"

namespace assay::conformance::php {

Outcome lost_request(Outcome::Kind kind, std::size_t exchanges, std::string detail) {
  Outcome outcome;
  outcome.kind = kind;
  outcome.detail = std::move(detail);
  outcome.replies.assign(exchanges, Reply::not_run());
  return outcome;
}

Expected<Value> DriverWorker::inspect(std::chrono::milliseconds limit) {
  auto outcome = ASSAY_TRY(ask(encode_inspection(setup_), 1, limit));
  if (outcome.kind != Outcome::Kind::completed || outcome.replies[0].kind != Reply::Kind::value) {
    return failure(fmt::format("PHP cannot run the driver script: the request {}: {} {}", to_text(outcome.kind),
                               to_text(outcome.replies[0]), outcome.detail));
  }
  return outcome.replies[0].value;
}

Expected<Outcome> DriverWorker::inspect_map(std::chrono::milliseconds limit) {
  return ask(encode_map_inspection(setup_), 1, limit);
}

Expected<Outcome> DriverWorker::read(const Failure& failed, std::size_t exchanges, pid_t pid) const {
  switch (failed.kind) {
    case Failure::Kind::timed_out:
      return lost_request(Outcome::Kind::hung, exchanges, state_of_hung(pid));
    case Failure::Kind::worker_died:
      return lost_request(Outcome::Kind::died, exchanges, how_it_ended());
    case Failure::Kind::protocol:
    case Failure::Kind::too_large:
      return lost_request(Outcome::Kind::garbage, exchanges, failed.message());
    default:
      return error_of(failed);
  }
}

Expected<Outcome> DriverWorker::read(const DriverAnswer& answer, std::size_t exchanges, pid_t& pid) const {
  auto decoded = decode_reply(answer.body, setup_.root);
  const auto described = [&](const std::string& what) {
    return fmt::format("{} (status {}, body \"{}\", errors \"{}\")", what, answer.status, answer.body.substr(0, 300),
                       answer.errors.substr(0, 300));
  };
  if (!decoded) return lost_request(Outcome::Kind::garbage, exchanges, described(decoded.error().message));
  // The driver was not run at all: that is no statement about the target, unless a fault may have kept it away.
  if ((answer.status == 404 || answer.status == 403) && !control_.is_armed())
    return failure(described("PHP does not run the driver script"));
  if (decoded->replies.size() > exchanges)
    return lost_request(Outcome::Kind::garbage, exchanges, described("more replies than operations"));
  if (decoded->pid > 0) pid = decoded->pid;
  Outcome outcome;
  outcome.replies = std::move(decoded->replies);
  const bool completed = decoded->complete && outcome.replies.size() == exchanges;
  if (!decoded->stray.empty() && !outcome.replies.empty()) outcome.replies.back().output += decoded->stray;
  if (!completed) {
    outcome.kind = Outcome::Kind::aborted;
    outcome.detail = described("the request ended early");
  }
  outcome.replies.resize(exchanges, Reply::not_run());
  return outcome;
}

}  // namespace assay::conformance::php
