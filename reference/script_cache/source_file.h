#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "reference/php/compiler/graph.h"

namespace assay::reference {

// How a script is asked for.
struct ScriptName {
  std::string_view spelling;  // as written; not empty
  // What else decides which file a relative spelling means (SC-KEY-03); not looked at for an absolute one.
  std::string_view working_directory = {};
  std::string_view include_path = {};
  std::string_view including_directory = {};
  bool is_main = false;  // the request's main script (SC-KEY-09)
};

struct FileStatus {
  std::int64_t modification_time = 0;  // whole seconds; 0: unknown (SC-VAL-09)
  std::uint64_t size = 0;
};

// The file behind a name, as the worker that asks sees it. The script cache asks for as little as it needs, so each
// function should do its work when called and not before; the cache may call each more than once.
class SourceFile {
 public:
  virtual ~SourceFile() = default;
  // What the name means now, through the worker's realpath cache, as far as that is known without opening anything: a
  // cached name may be answered for a file that is gone. Nothing: no such name.
  virtual std::optional<std::string> find() = 0;
  // The path of the file that is opened under this name; nothing when there is none.
  virtual std::optional<std::string> resolve() = 0;
  // The status of a resolved path, which need not be that of resolve(); nothing when it is gone.
  virtual std::optional<FileStatus> status(const std::string& resolved_path) = 0;
  // Whether the worker may read it now; what is cached is served all the same (SC-SEC-01).
  virtual bool can_be_read(const std::string&) { return true; }
  // Whether it is there, and the worker may read it: what validate_permission asks of a cached script (SC-SEC-01).
  virtual bool is_there_to_read(const std::string& resolved_path) { return can_be_read(resolved_path); }
  // Whether the running request has included it: asked by once-includes only (SC-KEY-10).
  virtual bool was_included(const std::string&) { return false; }
  // Never to be stored (SC-EXC-01).
  virtual bool is_excluded(const std::string& resolved_path) = 0;
  // Reads and compiles; nullptr when that failed, and the caller of the cache knows why. The graph stays the
  // SourceFile's, which must outlive the use of what the cache answers.
  virtual const php::Script* compile(const std::string& resolved_path) = 0;
};

}  // namespace assay::reference
