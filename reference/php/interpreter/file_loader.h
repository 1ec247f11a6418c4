#pragma once

#include <memory>
#include <string>
#include <vector>

#include "reference/php/compiler/compiler.h"
#include "reference/php/interpreter/script_loader.h"

namespace assay::reference::php {

// A loader without any cache: each include opens, reads and compiles the file. What it loaded stays valid as long as
// the loader. The compiler must outlive it.
class FileLoader : public ScriptLoader {
 public:
  explicit FileLoader(const Compiler& compiler, std::string include_path = ".:/usr/share/php")
      : compiler_(compiler), include_path_(std::move(include_path)) {}

  LoadResult load(const LoadRequest& request, RequestContext& context) override;

 private:
  std::string resolve(const LoadRequest& request) const;
  LoadResult compiled(const std::string& source, const std::string& path);

  const Compiler& compiler_;
  std::string include_path_;
  std::vector<std::unique_ptr<Arena>> arenas_;
};

}  // namespace assay::reference::php
