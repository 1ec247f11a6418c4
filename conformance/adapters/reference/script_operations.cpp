#include "conformance/adapters/reference/script_operations.h"

namespace assay::conformance {

std::optional<Reply> perform_script_operation(const Operation&, reference::Worker&) {
  return std::nullopt;
}

}  // namespace assay::conformance
