#pragma once

#include <optional>
#include <string>

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
  bool change_directory(const std::string& path) override { return paths_.chdir(path).has_value(); }
  bool file_exists(const std::string& path) override { return paths_.file_exists(path); }
  bool touch(const std::string& path) override { return paths_.touch(path).has_value(); }

 protected:
  PathOperations& paths_;
};

}  // namespace assay::reference
