#include "conformance/adapters/target_kinds.h"

#include <iterator>

#include "conformance/adapters/php/php_target.h"
#include "conformance/adapters/plugin/plugin_target.h"
#include "conformance/adapters/process/process_target.h"
#include "conformance/adapters/reference/reference_target.h"

namespace assay::conformance {

namespace {

std::vector<TargetKind>& all_kinds() {
  static std::vector<TargetKind> kinds = {reference_target_kind(),        php::fpm_target_kind(),
                                          php::cli_target_kind(),         php::apcu_target_kind(),
                                          process::process_target_kind(), plugin::plugin_target_kind()};
  return kinds;
}

}  // namespace

std::span<const TargetKind> target_kinds() {
  return all_kinds();
}

void add_target_kinds(std::vector<TargetKind> own) {
  std::vector<TargetKind>& kinds = all_kinds();
  kinds.insert(kinds.begin(), std::make_move_iterator(own.begin()), std::make_move_iterator(own.end()));
}

}  // namespace assay::conformance
