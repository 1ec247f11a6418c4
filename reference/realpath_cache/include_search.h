#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "reference/realpath_cache/resolver.h"

namespace assay::reference {

// Where a bare include is looked for, besides the working directory.
struct IncludeContext {
  std::vector<std::string> include_path;  // elements in order, see SplitIncludePath
  std::string script_directory;           // directory of the including script, without a trailing slash; empty = none
};

// Splits an include_path setting at its colons. A colon ends an element, so a trailing one adds none, and an empty
// element in front of one stands for the root.
std::vector<std::string> split_include_path(std::string_view setting);

// How names given to include, require and their once forms become files (RP-USE-03, RP-USE-06, RP-USE-07). Only names;
// nothing is opened. The resolver is borrowed. Names are local: a scheme has been taken off before.
class IncludeSearch {
 public:
  // What a once-include found.
  struct OnceTarget {
    std::string path;  // the file to open, or the one included before
    bool already_included = false;
  };
  // Whether this request has included the file with this real path before.
  using IncludedBefore = std::function<bool(const std::string& real_path)>;

  explicit IncludeSearch(PathResolver& resolver) : resolver_(resolver) {}

  // The real path of an existing file, strictly: what stream_resolve_include_path answers.
  SystemResult<std::string> find(std::string_view name, const IncludeContext& context);

  // The path that a plain include or require opens; it need not exist.
  SystemResult<std::string> resolve_plain(std::string_view name, const IncludeContext& context);

  // The path that include_once or require_once opens, unless it was included before. A name that the first resolution
  // missed can still end at such a file, found in the working directory alone: whoever opens `path` asks the same
  // question again once the file is open (observed: PHP then answers true and does not execute it again).
  SystemResult<OnceTarget> resolve_once(std::string_view name, const IncludeContext& context,
                                        const IncludedBefore& included_before);

 private:
  PathResolver& resolver_;
};

}  // namespace assay::reference
