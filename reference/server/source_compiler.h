#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "reference/php/compiler/compiler.h"

namespace assay::reference {

// A script compiled by this worker: the graph lives in the arena.
struct CompiledScript {
  php::Arena arena;
  php::Compilation compilation;
};

// Compiles one source for a request, and knows afterwards why nothing came of it.
class SourceCompiler {
 public:
  using Kept = std::vector<std::unique_ptr<CompiledScript>>;
  // What is wrong with declaring the functions of the script in this request: an error of compilation (SC-PER-03).
  using DeclarationCheck = std::function<std::optional<php::Diagnostic>(const php::Script&)>;

  // All are borrowed; `kept` takes what was compiled, for the rest of the request.
  SourceCompiler(const php::Compiler& compiler, const DeclarationCheck& check, Kept& kept)
      : compiler_(compiler), check_(check), kept_(kept) {}

  // The script is stored and not run (SC-PER-10).
  void only_store() { is_only_stored_ = true; }
  // nullptr where it does not compile.
  const php::Script* compile(const std::string& source, const std::string& path);

  const std::optional<php::Diagnostic>& error() const { return error_; }
  const std::vector<php::Diagnostic>& warnings() const { return warnings_; }

 private:
  const php::Compiler& compiler_;
  const DeclarationCheck& check_;
  Kept& kept_;
  bool is_only_stored_ = false;
  std::optional<php::Diagnostic> error_;
  std::vector<php::Diagnostic> warnings_;
};

}  // namespace assay::reference
