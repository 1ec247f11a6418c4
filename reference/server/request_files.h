#pragma once

#include "reference/realpath/path_operations.h"
#include "reference/script/request_host.h"

namespace assay::reference {

// The files that running scripts reach: those of their worker.
class RequestFiles final : public script::RequestHost {
 public:
  // `paths` is borrowed.
  explicit RequestFiles(PathOperations& paths) : paths_(paths) {}

  std::optional<std::string> working_directory() override {
    auto directory = paths_.GetCwd();
    return directory ? std::optional(*directory) : std::nullopt;
  }
  std::optional<std::string> read_link(const std::string& path) override {
    auto content = paths_.ReadLink(path);
    return content ? std::optional(*content) : std::nullopt;
  }
  bool change_directory(const std::string& path) override { return paths_.ChDir(path).has_value(); }
  bool file_exists(const std::string& path) override { return paths_.FileExists(path); }
  bool touch(const std::string& path) override { return paths_.Touch(path).has_value(); }

 private:
  PathOperations& paths_;
};

}  // namespace assay::reference
