#pragma once

#include <cstdint>
#include <string>

#include "conformance/generators/program.h"
#include "conformance/vocabulary/trace.h"

namespace assay::conformance {

// Random traces for property tests: the same seed and options give the same trace, everywhere. Each is legal: its
// actions can be carried out (see is_legal), and its operations are judged by the model of its cache. Nothing is
// expected in them: the models judge.
struct GeneratorOptions {
  int steps = 30;  // at most
  int workers = 2;
};

// Keys, values, times to live (where the backend has none: now and then one that it must refuse), clock steps in both
// directions; single and several keys. ini: none.
struct CacheTraceOptions : GeneratorOptions {
  std::string backend = "volatile";
  int keys = 3;
  bool clock_steps = true;  // also times to live
  bool clock_steps_back = true;
  bool nearly_full = false;  // values so large that a few of them fill 8 MiB; mostly asked whether they are there
  bool in_pieces = false;    // values of many sizes, and about as many deletions: free room is in pieces
  bool counters = false;     // also on values that are no numbers, and beyond the range of integers
  bool adds = false;         // stores where there is none
  bool remembers = false;    // values that are computed where there is none, by functions that throw now and then
  bool listings = false;     // of the keys
};
Trace random_cache_trace(std::uint64_t seed, const CacheTraceOptions& options);

// Locks with and without leases, unlocks, deletions, clears, clock steps. ini: none.
struct ReservationTraceOptions : GeneratorOptions {
  int keys = 3;
};
Trace random_reservation_trace(std::uint64_t seed, const ReservationTraceOptions& options);

// A random tree with links (chains, loops, relative, absolute, dangling), resolutions under many spellings, changes
// from outside and from workers, clears, clock steps. ini: realpath_cache_ttl and realpath_cache_size. Each request
// ends with a listing or a size now and then; the trace ends with both for each worker.
struct RealpathTraceOptions : GeneratorOptions {
  int links = 4;
  bool small_limits = true;  // also limits that only a part of the entries fits into
};
Trace random_realpath_trace(std::uint64_t seed, const RealpathTraceOptions& options);

// Scripts of the forms of script_body.h in three directories, written, replaced and removed; every way to use, ask for and
// invalidate them; restarts and clock steps; a report at the end. ini: validate_timestamps, revalidate_freq,
// file_update_protection. Each flag adds a dimension.
struct ScriptTraceOptions : GeneratorOptions {
  bool reports = true;     // each request ends with a report
  bool restarts = true;    // opcache_reset
  bool once = true;        // once-includes, require
  bool compiles = true;    // compile_file
  bool spellings = true;   // `.`, `..`, `//`
  bool relative = true;    // relative spellings, other working directories
  bool nested = true;      // scripts that include others
  bool links = true;       // links to directories and files, switched and dangling
  bool moves = true;       // trees and files that change places
  bool left_links = true;  // with moves: a tree moves, and a link to it takes its place
  bool odd_times = true;   // file times of 0, before the epoch, in the future, set without a write
  bool clock_steps_back = true;
  bool directives = true;     // revalidate_path, use_cwd, max_file_size, the realpath cache's size and lifetime
  bool pools = true;          // each worker may have directives of its own
  bool kills = true;          // workers die between their requests
  bool cuts = true;           // files that are cut off, or overwritten in place
  bool modes = true;          // files that may not be read
  bool served = false;        // main scripts
  bool questions = false;     // file_exists and its like, with and without enable_file_override
  bool excluded = false;      // a blacklist
  bool readers = false;       // requests that wait while others run; no restart is forced
  bool full_table = false;    // few slots are left
  bool full_memory = false;   // few bytes are left
  bool full_strings = false;  // little of the buffer of strings is left
  bool users = false;         // workers belong to another account, whom the mode of a file stops
  bool filed = false;  // a file cache, whose files are damaged and outlive the runtime; without memory now and then
};
Trace random_script_trace(std::uint64_t seed, const ScriptTraceOptions& options);

// A small program (program.h) that is used again and again: by worker 0 without a cache, and by others in every state that
// the cache of each may be in (empty, warm, compiled by compile_file, invalidated, restarted, out of files, of another
// pool). What is expected: as without a cache (judge_with_and_without). Configurations are drawn by a seed of their own, so
// that programs can share one runtime.
struct ProgramTraceOptions {
  ProgramOptions programs{};
  bool compiles = true;             // compile_file in a request of its own
  bool compiles_in_request = true;  // and in the request that uses the file
  bool served = true;               // files of the program as main scripts
  int steps = 10;                   // at most; uses, changes and questions
  std::string folder = "@/p";
  std::uint64_t configuration_seed = 1;
};
Trace random_program_trace(std::uint64_t seed, const ProgramTraceOptions& options);

// Whether the suite can carry out every action on files, whatever the workers do: a property that shrinking must keep.
// Workers may only make and remove files whose names begin with "w" or are "gone", actions only others.
bool is_legal(const Trace& trace);

}  // namespace assay::conformance
