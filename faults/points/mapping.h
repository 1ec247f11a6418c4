#pragma once

// The worker's side of a control block: map it, attach the process to it. Plain C underneath (no allocation, no
// exceptions, nothing of libstdc++'s run time), because the interposer uses the same code inside any program.

#include <cstddef>

#include "faults/points/layout.h"

namespace assay::points {

// Maps the control file at `path` for reading and writing and checks that it is complete and of this version. Keeps no
// descriptor, so the mapping survives a program that closes all. On failure returns nullptr and writes a message that
// says what, where and what to do into `message`.
Layout* map_control_file(const char* path, char* message, std::size_t message_size);

void unmap_control_file(Layout* block);

// Makes the points, the clock and the worker identity of this process consult `block` (nullptr: none, the initial
// state). Forked children inherit it. The block must stay mapped while attached.
void attach(Layout* block);
Layout* attached();

}  // namespace assay::points
