#pragma once

#include <cstdint>

#include "conformance/generators/draw.h"
#include "conformance/generators/trace_generators.h"
#include "conformance/vocabulary/trace.h"

namespace assay::conformance {

// The folder of the file cache, where a trace has one.
inline constexpr const char* kScriptTraceFiles = "@/files";

// Directives of a runtime or of one pool, as ScriptTraceOptions asks for them. Returns the drawn revalidate_freq in seconds.
std::int64_t draw_script_directives(Directives& ini, Draw& draw, const ScriptTraceOptions& options);

// Directives that the whole runtime has, whatever its pools say: how much memory, how many slots and strings.
void draw_script_sizes(Directives& ini, Draw& draw, const ScriptTraceOptions& options);

}  // namespace assay::conformance
