#include "reference/realpath_cache/operation_arguments.h"

#include <strings.h>

namespace assay::reference {

std::string_view without_file_scheme(std::string_view path) {
  constexpr std::string_view kScheme = "file://";
  constexpr std::string_view kHost = "localhost/";
  if (path.size() <= kScheme.size() || strncasecmp(path.data(), kScheme.data(), kScheme.size()) != 0) return path;
  std::string_view local = path.substr(kScheme.size());
  if (local.size() >= kHost.size() && strncasecmp(local.data(), kHost.data(), kHost.size()) == 0)
    local.remove_prefix(kHost.size() - 1);
  return local.front() == '/' ? local : path;
}

tl::unexpected<OperationError> failed(std::string_view operation, std::string_view path, Errno reason) {
  std::string message = std::string(operation).append(" ").append(path).append(": ").append(describe_errno(reason));
  return tl::unexpected<OperationError>({OperationError::Kind::failed, reason.number, std::move(message)});
}

tl::unexpected<OperationError> nul_byte_in(std::string_view operation) {
  return tl::unexpected<OperationError>({OperationError::Kind::value_error, 0,
                                         std::string(operation).append(": the path must not contain any null bytes")});
}

tl::unexpected<OperationError> empty_path_in(std::string_view operation) {
  return tl::unexpected<OperationError>(
      {OperationError::Kind::value_error, 0, std::string(operation).append(": the path cannot be empty")});
}

}  // namespace assay::reference
