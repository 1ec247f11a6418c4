#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reference/files/file_system.h"
#include "reference/files/operation_result.h"
#include "reference/realpath_cache/include_search.h"
#include "reference/realpath_cache/realpath_cache.h"
#include "reference/realpath_cache/resolver.h"

namespace assay::reference {

// The content of a file that was opened. PHP opens directories for reading as well; reading one then fails, and the
// result is the empty string with a notice: `read_error` is that errno, 0 if all was read.
struct FileContents {
  std::string bytes;
  int read_error = 0;
};

// The path operations that a request can do, each with its effect on the worker's realpath cache. Named after the PHP
// functions; a result of type bool is what the function returns, an OperationResult's error stands for false or for an
// exception (OperationError::Kind).
//
// Three groups: those that resolve through the cache and fill it (RP-USE-01, -06, -07, -08), those that ask the kernel
// and leave the cache alone (RP-USE-02), and those that empty it when they succeed (RP-CLR-05). Paths of the kernel's
// group may be relative to the FileSystem's working directory. `file://` in front of a path is understood where PHP
// does (RP-USE-01); any other scheme is the caller's business (RP-USE-04). PHP's one-entry stat cache is not modelled:
// every call asks the kernel.
//
// The objects given are borrowed and must outlive this one. Thread safety: none; one worker.
class PathOperations {
 public:
  struct Settings {
    std::string temporary_directory = "/tmp";  // what tempnam falls back to (RP-USE-08)
  };

  PathOperations(FileSystem& files, RealpathCache& cache, SecondsClock clock);
  PathOperations(FileSystem& files, RealpathCache& cache, SecondsClock clock, Settings settings);

  // The cache itself.
  OperationResult<std::string> realpath(std::string_view path);
  std::vector<RealpathCacheEntry> realpath_cache_get() const { return cache_.list(); }
  std::int64_t realpath_cache_size() const { return cache_.size(); }
  // `path` absent: the whole cache; present: the one raw path, byte for byte (RP-CLR-01 to -03).
  OperationResult<void> clear_stat_cache(bool clear_realpath_cache,
                                         std::optional<std::string_view> path = std::nullopt);

  // Streams: the path is resolved leniently, then its result is opened. `flags` as open(2) takes them.
  OperationResult<FileDescriptor> open_file(std::string_view path, int flags, mode_t permissions = 0666);
  OperationResult<FileContents> file_get_contents(std::string_view path);
  // Returns the number of bytes written. Truncates first, or appends.
  OperationResult<std::int64_t> file_put_contents(std::string_view path, std::string_view bytes, bool append = false);
  OperationResult<void> copy(std::string_view from, std::string_view to);
  // Creates an empty file with a new name that begins with `prefix` (63 bytes of it at most) and returns its path.
  OperationResult<std::string> tempnam(std::string_view directory, std::string_view prefix);

  // Includes. The result is the file to be opened by read_included(); nothing is executed or remembered here.
  OperationResult<std::string> stream_resolve_include_path(std::string_view name, const IncludeContext& context);
  OperationResult<std::string> resolve_include(std::string_view name, const IncludeContext& context);
  OperationResult<IncludeSearch::OnceTarget> resolve_include_once(std::string_view name, const IncludeContext& context,
                                                                  const IncludeSearch::IncludedBefore& included_before);
  // Opens and reads a file that one of the two above named. Directories are refused.
  OperationResult<std::string> read_included(const std::string& resolved_path);

  // The stat family: straight to the kernel. False for a path with a NUL byte, no ValueError (RP-PATH-07).
  bool file_exists(std::string_view path);
  bool is_file(std::string_view path);
  bool is_dir(std::string_view path);
  bool is_link(std::string_view path);
  bool is_readable(std::string_view path);
  bool is_writable(std::string_view path);
  bool is_executable(std::string_view path);
  OperationResult<struct stat> stat(std::string_view path);
  OperationResult<struct stat> lstat(std::string_view path);
  OperationResult<std::int64_t> filemtime(std::string_view path);
  OperationResult<std::int64_t> filesize(std::string_view path);
  OperationResult<std::int64_t> fileinode(std::string_view path);

  // Names, straight to the kernel. unlink(), rmdir() and rename() empty the cache when they succeed (RP-CLR-05), except a
  // rename to another file system, which copies and deletes instead (RP-CLR-06).
  OperationResult<std::string> read_link(std::string_view path);
  OperationResult<void> unlink(std::string_view path);
  OperationResult<void> rename(std::string_view from, std::string_view to);
  OperationResult<void> rmdir(std::string_view path);
  // Recursive: "." and ".." are taken out of the text first, missing parents are made.
  OperationResult<void> mkdir(std::string_view path, mode_t permissions = 0777, bool recursive = false);
  // Creates the file if it is missing. Without times: now, as the kernel's clock has it.
  OperationResult<void> touch(std::string_view path, std::optional<FileTimes> times = std::nullopt);
  OperationResult<void> chmod(std::string_view path, mode_t permissions);
  OperationResult<void> chdir(std::string_view path);
  OperationResult<std::string> getcwd();
  // All names with "." and "..", sorted by bytes.
  OperationResult<std::vector<std::string>> scandir(std::string_view path);

  // Links: both paths are resolved leniently (RP-USE-08).
  OperationResult<void> symlink(std::string_view target, std::string_view link);
  OperationResult<void> link(std::string_view target, std::string_view link);

 private:
  OperationResult<std::string> resolve_for_stream(std::string_view operation, std::string_view path);
  OperationResult<std::int64_t> write_all(const FileDescriptor& file, std::string_view bytes,
                                          std::string_view operation, std::string_view path);
  SystemResult<void> read_all(const FileDescriptor& file, std::string& bytes);
  OperationResult<void> copy_open(std::string_view from, std::string_view to);
  OperationResult<void> move_to_other_file_system(const std::string& from, const std::string& to);
  OperationResult<void> make_with_parents(const std::string& path, mode_t permissions);
  bool allows(std::string_view path, int access_mode);

  FileSystem& files_;
  RealpathCache& cache_;
  PathResolver resolver_;
  IncludeSearch includes_;
  Settings settings_;
};

}  // namespace assay::reference
