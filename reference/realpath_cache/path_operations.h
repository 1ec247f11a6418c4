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
  OperationResult<std::string> RealPath(std::string_view path);
  std::vector<RealpathCacheEntry> RealpathCacheGet() const { return cache_.List(); }
  std::int64_t RealpathCacheSize() const { return cache_.size(); }
  // `path` absent: the whole cache; present: the one raw path, byte for byte (RP-CLR-01 to -03).
  OperationResult<void> ClearStatCache(bool clear_realpath_cache, std::optional<std::string_view> path = std::nullopt);

  // Streams: the path is resolved leniently, then its result is opened. `flags` as open(2) takes them.
  OperationResult<FileDescriptor> OpenFile(std::string_view path, int flags, mode_t permissions = 0666);
  OperationResult<FileContents> FileGetContents(std::string_view path);
  // Returns the number of bytes written. Truncates first, or appends.
  OperationResult<std::int64_t> FilePutContents(std::string_view path, std::string_view bytes, bool append = false);
  OperationResult<void> Copy(std::string_view from, std::string_view to);
  // Creates an empty file with a new name that begins with `prefix` (63 bytes of it at most) and returns its path.
  OperationResult<std::string> TempNam(std::string_view directory, std::string_view prefix);

  // Includes. The result is the file to be opened by OpenIncluded; nothing is executed or remembered here.
  OperationResult<std::string> StreamResolveIncludePath(std::string_view name, const IncludeContext& context);
  OperationResult<std::string> ResolveInclude(std::string_view name, const IncludeContext& context);
  OperationResult<IncludeSearch::OnceTarget> ResolveIncludeOnce(std::string_view name, const IncludeContext& context,
                                                                const IncludeSearch::IncludedBefore& included_before);
  // Opens and reads a file that one of the two above named. Directories are refused.
  OperationResult<std::string> ReadIncluded(const std::string& resolved_path);

  // The stat family: straight to the kernel. False for a path with a NUL byte, no ValueError (RP-PATH-07).
  bool FileExists(std::string_view path);
  bool IsFile(std::string_view path);
  bool IsDir(std::string_view path);
  bool IsLink(std::string_view path);
  bool IsReadable(std::string_view path);
  bool IsWritable(std::string_view path);
  bool IsExecutable(std::string_view path);
  OperationResult<struct stat> Stat(std::string_view path);
  OperationResult<struct stat> Lstat(std::string_view path);
  OperationResult<std::int64_t> FileMTime(std::string_view path);
  OperationResult<std::int64_t> FileSize(std::string_view path);
  OperationResult<std::int64_t> FileInode(std::string_view path);

  // Names, straight to the kernel. Unlink, RmDir and Rename empty the cache when they succeed (RP-CLR-05), except a
  // rename to another file system, which copies and deletes instead (RP-CLR-06).
  OperationResult<std::string> ReadLink(std::string_view path);
  OperationResult<void> Unlink(std::string_view path);
  OperationResult<void> Rename(std::string_view from, std::string_view to);
  OperationResult<void> RmDir(std::string_view path);
  // Recursive: "." and ".." are taken out of the text first, missing parents are made.
  OperationResult<void> MkDir(std::string_view path, mode_t permissions = 0777, bool recursive = false);
  // Creates the file if it is missing. Without times: now, as the kernel's clock has it.
  OperationResult<void> Touch(std::string_view path, std::optional<FileTimes> times = std::nullopt);
  OperationResult<void> ChMod(std::string_view path, mode_t permissions);
  OperationResult<void> ChDir(std::string_view path);
  OperationResult<std::string> GetCwd();
  // All names with "." and "..", sorted by bytes.
  OperationResult<std::vector<std::string>> ScanDir(std::string_view path);

  // Links: both paths are resolved leniently (RP-USE-08).
  OperationResult<void> SymLink(std::string_view target, std::string_view link);
  OperationResult<void> Link(std::string_view target, std::string_view link);

 private:
  OperationResult<std::string> ResolveForStream(std::string_view operation, std::string_view path);
  OperationResult<std::int64_t> WriteAll(const FileDescriptor& file, std::string_view bytes, std::string_view operation,
                                         std::string_view path);
  SystemResult<void> ReadAll(const FileDescriptor& file, std::string& bytes);
  OperationResult<void> CopyOpen(std::string_view from, std::string_view to);
  OperationResult<void> MoveToOtherFileSystem(const std::string& from, const std::string& to);
  OperationResult<void> MakeWithParents(const std::string& path, mode_t permissions);
  bool Allows(std::string_view path, int access_mode);

  FileSystem& files_;
  RealpathCache& cache_;
  PathResolver resolver_;
  IncludeSearch includes_;
  Settings settings_;
};

}  // namespace assay::reference
