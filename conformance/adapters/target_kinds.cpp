#include "conformance/adapter/target.h"
#include "conformance/adapters/php/php_target.h"
#include "conformance/adapters/plugin/plugin_target.h"
#include "conformance/adapters/process/process_target.h"
#include "conformance/adapters/reference/reference_target.h"

namespace assay::conformance {

std::span<const TargetKind> target_kinds() {
  static const std::vector<TargetKind> kinds = {reference_target_kind(), php::fpm_target_kind(), php::apcu_target_kind(),
                                                process::process_target_kind(), plugin::plugin_target_kind()};
  return kinds;
}

}  // namespace assay::conformance
