#pragma once

#include <string>
#include <tl/expected.hpp>

#include "conformance/adapters/php/deadline.h"
#include "support/error.h"

namespace assay::conformance::php {

// Why something of the PHP adapters did not work. The kind is what callers decide by; the three texts are for the
// person who reads the report: what happened, where (a path, a socket, a process), and what to do about it.
struct Failure {
  enum class Kind {
    timed_out,        // The deadline passed first; the operation may still be running.
    undecided,        // As timed_out, but it may have been the machine, which was too busy: nothing can be said.
    worker_died,      // The peer closed the connection before the reply was complete.
    protocol,         // The peer spoke, but not what was agreed.
    too_large,        // More output than the cap allows.
    unusable,         // A given path, value or option cannot be used.
    failed_to_start,  // The php-fpm master did not come up.
    ended_at_start,   // The same: it ended by itself.
    system,           // A system call failed.
  };

  Kind kind = Kind::system;
  std::string what;
  std::string where;
  std::string remedy;

  // "WHERE: WHAT. REMEDY", leaving out what is empty.
  std::string message() const;
};

template <typename T>
using Result = tl::expected<T, Failure>;

tl::unexpected<Failure> fail(Failure::Kind kind, std::string what, std::string where = "", std::string remedy = "");

// A path that cannot be used.
tl::unexpected<Failure> unusable(std::string path, std::string what, std::string remedy);

// A failed system call: appends the text of the error number to `what`.
tl::unexpected<Failure> fail_with_errno(int error_number, std::string what, std::string where = "",
                                        std::string remedy = "");

// When a deadline has passed: timed_out or undecided.
tl::unexpected<Failure> fail_by(const Deadline& deadline, std::string what, std::string where = "",
                                std::string remedy = "");

// The same as an error of the suite; undecided is a refusal, which makes a test inconclusive.
tl::unexpected<Error> error_of(const Failure& failed);

}  // namespace assay::conformance::php
