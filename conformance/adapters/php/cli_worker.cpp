#include "conformance/adapters/php/cli_worker.h"

#include <fmt/format.h>

#include "conformance/adapter/served_page.h"
#include "conformance/adapters/php/http_client.h"

namespace assay::conformance::php {

namespace {

// What a process that ends may take from its last word to its death.
constexpr std::chrono::milliseconds kLastMoment{200};

}  // namespace

void CliWorker::serve_by(CliServer& server) {
  if (pid_ > 0) control().forget(pid_);
  server_ = &server;
  pid_ = server.pid();
  (void)control().name_worker(0, server.pid());
}

std::optional<pid_t> CliWorker::process() const {
  const pid_t pid = pid_.load();
  return pid > 0 ? std::optional(pid) : std::nullopt;
}

Expected<Outcome> CliWorker::execute(std::span<const Exchange> exchanges, std::chrono::milliseconds limit) {
  if (ASSAY_TRY(whole_request(exchanges)) != nullptr) {
    Outcome outcome;
    outcome.replies = {Reply::unsupported("php-cli runs the driver only, no main scripts")};
    return outcome;
  }
  if (!exchanges.empty()) control().set_operation(0, exchanges.front().operation.spec->name);
  const auto began = std::chrono::steady_clock::now();
  auto outcome = ASSAY_TRY(ask(encode_request(setup(), exchanges), exchanges.size(), limit));
  outcome.began = began;
  outcome.ended = std::chrono::steady_clock::now();
  return outcome;
}

Expected<Outcome> CliWorker::ask(const std::string& body, std::size_t exchanges, std::chrono::milliseconds limit) {
  auto answer = http_post(server_->port(), body, Deadline::after(limit));
  if (!answer) return read(answer.error(), exchanges, pid_);
  pid_t served = 0;
  auto outcome = ASSAY_TRY(read(DriverAnswer{answer->status, answer->body, ""}, exchanges, served));
  // An answer has no length: that it is cut off because its sender died, only the sender's death says.
  if (outcome.kind != Outcome::Kind::aborted || served > 0) return outcome;
  if (!server_->ending(Deadline::after(kLastMoment))) return outcome;
  return lost_request(Outcome::Kind::died, exchanges, how_it_ended());
}

std::string CliWorker::how_it_ended() const {
  const auto how = server_->ending(Deadline::after(kLastMoment));
  return fmt::format("process {} {}", pid_.load(), how ? *how : "closed its connection");
}

}  // namespace assay::conformance::php
