#pragma once

#include "conformance/adapter/target.h"

namespace assay::conformance::php {

// A PHP under php-fpm, with the script cache, the realpath cache, and a static cache where the build has one.
TargetKind fpm_target_kind();

// The same PHP without php-fpm: one process, no master.
TargetKind cli_target_kind();

// APCu under php-fpm, with the static cache's operations mapped to it; nothing else of PHP is judged.
TargetKind apcu_target_kind();

}  // namespace assay::conformance::php
