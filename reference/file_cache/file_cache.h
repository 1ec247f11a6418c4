#pragma once

#include <memory>
#include <optional>
#include <string>

#include "reference/file_cache/cache_file.h"
#include "reference/log/log.h"

namespace assay::reference {

// A script that came out of a file; its graph lives in the image.
struct LoadedScript {
  ScriptImage image;
  const php::Script* script = nullptr;
  std::int64_t next_check = 0;  // of the entry that was filed (SC-FIL-05)
};

// The second tier of the script cache: compiled scripts in files, which outlive the runtime (docs/spec/script-cache.md,
// section 16). Each stands at DIRECTORY/SYSTEM ID/path of its source.bin.
//
// A file has no name until it is complete: it is made nameless (O_TMPFILE) and then linked to its place, which fails
// where a file stands already. So a worker may die anywhere and leaves no half of a file and none with another name,
// and nobody needs a lock (GU-RES-05, GU-VAL-07). On a file system without nameless files nothing is stored, and the
// log says so. No symbolic link is followed at the place of a file.
//
// No failure reaches the request: what cannot be read is compiled, what cannot be written is not there next time.
// Immutable, usable by any worker at once.
class FileCache {
 public:
  // Null where the directory cannot be used (SC-FIL-01); the log says why.
  static std::unique_ptr<FileCache> open(const Settings& settings, const Log& log);

  // Nothing when there is no file, or one that is refused; that one is removed (SC-FIL-06). `timestamp`: of the source,
  // null: any will do (SC-FIL-09).
  std::unique_ptr<LoadedScript> load(const std::string& source_path, const std::int64_t* timestamp) const;
  void store(const std::string& source_path, CacheFileTimes times, const php::Script& script) const;
  // Whether there was one or not.
  void remove(const std::string& source_path) const;

  const std::string& directory() const { return directory_; }
  const Log& log() const { return log_; }

 private:
  FileCache(const Settings& settings, const Log& log)
      : directory_(settings.file_cache), checks_(settings.file_cache_consistency_checks), log_(log) {}

  std::string place_of(const std::string& source_path) const;
  tl::expected<std::unique_ptr<LoadedScript>, Refusal> read(int file, const std::string& place,
                                                            const std::int64_t* timestamp) const;
  bool make_folders(const std::string& place) const;
  void refuse(const std::string& place, Refusal why) const;
  void warn(const char* what, const std::string& place, int number) const;

  std::string directory_;
  bool checks_;
  Log log_;
};

}  // namespace assay::reference
