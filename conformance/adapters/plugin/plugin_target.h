#pragma once

#include "conformance/adapter/target.h"

namespace assay::conformance::plugin {

// A shared library with the interface of assay_plugin.h. It is loaded into a process of its own, a second start of this
// program, which forks the workers.
TargetKind plugin_target_kind();

}  // namespace assay::conformance::plugin
