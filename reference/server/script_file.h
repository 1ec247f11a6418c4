#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reference/config/blacklist.h"
#include "reference/php/compiler/compiler.h"
#include "reference/realpath_cache/path_operations.h"
#include "reference/script_cache/source_file.h"

namespace assay::reference {

// A script compiled by this worker: the graph lives in the arena.
struct CompiledScript {
  php::Arena arena;
  php::Compilation compilation;
};

// The file behind one include (or compile, or control function) of a request: found through the worker's realpath
// cache, read and compiled when the script cache asks for it.
class ScriptFile final : public SourceFile {
 public:
  // How the name becomes the path of a file: as a plain include or as a once-include.
  enum class Search { plain, once };
  using Kept = std::vector<std::unique_ptr<CompiledScript>>;
  // What is wrong with declaring the functions of the script in this request: an error of compilation (SC-PER-03).
  using DeclarationCheck = std::function<std::optional<php::Diagnostic>(const php::Script&)>;

  // All, and what the name refers to, are borrowed for the life of this object; `kept` takes what was compiled, for the rest of the request.
  // `included_before` is asked by once-includes only.
  ScriptFile(PathOperations& paths, const php::Compiler& compiler, const DeclarationCheck& check,
             const Blacklist& blacklist, const ScriptName& name, Search search, Kept& kept,
             IncludeSearch::IncludedBefore included_before = {});

  // From here on only files below these folders are opened (open_basedir; empty: all are). What is found or cached is not
  // looked at (SC-SEC-03).
  void confine(std::string_view open_basedir) { open_basedir_ = open_basedir; }

  // Its script is stored and not run (SC-PER-10).
  void only_store() { is_only_stored_ = true; }

  std::optional<std::string> find() override;
  std::optional<std::string> resolve() override;
  std::optional<FileStatus> status(const std::string& resolved_path) override;
  bool can_be_read(const std::string& resolved_path) override;
  bool is_there_to_read(const std::string& resolved_path) override;
  bool was_included(const std::string& real_path) override { return included_before_ && included_before_(real_path); }
  bool is_excluded(const std::string& resolved_path) override { return blacklist_.excludes(resolved_path); }
  const php::Script* compile(const std::string& resolved_path) override;

  // Why nothing came of it: the message of a failed compilation, or the errno of a file that cannot be opened.
  const std::optional<php::Diagnostic>& compile_error() const { return compile_error_; }
  int open_error() const { return open_error_; }
  // What could not be opened because of confine(); empty: nothing.
  const std::string& outside() const { return outside_; }
  // What resolve() opened: the path that find() gave, or else the name as it was written (SC-API-14).
  std::string opened_name() const { return opened_name_.value_or(std::string(name_.spelling)); }
  const std::vector<php::Diagnostic>& warnings() const { return warnings_; }

 private:
  std::optional<std::string> lenient();
  IncludeContext context() const;
  bool is_outside(const std::string& path);

  PathOperations& paths_;
  const php::Compiler& compiler_;
  const DeclarationCheck& check_;
  const Blacklist& blacklist_;
  const ScriptName name_;
  std::string_view open_basedir_;
  std::optional<std::string> opened_name_;
  std::string outside_;
  Search search_;
  bool is_only_stored_ = false;
  Kept& kept_;
  IncludeSearch::IncludedBefore included_before_;
  std::optional<php::Diagnostic> compile_error_;
  std::vector<php::Diagnostic> warnings_;
  int open_error_ = 2;  // ENOENT until the system says otherwise
};

}  // namespace assay::reference
