#pragma once

#include "conformance/adapter/target.h"
#include "conformance/adapters/process/process_runtime.h"

namespace assay::conformance::process {

// A program in any language that speaks the protocol of docs/adapter-protocol.md.
TargetKind process_target_kind();

// The target of an adapter that is started so, after it was greeted and checked. Errors begin with `who`.
Expected<std::unique_ptr<Target>> make_process_target(ProcessSettings settings, const std::string& who);

// The value of the option `limit`, in seconds.
Expected<std::chrono::milliseconds> limit_from(const std::string& text);

}  // namespace assay::conformance::process
