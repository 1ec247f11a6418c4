#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <tl/expected.hpp>

namespace assay::reference::php {

// Why a file was not opened: as strerror() says it, or the whole message of a ValueError.
struct RefusedFile {
  std::string reason;
  bool is_value_error = false;
};

// What the functions of the subset that reach outside the script need of the worker that runs it. Paths as PHP's
// functions take them. Owned by the worker, used by its request alone.
class RequestHost {
 public:
  virtual ~RequestHost() = default;
  virtual std::optional<std::string> working_directory() = 0;
  virtual bool change_directory(const std::string& path) = 0;
  virtual bool file_exists(const std::string& path) = 0;
  virtual std::optional<std::string> read_link(const std::string& path) = 0;
  virtual bool touch(const std::string& path) = 0;
  virtual std::optional<std::int64_t> file_owner(const std::string& path) = 0;
  virtual tl::expected<std::string, RefusedFile> read_file(const std::string& path) = 0;
  // The number of bytes written.
  virtual tl::expected<std::int64_t, RefusedFile> write_file(const std::string& path, const std::string& bytes) = 0;
  // The current time, from 1970.
  virtual std::int64_t microseconds() { return 0; }
  // A child of the process that serves, which goes on with the script by itself and ends itself (GU-SYS-04): 0 there, its
  // number here, -1 where there is none.
  virtual std::int64_t fork() { return -1; }
  // The text of a directive as it is in force for the request; nothing for an unknown one.
  virtual std::optional<std::string> setting(const std::string& name) = 0;
};

}  // namespace assay::reference::php
