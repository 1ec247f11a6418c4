#pragma once

#include <memory>
#include <optional>

#include "conformance/adapter/target.h"
#include "conformance/adapters/reference/session.h"
#include "reference/server/server.h"

namespace assay::conformance {

// The reference as a program of its own has it: what its workers share, and, in each of them, the session. Paths are real.
class ServedReference {
 public:
  static Expected<std::unique_ptr<ServedReference>> start(const Configuration& configuration, const Sandbox& sandbox) {
    std::unique_ptr<ServedReference> served(new ServedReference(configuration, sandbox));
    auto server = reference::Server::start(served->configuration_.ini, {sandbox.scratch.string(), clock_start});
    if (!server) return failure(server.error().message);
    served->server_ = std::move(*server);
    return served;
  }

  // In a worker, once.
  void enter(int number) {
    Directives directives = own_directives(number);
    directives.insert(configuration_.ini.begin(), configuration_.ini.end());
    auto settings = reference::parse_settings(directives).settings;
    worker_.emplace(*server_, std::move(settings), reference::SystemFileSystem::WorkingDirectoryOwner::process, number);
    session_.emplace(*worker_, sandbox_.root, sandbox_.scratch);
  }
  bool is_entered() const { return session_.has_value(); }
  const Sandbox& sandbox() const { return sandbox_; }
  reference::Worker& worker() { return *worker_; }
  ReferenceSession& session() { return *session_; }

 private:
  ServedReference(const Configuration& configuration, const Sandbox& sandbox)
      : configuration_(configuration), sandbox_(sandbox) {
    configuration_.ini.insert({"opcache.error_log", (sandbox.scratch / "log").string()});
  }

  Directives own_directives(int number) const {
    for (const Pool& pool : configuration_.pools) {
      if (number < pool.workers) return pool.ini;
      number -= pool.workers;
    }
    return {};
  }

  Configuration configuration_;
  Sandbox sandbox_;
  std::unique_ptr<reference::Server> server_;
  std::optional<reference::Worker> worker_;
  std::optional<ReferenceSession> session_;
};

}  // namespace assay::conformance
