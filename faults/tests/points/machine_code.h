#pragma once

#include <cstdint>

#include "faults/points/point.h"

// The same statements (statements.h) without points, with points that are compiled out, and with points; each the only
// function in a section of its own, so that its machine code is what lies between the ends of the section.
[[gnu::section("code_without")]] int code_without(const assay::points::WorkerContext& context, std::uint64_t& sum);
[[gnu::section("code_compiled_out")]] int code_compiled_out(const assay::points::WorkerContext& context,
                                                            std::uint64_t& sum);
[[gnu::section("code_compiled_in")]] int code_compiled_in(const assay::points::WorkerContext& context,
                                                          std::uint64_t& sum);
