#pragma once

#include <cstring>
#include <optional>
#include <string>
#include <utility>

#include "faults/points/clock.h"
#include "reference/php/interpreter/request_host.h"
#include "reference/realpath_cache/path_operations.h"

namespace assay::reference {

// The files that running scripts reach, by one process's path operations; settings are its heirs'.
class PathHost : public php::RequestHost {
 public:
  // Borrowed.
  explicit PathHost(PathOperations& paths) : paths_(paths) {}

  std::optional<std::string> working_directory() override {
    auto directory = paths_.getcwd();
    return directory ? std::optional(*directory) : std::nullopt;
  }
  std::optional<std::string> read_link(const std::string& path) override {
    auto content = paths_.read_link(path);
    return content ? std::optional(*content) : std::nullopt;
  }
  std::int64_t microseconds() override { return points::realtime_ns() / 1000; }
  bool change_directory(const std::string& path) override { return paths_.chdir(path).has_value(); }
  bool file_exists(const std::string& path) override { return paths_.file_exists(path); }
  bool touch(const std::string& path) override { return paths_.touch(path).has_value(); }
  std::optional<std::int64_t> file_owner(const std::string& path) override {
    const auto found = paths_.stat(path);
    return found ? std::optional<std::int64_t>(found->st_uid) : std::nullopt;
  }
  tl::expected<std::string, php::RefusedFile> read_file(const std::string& path) override {
    auto contents = paths_.file_get_contents(path);
    if (!contents) return refused(contents.error());
    return std::move(contents->bytes);
  }
  tl::expected<std::int64_t, php::RefusedFile> write_file(const std::string& path, const std::string& bytes) override {
    const auto written = paths_.file_put_contents(path, bytes);
    if (!written) return refused(written.error());
    return *written;
  }

 protected:
  static tl::unexpected<php::RefusedFile> refused(const OperationError& error) {
    if (error.kind == OperationError::Kind::value_error) return tl::unexpected(php::RefusedFile{error.message, true});
    return tl::unexpected(php::RefusedFile{std::strerror(error.number)});
  }

  PathOperations& paths_;
};

}  // namespace assay::reference
