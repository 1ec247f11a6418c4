#include "conformance/adapters/reference/session.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <thread>
#include <utility>

#include "conformance/adapter/fatal_error.h"
#include "conformance/adapter/rendezvous.h"
#include "conformance/adapter/served_page.h"
#include "conformance/adapters/reference/cache_operations.h"
#include "conformance/adapters/reference/file_operations.h"
#include "conformance/adapters/reference/script_operations.h"
#include "faults/points/worker.h"

namespace assay::conformance {

std::vector<Reply> ReferenceSession::serve(std::span<const Operation> operations) {
  std::vector<Reply> replies;
  serve(operations, [&replies](std::vector<Reply> made) { replies = std::move(made); });
  return replies;
}

void ReferenceSession::serve(std::span<const Operation> operations, const Respond& respond) {
  if (operations.size() == 1 && operations[0].kind() == OperationKind::serve)
    return serve_main(operations[0].text("path"), respond);
  worker_.begin_request(root_.string());
  replies_.clear();
  bool ended = false;
  for (const Operation& operation : operations) {
    points::set_operation(worker_.context(), operation.spec->name);
    replies_.push_back(ended ? Reply::not_run() : perform(operation));
    ended = ends_request(replies_.back());
  }
  locked_files_.clear();
  worker_.end_request();
  respond(std::exchange(replies_, {}));
}

// A request begins in the folder of its main script, as the kernel finds it (DP-29).
void ReferenceSession::serve_main(const std::string& path, const Respond& respond) {
  worker_.begin_request(std::filesystem::path(path).parent_path().string(), path);
  points::set_operation(worker_.context(), "serve");
  bool has_responded = false;
  worker_.request().finish_response = [&] {
    has_responded = true;
    respond({page({})});
  };
  const reference::Worker::Served served = worker_.serve();
  worker_.request().finish_response = nullptr;
  const bool abandoned = worker_.lock_failure().has_value();
  Reply reply = page(served);
  worker_.end_request();
  if (!has_responded) respond({abandoned ? Reply::not_run() : std::move(reply)});
}

// As far as it is printed by now.
Reply ReferenceSession::page(const reference::Worker::Served& served) {
  std::vector<std::string> diagnostics;
  for (const auto& diagnostic : worker_.request().diagnostics) diagnostics.push_back(text_of(diagnostic));
  if (!served.reason.empty()) diagnostics.push_back(served.reason);
  return served_page(served.status, served.not_found + worker_.request().output, std::move(diagnostics), "");
}

Reply ReferenceSession::perform(const Operation& operation) {
  if (auto reply = perform_file_operation(operation, worker_)) return *reply;
  if (auto reply = perform_cache_operation(operation, worker_)) return *reply;
  if (auto reply = perform_script_operation(operation, worker_)) return *reply;
  return perform_own(operation);
}

Reply ReferenceSession::perform_own(const Operation& operation) {
  switch (operation.kind()) {
    case OperationKind::ini_get:
      return ini_get(operation.text("name"));
    case OperationKind::ini_set:
      return ini_set(operation);
    case OperationKind::time:
      return Reply::of(reference::wall_clock_seconds());
    case OperationKind::request_time:
      return Reply::of(worker_.request_time());
    case OperationKind::process_id:
      return Reply::of(static_cast<std::int64_t>(::getpid()));
    case OperationKind::recall:
      return recall(operation);
    case OperationKind::mutate:
      return mutate(operation);
    case OperationKind::resolve_include_path: {
      const auto found = worker_.paths().stream_resolve_include_path(operation.text("path"), worker_.include_context());
      return found ? Reply::of(*found) : Reply::of(false);
    }
    case OperationKind::lock_file:
      return lock_file(operation.text("path"));
    case OperationKind::rendezvous:
      return rendezvous(operation.text("name"));
    default:
      return Reply::unsupported(fmt::format("the reference does not have {} yet", operation.spec->name));
  }
}

Reply ReferenceSession::recall(const Operation& operation) const {
  const auto index = operation.integer("operation");
  if (index < 0 || index >= static_cast<std::int64_t>(replies_.size())) {
    return Reply::thrown("Error", "there is no such operation in this request");
  }
  return Reply::of(replies_[static_cast<std::size_t>(index)].value);
}

// Changes what this request holds, as a script that writes to a variable does; `recall` of this operation shows it.
Reply ReferenceSession::mutate(const Operation& operation) {
  const auto index = operation.integer("operation");
  if (index < 0 || index >= static_cast<std::int64_t>(replies_.size())) {
    return Reply::thrown("Error", "there is no such operation in this request");
  }
  Value value = replies_[static_cast<std::size_t>(index)].value;
  if (!value.is_array()) return Reply::thrown("Error", "only an array can be changed");
  const Value& name = operation.argument("key");
  const Key key = name.is_int() ? Key(name.as_int()) : Key(name.is_string() ? name.as_string() : "");
  for (auto& [k, element] : value.own_array()) {
    if (k == key) {
      element = operation.argument("value");
      return Reply::of(std::move(value));
    }
  }
  value.own_array().emplace_back(key, operation.argument("value"));
  return Reply::of(std::move(value));
}

Reply ReferenceSession::rendezvous(const std::string& name) const {
  const RendezvousFiles files = rendezvous_files(scratch_, name);
  std::ofstream{files.arrived};
  while (!std::filesystem::exists(files.go)) std::this_thread::sleep_for(std::chrono::microseconds(200));
  return Reply::of(true);
}

// What a script does for itself: no cache has a part in it.
Reply ReferenceSession::lock_file(const std::string& path) {
  FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open() || ::flock(file.get(), LOCK_EX | LOCK_NB) != 0) return Reply::of(false);
  locked_files_.push_back(std::move(file));
  return Reply::of(true);
}

Reply ReferenceSession::ini_get(const std::string& name) const {
  const auto text = worker_.setting_text(name);
  return text ? Reply::of(*text) : Reply::of(false);
}

Reply ReferenceSession::ini_set(const Operation& operation) {
  const auto old = worker_.change_setting(operation.text("name"), operation.text("value"));
  return old ? Reply::of(*old) : Reply::of(false);
}

}  // namespace assay::conformance
