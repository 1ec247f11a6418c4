#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "reference/php/interpreter/builtins.h"
#include "reference/php/interpreter/script_loader.h"
#include "reference/script_cache/script_cache.h"
#include "reference/server/script_file.h"

namespace assay::reference {

// Where the scripts of a preload run come from: each file is compiled once and stored at once, whatever keeps scripts of
// requests out of the cache (PL-SET-08), and counts neither hit nor miss (PL-STA-04).
class PreloadLoader final : public php::ScriptLoader {
 public:
  // All are borrowed for the life of the loader.
  PreloadLoader(PathOperations& paths, ScriptCache& cache, const Settings& settings, const php::RequestContext& context,
                const php::Builtins& builtins);

  php::LoadResult load(const php::LoadRequest& request, php::RequestContext& context) override;
  // The same for opcache_compile_file.
  php::LoadResult compile(const std::string& path);
  // An entry that stands for no file.
  const ScriptEntry* store_empty(const std::string& name);

  // What was stored, in order, with the paths.
  const std::vector<const php::Script*>& scripts() const { return scripts_; }
  // Which directive has no room for it, once something was not stored (PL-ERR-05, PL-ERR-06).
  const std::optional<std::string>& no_room() const { return no_room_; }

 private:
  php::LoadResult stored(const php::LoadRequest& request, ScriptFile& file);
  const ScriptEntry* store(const std::string& path, const php::Script& script);

  PathOperations& paths_;
  ScriptCache& cache_;
  const Settings& settings_;
  php::SubsetCompiler compiler_;
  const ScriptFile::DeclarationCheck check_;
  const Blacklist nothing_excluded_;
  ScriptFile::Kept kept_;
  std::vector<const php::Script*> scripts_;
  std::unordered_map<std::string, const php::Script*> known_;  // by resolved path
  std::optional<std::string> no_room_;
};

}  // namespace assay::reference
