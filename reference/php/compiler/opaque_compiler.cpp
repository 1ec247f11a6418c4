#include "reference/php/compiler/opaque_compiler.h"

#include <string>

namespace assay::reference::php {

tl::expected<Compilation, Diagnostic> OpaqueCompiler::compile(std::string_view source, std::string_view path,
                                                              Arena& arena) const {
  std::string script = "<?php\nreturn '";
  for (const char letter : source) {
    if (letter == '\'' || letter == '\\') script += '\\';
    script += letter;
  }
  return SubsetCompiler().compile(script + "';\n", path, arena);
}

}  // namespace assay::reference::php
