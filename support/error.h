#pragma once

// Errors as values: the one error type of the project, and the short way to hand an error on.

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace assay {

// Why something could not be done. The message names what failed, where (file, line, field, path, process) and what to
// do about it: one line, without a final full stop. No exception crosses an interface of the project.
//
// Errors are about input, environment or an adapter, never about the behaviour of a target: that is a verdict.
struct Error {
  enum class Kind {
    failed,   // something broke
    refused,  // the system does not let us, or has not what is needed: nothing can be said about the target
  };

  std::string message;
  int code = 0;  // the errno; 0 where the system had no part in it
  Kind kind = Kind::failed;
};

template <class T>
using Expected = tl::expected<T, Error>;

inline tl::unexpected<Error> failure(std::string message, int code = 0) {
  return tl::unexpected<Error>(Error{std::move(message), code, Error::Kind::failed});
}

inline tl::unexpected<Error> refusal(std::string message) {
  return tl::unexpected<Error>(Error{std::move(message), 0, Error::Kind::refused});
}

namespace detail {
template <class T, class E>
T take_value(tl::expected<T, E>&& result) {
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}
}  // namespace detail

}  // namespace assay

// The value of an Expected; where it holds an error, the function that this stands in returns that error.
//
//   Header header = ASSAY_TRY(read_header(file));
//   ASSAY_TRY(check(header));
//
// A statement expression, which GCC and clang have: the value can be moved out without a name for the Expected.
#define ASSAY_TRY(...)                                                           \
  ({                                                                             \
    auto assay_result = (__VA_ARGS__);                                           \
    if (!assay_result) return ::tl::unexpected(std::move(assay_result).error()); \
    ::assay::detail::take_value(std::move(assay_result));                        \
  })
