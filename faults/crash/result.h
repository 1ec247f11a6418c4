#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace assay::crash {

// Why something could not be done.
struct Error {
  enum class Kind {
    kRefused,  // we cannot look into such a process, or the system does not let us: nothing can be said about the
               // target
    kFailed,   // something broke, or the process did what the explorer cannot follow
  };
  Kind kind = Kind::kFailed;
  std::string message;
};

template <class T>
using Expected = tl::expected<T, Error>;

inline tl::unexpected<Error> failed(std::string message) {
  return tl::unexpected<Error>(Error{Error::Kind::kFailed, std::move(message)});
}
inline tl::unexpected<Error> refused(std::string message) {
  return tl::unexpected<Error>(Error{Error::Kind::kRefused, std::move(message)});
}

// "TEXT: what errno says".
std::string with_errno(const std::string& text);

}  // namespace assay::crash
