#pragma once

#include <sys/types.h>

#include <memory>
#include <optional>
#include <string>

#include "conformance/adapters/php/php_configuration.h"
#include "conformance/adapters/php/runtime_guard.h"
#include "support/file_descriptor.h"

namespace assay::conformance::php {

// One command-line PHP that serves each request itself with one script (php -S): no master, no second process. Listens on
// a port of 127.0.0.1 that nobody else had. Dies with the thread that started it. Used by one thread, but for the
// accessors.
class CliServer {
 public:
  // failed_to_start, with the end of its logs, when it ends or the limit passes first.
  static Result<std::unique_ptr<CliServer>> start(PhpConfiguration configuration, const std::string& script,
                                                  Deadline deadline);
  ~CliServer();

  pid_t pid() const { return pid_; }
  int port() const { return port_; }

  // How it ended, for people, waiting that long for its end; nothing while it runs.
  std::optional<std::string> ending(Deadline deadline);
  std::string log_tail(std::size_t lines_of_each) const;

 private:
  explicit CliServer(PhpConfiguration configuration) : configuration_(std::move(configuration)) {}
  Result<void> execute(const std::string& script);
  Result<void> await_ready(Deadline deadline);
  tl::unexpected<Failure> start_failure(std::string what) const;

  const PhpConfiguration configuration_;
  pid_t pid_ = -1;
  int port_ = 0;
  std::optional<int> status_;
  std::optional<RuntimeGuard> guard_;
};

}  // namespace assay::conformance::php
