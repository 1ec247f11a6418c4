#pragma once

#include <memory>

#include "conformance/adapter/target.h"

namespace assay::conformance {

// Whether the configuration asks for more than one runtime.
bool has_several_masters(const Configuration& configuration);

// Starts one runtime for each master of the configuration, side by side over one tree and one control block, and shows
// them as one: workers keep the numbers of the trace. Reload reaches all of them. Rendezvous are kept in the scratch
// folder of the first; the others have theirs below it. REQUIRES: has_several_masters.
//
// Fault plans name workers by number, which each runtime counts for itself: arm faults in traces with one master.
Expected<std::unique_ptr<Runtime>> start_masters(Target& target, const Configuration& configuration,
                                                 const Sandbox& sandbox);

}  // namespace assay::conformance
