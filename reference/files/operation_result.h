#pragma once

#include <string>
#include <tl/expected.hpp>

#include "reference/files/file_system.h"

namespace assay::reference {

// Why a file operation of a request gave no result.
struct OperationError {
  enum class Kind {
    failed,       // PHP returns false; `number` says why
    value_error,  // PHP throws ValueError (a NUL byte or an empty path where neither is allowed, RP-PATH-07)
  };

  Kind kind = Kind::failed;
  int number = 0;       // errno, 0 where there is none
  std::string message;  // for a person; names the operation and its argument
};

template <typename T>
using OperationResult = tl::expected<T, OperationError>;

}  // namespace assay::reference
