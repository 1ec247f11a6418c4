#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reference/config/blacklist.h"
#include "reference/realpath_cache/path_operations.h"
#include "reference/script_cache/source_file.h"
#include "reference/server/source_compiler.h"

namespace assay::reference {

// The file behind one include (or compile, or control function) of a request: found through the worker's realpath
// cache, read and compiled when the script cache asks for it.
class ScriptFile final : public SourceFile {
 public:
  // How the name becomes the path of a file: as a plain include or as a once-include.
  enum class Search { plain, once };
  using Kept = SourceCompiler::Kept;
  using DeclarationCheck = SourceCompiler::DeclarationCheck;

  // All, and what the name refers to, are borrowed for the life of this object; `kept` takes what was compiled, for the rest of the request.
  // `included_before` is asked by once-includes only.
  ScriptFile(PathOperations& paths, const php::Compiler& compiler, const DeclarationCheck& check,
             const Blacklist& blacklist, const ScriptName& name, Search search, Kept& kept,
             IncludeSearch::IncludedBefore included_before = {});

  // From here on only files below these folders are opened (open_basedir; empty: all are). What is found or cached is not
  // looked at (SC-SEC-03).
  void confine(std::string_view open_basedir) { open_basedir_ = open_basedir; }

  // Its script is stored and not run (SC-PER-10).
  void only_store() { compiling_.only_store(); }

  std::optional<std::string> find() override;
  std::optional<std::string> resolve() override;
  std::optional<FileStatus> status(const std::string& resolved_path) override;
  bool can_be_read(const std::string& resolved_path) override;
  bool is_there_to_read(const std::string& resolved_path) override;
  bool was_included(const std::string& real_path) override { return included_before_ && included_before_(real_path); }
  bool is_excluded(const std::string& resolved_path) override { return blacklist_.excludes(resolved_path); }
  const php::Script* compile(const std::string& resolved_path) override;

  // Why nothing came of it: the message of a failed compilation, or the errno of a file that cannot be opened.
  const SourceCompiler& compiling() const { return compiling_; }
  const std::optional<php::Diagnostic>& compile_error() const { return compiling_.error(); }
  int open_error() const { return open_error_; }
  // What could not be opened because of confine(); empty: nothing.
  const std::string& outside() const { return outside_; }
  // What resolve() opened: the path that find() gave, or else the name as it was written (SC-API-14).
  std::string opened_name() const { return opened_name_.value_or(std::string(name_.spelling)); }
  const std::vector<php::Diagnostic>& warnings() const { return compiling_.warnings(); }

 private:
  std::optional<std::string> lenient();
  IncludeContext context() const;
  bool is_outside(const std::string& path);

  PathOperations& paths_;
  SourceCompiler compiling_;
  const Blacklist& blacklist_;
  const ScriptName name_;
  std::string_view open_basedir_;
  std::optional<std::string> opened_name_;
  std::string outside_;
  Search search_;
  IncludeSearch::IncludedBefore included_before_;
  int open_error_ = 2;  // ENOENT until the system says otherwise
};

}  // namespace assay::reference
