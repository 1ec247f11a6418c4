#pragma once

#include <string>
#include <string_view>

#include "reference/files/operation_result.h"

namespace assay::reference {

// Small helpers of PathOperations: what is wrong with an argument, and how a failure is told.

inline bool has_nul_byte(std::string_view path) {
  return path.find('\0') != std::string_view::npos;
}

// `file:///x` and `file://localhost/x` in any case of the scheme become `/x`; any other path is returned as it is.
std::string_view without_file_scheme(std::string_view path);

tl::unexpected<OperationError> failed(std::string_view operation, std::string_view path, Errno reason);
tl::unexpected<OperationError> nul_byte_in(std::string_view operation);
tl::unexpected<OperationError> empty_path_in(std::string_view operation);

// A kernel's answer as an operation's.
template <typename T>
OperationResult<T> as_operation_result(SystemResult<T> result, std::string_view operation, std::string_view path) {
  if (!result) return failed(operation, path, result.error());
  if constexpr (std::is_void_v<T>) {
    return {};
  } else {
    return std::move(*result);
  }
}

}  // namespace assay::reference
