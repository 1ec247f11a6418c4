#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace assay::conformance {

// What went wrong, as a value. The message names what failed, where (file, line, field, path, process) and what to do.
// Errors are never about the target's behaviour (that is a verdict): they are about input, environment or an adapter.
struct Error {
  std::string message;
};

template <class T>
using Expected = tl::expected<T, Error>;

inline tl::unexpected<Error> failure(std::string message) {
  return tl::unexpected<Error>(Error{std::move(message)});
}

}  // namespace assay::conformance
