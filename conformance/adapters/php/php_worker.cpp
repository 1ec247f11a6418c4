#include "conformance/adapters/php/php_worker.h"

#include <fmt/format.h>
#include <poll.h>

#include <fstream>
#include <thread>
#include <utility>

#include "conformance/adapter/root_text.h"
#include "conformance/adapter/served_page.h"
#include "conformance/adapters/php/page_request.h"
#include "conformance/adapters/php/process_state.h"

namespace assay::conformance::php {

namespace {

using namespace std::chrono_literals;

FastcgiParameters driver_parameters(const std::string& scratch) {
  return FastcgiParameters(FastcgiParameters::List{{"SCRIPT_FILENAME", scratch + "/driver.php"},
                                                   {"ASSAY_SCRATCH", scratch},
                                                   {"SCRIPT_NAME", "/driver.php"},
                                                   {"REQUEST_METHOD", "POST"},
                                                   {"CONTENT_TYPE", "application/json"}});
}

}  // namespace

PhpWorker::PhpWorker(int number, std::string pool, const FpmFiles& files, DriverSetup setup,
                     points::ControlBlock& control, WebFront& front)
    : DriverWorker(std::move(setup), control),
      number_(number),
      pool_(std::move(pool)),
      files_(files),
      front_(front),
      parameters_(driver_parameters(this->setup().scratch)) {}

std::optional<pid_t> PhpWorker::process() const {
  const pid_t pid = pid_.load();
  return pid > 0 ? std::optional(pid) : std::nullopt;
}

void PhpWorker::set_process(pid_t pid) {
  const pid_t old = pid_.exchange(pid);
  if (old == pid) return;
  if (old > 0) control().forget(old);
  if (pid > 0) (void)control().name_worker(number_, pid);
}

// A connection that was closed between two requests (its worker was killed, or reloaded) says nothing about this one:
// nothing of it was sent. So it is sent again, to the worker's successor.
Expected<void> PhpWorker::send(FastcgiParameters& parameters, const std::string& body) {
  for (const bool again : {true, false}) {
    const bool fresh = !client_ || !client_->is_open();
    if (fresh) {
      auto client = FastcgiClient::connect(files_.socket_of(pool_));
      if (!client) return error_of(client.error());
      client_.emplace(std::move(*client));
    }
    auto sent = client_->send(parameters, body);
    if (sent) return {};
    if (fresh || !again || sent.error().kind != Failure::Kind::worker_died) return error_of(sent.error());
  }
  return {};
}

Expected<Outcome> PhpWorker::execute(std::span<const Exchange> exchanges, std::chrono::milliseconds limit) {
  const auto whole = ASSAY_TRY(whole_request(exchanges));
  if (whole == nullptr) return execute_operations(exchanges, limit);
  const Operation operation = with_root(*whole, setup().root);
  ASSAY_TRY(prepare_process(limit));
  control().set_operation(number_, operation.spec->name);
  return operation.kind() == OperationKind::visit ? visit(operation, limit) : serve(operation.text("path"), limit);
}

// The web server's connection has to find the worker free.
Expected<Outcome> PhpWorker::visit(const Operation& operation, std::chrono::milliseconds limit) {
  client_.reset();
  Outcome outcome;
  outcome.began = std::chrono::steady_clock::now();
  auto page = front_.get(pool_, operation.text("page"), operation.text("document_root"), operation.flag("resolved"),
                         Deadline::after(limit));
  if (!page) return error_of(page.error());
  outcome.replies = {page_reply(page->status, std::move(page->body), "", setup().root)};
  outcome.ended = std::chrono::steady_clock::now();
  return outcome;
}

// Whether the worker still holds its end; between requests there is nothing to read but that it does not.
bool PhpWorker::is_connected() const {
  if (!client_ || !client_->is_open()) return false;
  pollfd event{client_->descriptor(), POLLIN | POLLRDHUP, 0};
  return ::poll(&event, 1, 0) == 0;
}

// The main script of a worker's first request is resolved before the values of its pool hold (RP-INI-02), and the
// master has no realpath cache (php_runtime.cpp): so the first one is the driver, for every process that comes to
// serve.
Expected<void> PhpWorker::prepare_process(std::chrono::milliseconds limit) {
  if (is_connected() && prepared_ > 0 && prepared_ == pid_) return {};
  client_.reset();
  auto outcome = ASSAY_TRY(execute_operations({}, limit));
  if (outcome.kind != Outcome::Kind::completed)
    return failure(fmt::format("a worker of {} does not answer: {}", pool_, outcome.detail));
  prepared_ = pid_;
  return {};
}

Expected<Result<FastcgiReply>> PhpWorker::exchange(FastcgiParameters& parameters, const std::string& body,
                                                   Deadline deadline) {
  ASSAY_TRY(send(parameters, body));
  auto received = client_->receive(deadline);
  if (received || !recycled_ || received.error().kind != Failure::Kind::worker_died) return received;
  client_.reset();
  ASSAY_TRY(send(parameters, body));
  return client_->receive(deadline);
}

Expected<Outcome> PhpWorker::serve(const std::string& script, std::chrono::milliseconds limit) {
  FastcgiParameters parameters = page_parameters(script, setup());
  const auto began = std::chrono::steady_clock::now();
  auto exchanged = ASSAY_TRY(exchange(parameters, "", Deadline::after(limit)));
  const auto& received = exchanged;
  Outcome outcome;
  if (received) {
    outcome.replies = {
        page_reply(received->status, std::string(received->body), std::string(received->errors), setup().root)};
  } else if (auto judged = judge(received, 1)) {
    outcome = std::move(*judged);
  } else {
    return judged;
  }
  outcome.began = began;
  outcome.ended = std::chrono::steady_clock::now();
  return outcome;
}

Expected<Outcome> PhpWorker::execute_operations(std::span<const Exchange> exchanges, std::chrono::milliseconds limit) {
  const std::string body = encode_request(setup(), exchanges);
  if (!exchanges.empty()) control().set_operation(number_, exchanges.front().operation.spec->name);
  const auto began = std::chrono::steady_clock::now();
  auto exchanged = ASSAY_TRY(exchange(parameters_, body, Deadline::after(limit)));
  const auto& received = exchanged;
  const auto ended = std::chrono::steady_clock::now();
  auto outcome = judge(received, exchanges.size());
  if (!outcome) return outcome;
  outcome->began = began;
  outcome->ended = ended;
  return outcome;
}

Expected<Outcome> PhpWorker::ask(const std::string& body, std::size_t exchanges, std::chrono::milliseconds limit) {
  ASSAY_TRY(send(parameters_, body));
  return judge(client_->receive(Deadline::after(limit)), exchanges);
}

Expected<Outcome> PhpWorker::judge(const Result<FastcgiReply>& received, std::size_t exchanges) {
  if (!received) return DriverWorker::read(received.error(), exchanges, pid_);
  pid_t served = 0;
  auto outcome =
      DriverWorker::read(DriverAnswer{received->status, received->body, received->errors}, exchanges, served);
  if (served > 0) {
    set_process(served);
    prepared_ = served;
  }
  return outcome;
}

// php-fpm's log says by which signal or with which status; it is written when the master has reaped the process.
std::string PhpWorker::how_it_ended() const {
  const std::string needle = fmt::format("child {} exited ", pid_.load());
  const Deadline deadline = Deadline::after(200ms);
  while (!deadline.passed()) {
    std::ifstream log(files_.master_log);
    for (std::string line; std::getline(log, line);) {
      const std::size_t at = line.find(needle);
      if (at != std::string::npos) return line.substr(at);
    }
    std::this_thread::sleep_for(2ms);
  }
  return fmt::format("process {} closed its connection", pid_.load());
}

}  // namespace assay::conformance::php
