#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace assay::reference {

// What went wrong, as a value: the message says what failed, where, and what to do; code is the system's error number,
// or 0 when the system had no part in it. No exception crosses an interface of the reference.
struct Error {
  std::string message;
  int code = 0;
};

template <class T>
using Expected = tl::expected<T, Error>;

inline tl::unexpected<Error> failure(std::string message, int code = 0) {
  return tl::unexpected<Error>(Error{std::move(message), code});
}

}  // namespace assay::reference
