#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "reference/php/interpreter/script_loader.h"
#include "reference/script_cache/script_cache_client.h"
#include "reference/server/script_file.h"

namespace assay::reference {

// Where the scripts of a request come from: the script cache, which compiles what it does not have. One per request.
class CachedLoader final : public php::ScriptLoader {
 public:
  // All are borrowed for the life of the loader.
  CachedLoader(ScriptCacheClient& client, PathOperations& paths, const php::Compiler& compiler,
               ScriptFile::DeclarationCheck check, const Blacklist& blacklist, const std::string& include_path)
      : client_(client),
        paths_(paths),
        compiler_(compiler),
        check_(std::move(check)),
        blacklist_(blacklist),
        include_path_(include_path) {}

  php::LoadResult load(const php::LoadRequest& request, php::RequestContext& context) override;

  // The main script of the request, by the path that it was asked for.
  php::LoadResult load_main(const std::string& path);

  // What came of opcache_compile_file: the script, or the messages of the failure.
  php::LoadResult compile(const std::string& path);

  // What the name refers to is borrowed for the life of the file.
  ScriptFile file(const ScriptName& name);

  // The write lock could not be had: PHP abandons the request there (SC-LCK-07).
  void abandon(Error error) { lock_failure_ = std::move(error); }
  const std::optional<Error>& lock_failure() const { return lock_failure_; }
  // The same for who does not abandon it.
  std::optional<Error> take_lock_failure() { return std::exchange(lock_failure_, std::nullopt); }

 private:
  php::LoadResult load_once(const php::LoadRequest& request, php::RequestContext& context);
  php::LoadResult load_stream(const php::LoadRequest& request);
  std::optional<php::LoadResult> finish_found(const Expected<ScriptUse>& use, const SourceCompiler& compiling);
  php::LoadResult finish(const php::LoadRequest& request, const Expected<ScriptUse>& use, const ScriptFile& file);
  // What decides which file a relative name means; of an absolute one the system is not asked.
  std::string working_directory_for(std::string_view path);

  ScriptCacheClient& client_;
  PathOperations& paths_;
  const php::Compiler& compiler_;
  const ScriptFile::DeclarationCheck check_;
  const Blacklist& blacklist_;
  const std::string& include_path_;
  ScriptFile::Kept kept_;
  std::optional<Error> lock_failure_;
};

}  // namespace assay::reference
