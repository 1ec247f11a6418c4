#include "reference/realpath_cache/path_operations.h"

#include <errno.h>
#include <fcntl.h>

#include <utility>

#include "reference/realpath_cache/operation_arguments.h"

// The cache itself, the streams and the includes. The operations that ask the kernel stand in kernel_operations.cpp.

namespace assay::reference {
namespace {

constexpr std::size_t kBlock = 65536;
constexpr std::size_t kLongestPrefix = 63;

// PHP's streams say "No such file or directory" whatever kept a path from being resolved (RP-PATH-05).
constexpr Errno kUnresolved{ENOENT};

std::string_view BaseName(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

}  // namespace

PathOperations::PathOperations(FileSystem& files, RealpathCache& cache, SecondsClock clock)
    : PathOperations(files, cache, std::move(clock), Settings()) {}

PathOperations::PathOperations(FileSystem& files, RealpathCache& cache, SecondsClock clock, Settings settings)
    : files_(files),
      cache_(cache),
      resolver_(files, cache, std::move(clock)),
      includes_(resolver_),
      settings_(std::move(settings)) {}

OperationResult<std::string> PathOperations::RealPath(std::string_view path) {
  if (HasNulByte(path)) return NulByteIn("realpath");
  return AsOperationResult(resolver_.Resolve(path, ResolutionMode::kStrict), "realpath", path);
}

OperationResult<void> PathOperations::ClearStatCache(bool clear_realpath_cache, std::optional<std::string_view> path) {
  if (path && HasNulByte(*path)) return NulByteIn("clearstatcache");
  if (!clear_realpath_cache) return {};
  if (path) {
    cache_.Remove(*path);
  } else {
    cache_.Clear();
  }
  return {};
}

OperationResult<std::string> PathOperations::ResolveForStream(std::string_view operation, std::string_view path) {
  if (HasNulByte(path)) return NulByteIn(operation);
  if (path.empty()) return EmptyPathIn(operation);
  auto resolved = resolver_.Resolve(WithoutFileScheme(path), ResolutionMode::kLenient);
  if (!resolved) return Failed(operation, path, kUnresolved);
  return std::move(*resolved);
}

OperationResult<FileDescriptor> PathOperations::OpenFile(std::string_view path, int flags, mode_t permissions) {
  auto resolved = ResolveForStream("open", path);
  if (!resolved) return tl::unexpected<OperationError>(resolved.error());
  return AsOperationResult(files_.Open(*resolved, flags, permissions), "open", path);
}

SystemResult<void> PathOperations::ReadAll(const FileDescriptor& file, std::string& bytes) {
  for (;;) {
    const std::size_t before = bytes.size();
    bytes.resize(before + kBlock);
    const auto count = files_.Read(file, bytes.data() + before, kBlock);
    bytes.resize(before + count.value_or(0));
    if (!count) return tl::unexpected<Errno>(count.error());
    if (*count == 0) return {};
  }
}

OperationResult<FileContents> PathOperations::FileGetContents(std::string_view path) {
  const auto file = OpenFile(path, O_RDONLY);
  if (!file) return tl::unexpected<OperationError>(file.error());
  FileContents contents;
  if (const auto read = ReadAll(*file, contents.bytes); !read) contents.read_error = read.error().number;
  return contents;
}

OperationResult<std::int64_t> PathOperations::WriteAll(const FileDescriptor& file, std::string_view bytes,
                                                       std::string_view operation, std::string_view path) {
  std::int64_t written = 0;
  while (!bytes.empty()) {
    const auto count = files_.Write(file, bytes);
    if (!count) return Failed(operation, path, count.error());
    bytes.remove_prefix(*count);
    written += static_cast<std::int64_t>(*count);
  }
  return written;
}

OperationResult<std::int64_t> PathOperations::FilePutContents(std::string_view path, std::string_view bytes,
                                                              bool append) {
  const auto file = OpenFile(path, O_WRONLY | O_CREAT | (append ? O_APPEND : O_TRUNC));
  if (!file) return tl::unexpected<OperationError>(file.error());
  return WriteAll(*file, bytes, "file_put_contents", path);
}

OperationResult<void> PathOperations::Copy(std::string_view from, std::string_view to) {
  if (HasNulByte(from) || HasNulByte(to)) return NulByteIn("copy");
  const auto source = files_.Stat(std::string(WithoutFileScheme(from)));
  if (source) {
    if (S_ISDIR(source->st_mode)) return Failed("copy", from, Errno{EISDIR});
    const auto destination = files_.Stat(std::string(WithoutFileScheme(to)));
    if (destination) {
      if (S_ISDIR(destination->st_mode)) return Failed("copy", to, Errno{EISDIR});
      // Onto itself: refused without resolving anything.
      if (destination->st_dev == source->st_dev && destination->st_ino == source->st_ino)
        return Failed("copy", to, Errno{EEXIST});
    }
  }
  return CopyOpen(from, to);
}

OperationResult<void> PathOperations::CopyOpen(std::string_view from, std::string_view to) {
  const auto source = OpenFile(from, O_RDONLY);
  if (!source) return tl::unexpected<OperationError>(source.error());
  const auto destination = OpenFile(to, O_WRONLY | O_CREAT | O_TRUNC);
  if (!destination) return tl::unexpected<OperationError>(destination.error());
  std::string block(kBlock, '\0');
  for (;;) {
    const auto count = files_.Read(*source, block.data(), block.size());
    if (!count) return Failed("copy", from, count.error());
    if (*count == 0) return {};
    const auto written = WriteAll(*destination, std::string_view(block).substr(0, *count), "copy", to);
    if (!written) return tl::unexpected<OperationError>(written.error());
  }
}

OperationResult<std::string> PathOperations::TempNam(std::string_view directory, std::string_view prefix) {
  if (HasNulByte(directory) || HasNulByte(prefix)) return NulByteIn("tempnam");
  const std::string name = std::string("/").append(BaseName(prefix).substr(0, kLongestPrefix)).append("XXXXXX");
  // An empty directory is not the working directory here.
  for (const std::string_view candidate : {directory, std::string_view(settings_.temporary_directory)}) {
    if (candidate.empty()) continue;
    const auto resolved = resolver_.Resolve(candidate, ResolutionMode::kStrict);
    if (!resolved) continue;
    std::string path = (*resolved == "/" ? "" : *resolved) + name;
    if (files_.CreateTemporary(path)) return path;
  }
  return Failed("tempnam", directory, Errno{ENOENT});
}

OperationResult<std::string> PathOperations::StreamResolveIncludePath(std::string_view name,
                                                                      const IncludeContext& context) {
  if (HasNulByte(name)) return NulByteIn("stream_resolve_include_path");
  return AsOperationResult(includes_.Find(WithoutFileScheme(name), context), "stream_resolve_include_path", name);
}

OperationResult<std::string> PathOperations::ResolveInclude(std::string_view name, const IncludeContext& context) {
  if (HasNulByte(name)) return Failed("include", name, kUnresolved);
  if (name.empty()) return EmptyPathIn("include");
  return AsOperationResult(includes_.ResolvePlain(WithoutFileScheme(name), context), "include", name);
}

OperationResult<IncludeSearch::OnceTarget> PathOperations::ResolveIncludeOnce(
    std::string_view name, const IncludeContext& context, const IncludeSearch::IncludedBefore& included_before) {
  if (HasNulByte(name)) return Failed("include_once", name, kUnresolved);
  return AsOperationResult(includes_.ResolveOnce(WithoutFileScheme(name), context, included_before), "include_once",
                           name);
}

OperationResult<std::string> PathOperations::ReadIncluded(const std::string& resolved_path) {
  const auto file = files_.Open(resolved_path, O_RDONLY, 0);
  if (!file) return Failed("include", resolved_path, file.error());
  std::string bytes;
  if (const auto read = ReadAll(*file, bytes); !read) return Failed("include", resolved_path, read.error());
  return bytes;
}

}  // namespace assay::reference
