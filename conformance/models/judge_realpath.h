#pragma once

#include <span>
#include <string>

#include "conformance/models/judgement.h"
#include "conformance/models/realpath_model.h"
#include "conformance/vocabulary/observation.h"
#include "conformance/vocabulary/trace.h"

namespace assay::conformance {

// What a run's target adds to the realpath cache besides the trace.
struct RealpathHost {
  // The main script of each request is resolved at its start (RP-LIFE-08). Its own entries are taken out of the reports
  // by the adapter, but its lookups may reclaim expired entries of the same buckets: expired entries may be missing.
  bool resolves_main_script = true;
};

// Judges results, listings and sizes of every worker of a run, step by step, from the trace's files, clock and
// directives (realpath_cache_size, realpath_cache_ttl). `root` is the real text of "@"; replies have "@" in its place.
//
// How many of the root's ancestors the target resolves by itself at the start of each request is not known before: the
// model keeps every possibility that explains all replies so far.
//
// Judged: realpath, realpath_cache_get, realpath_cache_size, clear_stat_cache, read_file, put_file, the existence
// queries, read_link, unlink, rename, make_dir, remove_dir, symlink, change_dir, current_dir and what these do to the
// cache. Anything else that resolves paths (includes, copies, ...) ends the judging, and so do overlapping requests,
// modes and open_basedir.
Judgement judge_realpath(const Trace& trace, std::span<const Observation> observations, const std::string& root,
                         RealpathHost host = {});

}  // namespace assay::conformance
