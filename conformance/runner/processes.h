#pragma once

#include <sys/types.h>

#include <vector>

namespace assay::conformance {

// Makes this process the parent of what its descendants leave behind, so that nothing escapes.
void adopt_orphans();

// Kills, with SIGKILL, all children of this process but those in `keep`, and what is below them, until none is left,
// and collects them. REQUIRES: adopt_orphans was called, else grandchildren escape.
void kill_children_except(const std::vector<pid_t>& keep);

// The calling process dies with its parent.
void die_with_parent(pid_t parent);

}  // namespace assay::conformance
