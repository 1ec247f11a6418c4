#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "reference/php/compiler/arena.h"
#include "reference/php/compiler/graph.h"

namespace assay::reference::php {

enum class Severity : std::uint8_t { notice, warning, deprecated, fatal, parse };

// One message of PHP's kind: text without "Warning: ", resolved path, line from 1.
struct Diagnostic {
  Severity severity = Severity::warning;
  std::string message;
  std::string file;
  std::uint32_t line = 0;
};

// What a compilation left: the graph, which lives as long as the arena, and the warnings of compile time. The graph has
// them too, for later uses (SC-PER-04).
struct Compilation {
  const Script* script = nullptr;
  std::vector<Diagnostic> warnings;
};

// Turns source bytes into a graph. Another language, or another subset of PHP, is another implementation of this.
// Implementations must take any bytes, must not run anything, and must be usable by several threads at once.
class Compiler {
 public:
  virtual ~Compiler() = default;

  // `path` is the resolved path. The graph is allocated in `arena` and refers to nothing outside it.
  // Error: severity kParse is PHP's ParseError, which is thrown and can be caught; kFatal ends a request that includes
  // the file (SC-API-09).
  virtual tl::expected<Compilation, Diagnostic> compile(std::string_view source, std::string_view path,
                                                        Arena& arena) const = 0;
  // The same where the script is only stored: no class of it is complete (SC-PER-10).
  virtual tl::expected<Compilation, Diagnostic> compile_to_store(std::string_view source, std::string_view path,
                                                                 Arena& arena) const {
    return compile(source, path, arena);
  }
};

// The script subset of the reference: see docs/script-subset.md.
class SubsetCompiler : public Compiler {
 public:
  tl::expected<Compilation, Diagnostic> compile(std::string_view source, std::string_view path,
                                                Arena& arena) const override;
  tl::expected<Compilation, Diagnostic> compile_to_store(std::string_view source, std::string_view path,
                                                         Arena& arena) const override;
};

}  // namespace assay::reference::php
