#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reference/php/interpreter/request_context.h"
#include "reference/php/interpreter/stream_opener.h"

namespace assay::reference::php {

// One include, as the running script wrote it.
struct LoadRequest {
  std::string_view path;                 // as given
  std::string_view including_directory;  // of the script that contains the include; empty for the main script
  IncludeKind kind = IncludeKind::include;
  std::string_view function = {};      // that asks for the file; empty: the construct that `kind` names
  const StreamText* stream = nullptr;  // what a stream wrapper gave for the path: then there is no file
};

// What came of it. Exactly one of:
//  - loaded: `script` is set; it must stay valid until the request ends. `warnings` (of compile time) are shown.
//  - already included, for the _once kinds: `already_included` is set.
//  - failed: `error` is set, or, for a file that cannot be opened, only `warnings`, and the include is false. An error is
//    thrown as an object of `thrown_class` (Severity::parse: always ParseError); without a class it ends the request.
//    Messages are complete; a file and line that are those of the including script are left empty for the interpreter.
struct LoadResult {
  const Script* script = nullptr;
  bool already_included = false;
  std::optional<Diagnostic> error;
  std::string thrown_class;
  std::vector<Diagnostic> warnings;
};

// Where scripts come from: the script cache, or a plain compiler of files. Used by the one request that runs. Called in
// the middle of a running script, so it may be called again before the script that it replied with has ended.
class ScriptLoader {
 public:
  virtual ~ScriptLoader() = default;
  virtual LoadResult load(const LoadRequest& request, RequestContext& context) = 0;
};

// "include", "include_once", "require" or "require_once".
std::string_view include_name(IncludeKind kind);

// What asks: the function, or the construct.
std::string asking_name(const LoadRequest& request);

// The failure of an include whose wrapper gave nothing.
LoadResult stream_failure(const LoadRequest& request, std::string_view include_path);

// The failure of an include whose file cannot be opened, in PHP's words: a warning and, for include, a second one, or
// for require an Error. `opened` is what could not be opened, `reason` is as strerror() says it: an empty one where
// nobody tried, and then there is no first warning (SC-SEC-01).
LoadResult open_failure(const LoadRequest& request, std::string_view opened, std::string_view reason,
                        std::string_view include_path);

}  // namespace assay::reference::php
