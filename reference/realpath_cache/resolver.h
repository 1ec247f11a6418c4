#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "reference/files/file_system.h"
#include "reference/realpath_cache/realpath_cache.h"

namespace assay::reference {

// The wall clock as the realpath cache reads it: whole seconds since the epoch (RP-TTL-03).
using SecondsClock = std::function<std::int64_t()>;

enum class ResolutionMode {
  strict,   // the last component must exist
  lenient,  // missing trailing components are tolerated
};

// Turns a path given by a program into an absolute canonical path, through one worker's realpath cache.
//
// A resolution walks in from the longest raw path to the root, looking up and probing (lstat) each prefix, until it
// meets a cached one or the root; then it walks back, building the real path and inserting entries (RP-ENT-12,
// RP-PATH-08). A resolution that fails on the way in has added nothing (RP-ENT-13). The clock is read once per
// resolution, at its first lookup (RP-TTL-01).
//
// The objects given are borrowed and must outlive the resolver. Thread safety: none; one worker.
class PathResolver {
 public:
  // No text handled in a resolution may be longer (RP-PATH-06), in bytes.
  static constexpr std::size_t kMaximumLength = 4094;
  // Symbolic links that one resolution follows; those answered by the cache do not count (RP-PATH-04).
  static constexpr int kMaximumLinks = 32;

  PathResolver(FileSystem& files, RealpathCache& cache, SecondsClock clock);

  // The real path of `path`, without a trailing slash except for the root; in lenient mode a slash at the end of `path`
  // itself stays (observed: PHP opens `x/` as result + `/`, so the kernel refuses to create it). A relative path (and
  // the empty one) starts at the working directory (RP-PATH-01). `path` holds no NUL byte (RP-PATH-07 is for the
  // callers). On failure the errno says why: ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG, or whatever the probe met.
  SystemResult<std::string> resolve(std::string_view path, ResolutionMode mode);

  // The raw path: `path` itself if absolute, else the working directory, a slash and `path`.
  SystemResult<std::string> raw_path(std::string_view path);

 private:
  FileSystem& files_;
  RealpathCache& cache_;
  SecondsClock clock_;
};

}  // namespace assay::reference
