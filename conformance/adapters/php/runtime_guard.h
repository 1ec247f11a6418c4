#pragma once

#include <sys/types.h>

#include <string>

#include "conformance/adapters/php/failure.h"

namespace assay::conformance::php {

// Cleans up after a suite that was killed. A small process of its own session waits for the end of the process that
// made it, however that ends, then kills the process group and, if a folder is given, removes it. PR_SET_PDEATHSIG
// cannot do this: it reaches the php-fpm master but not the workers that the master forked. Owned by one process; a
// forked child must not use it.
class RuntimeGuard {
 public:
  // `folder` may be empty: nothing is removed then.
  static Result<RuntimeGuard> start(pid_t group, const std::string& folder);

  RuntimeGuard(RuntimeGuard&& other) noexcept;
  RuntimeGuard& operator=(RuntimeGuard&& other) noexcept;
  ~RuntimeGuard() { dismiss(); }

  // Ends the guard without any cleaning: the owner has cleaned up.
  void dismiss();

  pid_t pid() const { return pid_; }

 private:
  explicit RuntimeGuard(pid_t pid) : pid_(pid) {}

  pid_t pid_ = -1;
};

}  // namespace assay::conformance::php
