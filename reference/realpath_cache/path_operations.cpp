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

std::string_view base_name(std::string_view path) {
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

OperationResult<std::string> PathOperations::realpath(std::string_view path) {
  if (has_nul_byte(path)) return nul_byte_in("realpath");
  return as_operation_result(resolver_.resolve(path, ResolutionMode::strict), "realpath", path);
}

OperationResult<void> PathOperations::clear_stat_cache(bool clear_realpath_cache,
                                                       std::optional<std::string_view> path) {
  if (path && has_nul_byte(*path)) return nul_byte_in("clearstatcache");
  if (!clear_realpath_cache) return {};
  if (path) {
    cache_.remove(*path);
  } else {
    cache_.clear();
  }
  return {};
}

OperationResult<std::string> PathOperations::resolve_for_stream(std::string_view operation, std::string_view path) {
  if (has_nul_byte(path)) return nul_byte_in(operation);
  if (path.empty()) return empty_path_in(operation);
  auto resolved = resolver_.resolve(without_file_scheme(path), ResolutionMode::lenient);
  if (!resolved) return failed(operation, path, kUnresolved);
  return std::move(*resolved);
}

OperationResult<FileDescriptor> PathOperations::open_file(std::string_view path, int flags, mode_t permissions) {
  auto resolved = resolve_for_stream("open", path);
  if (!resolved) return tl::unexpected<OperationError>(resolved.error());
  return as_operation_result(files_.open(*resolved, flags, permissions), "open", path);
}

SystemResult<void> PathOperations::read_all(const FileDescriptor& file, std::string& bytes) {
  for (;;) {
    const std::size_t before = bytes.size();
    bytes.resize(before + kBlock);
    const auto count = files_.read(file, bytes.data() + before, kBlock);
    bytes.resize(before + count.value_or(0));
    if (!count) return tl::unexpected<Errno>(count.error());
    if (*count == 0) return {};
  }
}

OperationResult<FileContents> PathOperations::file_get_contents(std::string_view path) {
  const auto file = open_file(path, O_RDONLY);
  if (!file) return tl::unexpected<OperationError>(file.error());
  FileContents contents;
  if (const auto read = read_all(*file, contents.bytes); !read) contents.read_error = read.error().number;
  return contents;
}

OperationResult<std::int64_t> PathOperations::write_all(const FileDescriptor& file, std::string_view bytes,
                                                        std::string_view operation, std::string_view path) {
  std::int64_t written = 0;
  while (!bytes.empty()) {
    const auto count = files_.write(file, bytes);
    if (!count) return failed(operation, path, count.error());
    bytes.remove_prefix(*count);
    written += static_cast<std::int64_t>(*count);
  }
  return written;
}

OperationResult<std::int64_t> PathOperations::file_put_contents(std::string_view path, std::string_view bytes,
                                                                bool append) {
  const auto file = open_file(path, O_WRONLY | O_CREAT | (append ? O_APPEND : O_TRUNC));
  if (!file) return tl::unexpected<OperationError>(file.error());
  return write_all(*file, bytes, "file_put_contents", path);
}

OperationResult<void> PathOperations::copy(std::string_view from, std::string_view to) {
  if (has_nul_byte(from) || has_nul_byte(to)) return nul_byte_in("copy");
  const auto source = files_.stat(std::string(without_file_scheme(from)));
  if (source) {
    if (S_ISDIR(source->st_mode)) return failed("copy", from, Errno{EISDIR});
    const auto destination = files_.stat(std::string(without_file_scheme(to)));
    if (destination) {
      if (S_ISDIR(destination->st_mode)) return failed("copy", to, Errno{EISDIR});
      // Onto itself: refused without resolving anything.
      if (destination->st_dev == source->st_dev && destination->st_ino == source->st_ino)
        return failed("copy", to, Errno{EEXIST});
    }
  }
  return copy_open(from, to);
}

OperationResult<void> PathOperations::copy_open(std::string_view from, std::string_view to) {
  const auto source = open_file(from, O_RDONLY);
  if (!source) return tl::unexpected<OperationError>(source.error());
  const auto destination = open_file(to, O_WRONLY | O_CREAT | O_TRUNC);
  if (!destination) return tl::unexpected<OperationError>(destination.error());
  std::string block(kBlock, '\0');
  for (;;) {
    const auto count = files_.read(*source, block.data(), block.size());
    if (!count) return failed("copy", from, count.error());
    if (*count == 0) return {};
    const auto written = write_all(*destination, std::string_view(block).substr(0, *count), "copy", to);
    if (!written) return tl::unexpected<OperationError>(written.error());
  }
}

OperationResult<std::string> PathOperations::tempnam(std::string_view directory, std::string_view prefix) {
  if (has_nul_byte(directory) || has_nul_byte(prefix)) return nul_byte_in("tempnam");
  const std::string name = std::string("/").append(base_name(prefix).substr(0, kLongestPrefix)).append("XXXXXX");
  // An empty directory is not the working directory here.
  for (const std::string_view candidate : {directory, std::string_view(settings_.temporary_directory)}) {
    if (candidate.empty()) continue;
    const auto resolved = resolver_.resolve(candidate, ResolutionMode::strict);
    if (!resolved) continue;
    std::string path = (*resolved == "/" ? "" : *resolved) + name;
    if (files_.create_temporary(path)) return path;
  }
  return failed("tempnam", directory, Errno{ENOENT});
}

OperationResult<std::string> PathOperations::stream_resolve_include_path(std::string_view name,
                                                                         const IncludeContext& context) {
  if (has_nul_byte(name)) return nul_byte_in("stream_resolve_include_path");
  return as_operation_result(includes_.find(without_file_scheme(name), context), "stream_resolve_include_path", name);
}

OperationResult<std::string> PathOperations::resolve_include(std::string_view name, const IncludeContext& context) {
  if (has_nul_byte(name)) return failed("include", name, kUnresolved);
  if (name.empty()) return empty_path_in("include");
  return as_operation_result(includes_.resolve_plain(without_file_scheme(name), context), "include", name);
}

OperationResult<IncludeSearch::OnceTarget> PathOperations::resolve_include_once(
    std::string_view name, const IncludeContext& context, const IncludeSearch::IncludedBefore& included_before) {
  if (has_nul_byte(name)) return failed("include_once", name, kUnresolved);
  return as_operation_result(includes_.resolve_once(without_file_scheme(name), context, included_before),
                             "include_once", name);
}

OperationResult<std::string> PathOperations::read_included(const std::string& resolved_path) {
  const auto file = files_.open(resolved_path, O_RDONLY, 0);
  if (!file) return failed("include", resolved_path, file.error());
  std::string bytes;
  if (const auto read = read_all(*file, bytes); !read) return failed("include", resolved_path, read.error());
  return bytes;
}

}  // namespace assay::reference
