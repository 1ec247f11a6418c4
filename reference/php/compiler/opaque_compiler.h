#pragma once

#include "reference/php/compiler/compiler.h"

namespace assay::reference::php {

// Compiles any file to a script that returns the file's text: a body of that size, which nobody looks into. With it a cache
// holds the files of real applications, which are in no subset.
class OpaqueCompiler final : public Compiler {
 public:
  tl::expected<Compilation, Diagnostic> compile(std::string_view source, std::string_view path,
                                                Arena& arena) const override;
};

}  // namespace assay::reference::php
