#include "conformance/command/found_text.h"

#include "conformance/adapters/php/found.h"

namespace assay::conformance {

std::string found_text(const std::string& kind, const std::vector<std::pair<std::string, std::string>>& options) {
  return php::found_text(kind, options);
}

}  // namespace assay::conformance
