#include "reference/server/source_compiler.h"

#include <utility>

namespace assay::reference {

const php::Script* SourceCompiler::compile(const std::string& source, const std::string& path) {
  auto compiled = std::make_unique<CompiledScript>();
  auto compilation = is_only_stored_ ? compiler_.compile_to_store(source, path, compiled->arena)
                                     : compiler_.compile(source, path, compiled->arena);
  if (!compilation) {
    error_ = compilation.error();
    return nullptr;
  }
  if (auto taken = check_(*compilation->script)) {
    error_ = std::move(taken);
    return nullptr;
  }
  warnings_ = compilation->warnings;
  compiled->compilation = std::move(*compilation);
  kept_.push_back(std::move(compiled));
  return kept_.back()->compilation.script;
}

}  // namespace assay::reference
