// What the file cache has (script-cache.md 16).
#include "conformance/models/script_request.h"

namespace assay::conformance {

// What the file of a script has, if it serves (SC-FIL-06, SC-FIL-09); one that is refused is removed.
std::optional<std::string> ScriptRequest::filed(const std::string& path, const File& file) {
  const auto found = rules_.has_files ? store_.files.find(path) : store_.files.end();
  if (found == store_.files.end()) return std::nullopt;
  const ScriptStore::Filed& filed = found->second;
  if (filed.is_closed && !rules_.reads_everything) return std::nullopt;
  if (!filed.is_damaged && (!rules_.validates || filed.mtime == file.mtime)) return filed.source;
  store_.files.erase(found);
  return std::nullopt;
}

// SC-FIL-04: one that is there stays as it is, but where memory takes nothing (SC-FIL-05).
void ScriptRequest::keep_file(const Opened& opened, bool has_memory) {
  ScriptStore::Filed filed{opened.file->text, opened.file->mtime, now() + rules_.frequency};
  filed.has_no_size = !has_memory && host_.files_lack_sizes;
  if (!rules_.has_files) return;
  if (!has_memory) store_.files.erase(opened.path);
  store_.files.insert({opened.path, std::move(filed)});
}

// SC-FIL-05: without a key of the spelling.
ScriptRequest::Use ScriptRequest::load(const Opened& opened, std::string source) {
  const Use loaded{Use::Kind::hit, opened.path, source};
  const bool has_room = !store_.pending && !store_.full;
  const ScriptStore::Filed& filed = store_.files.at(opened.path);
  ScriptStore::Entry entry =
      entry_of(std::move(source), *opened.file, filed.has_no_size ? ScriptRoute::file_without_size : ScriptRoute::file);
  entry.checked_until = filed.checked_until;
  if (has_room && store_.put(opened.path, std::move(entry), world_.decisions))
    store_.hit(store_.entries.at(opened.path), now());
  else
    ++(store_.pending ? store_.hits : store_.misses);
  return loaded;
}

// Nothing can be had from memory, or be put there (SC-FIL-10).
ScriptRequest::Use ScriptRequest::without_memory(const Opened& opened) {
  const Use compiled = from_source(opened);
  if (compiled.kind == Use::Kind::missing || !rules_.has_files || !rules_.enabled) return compiled;
  if (auto source = filed(opened.path, *opened.file)) return {Use::Kind::hit, opened.path, std::move(*source)};
  if (may_be_stored(opened) && is_whole(opened.file->text)) keep_file(opened, false);
  return compiled;
}

}  // namespace assay::conformance
