#pragma once

#include <span>
#include <string>

#include "conformance/models/judgement.h"
#include "conformance/models/script_model.h"
#include "conformance/vocabulary/observation.h"
#include "conformance/vocabulary/trace.h"

namespace assay::conformance {

// Judges each reply of a run by the model of the script cache, from the trace's files, clock and directives. `root` is the
// real text of "@"; replies have "@" in its place.
//
// Judged: include in all forms, compile_file, invalidate, is_cached, reset, included_files, change_dir and script_status,
// main scripts (serve), file_exists, is_file and is_readable after clear_stat_cache, on scripts of the forms of
// script_body.h. A request may wait at a rendezvous while others run, where no restart is forced. Anything else ends the
// judging: other operations, faults, requests that run at the same time, directives that the model does not follow.
Judgement judge_scripts(const Trace& trace, std::span<const Observation> observations, const std::string& root,
                        const ScriptHost& host);

}  // namespace assay::conformance
