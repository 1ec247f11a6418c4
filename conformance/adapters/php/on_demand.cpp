#include "conformance/adapters/php/on_demand.h"

#include <algorithm>
#include <array>
#include <filesystem>

namespace assay::conformance::php {

namespace {

struct Module {
  const char* directive;
  const char* name;  // as the program lists it
  const char* file;
};

constexpr std::array<Module, 2> kModules = {{{"ffi.enable", "FFI", "ffi"}, {"phar.readonly", "Phar", "phar"}}};

bool is_built_in(const PhpBinary& binary, const Module& module) {
  return std::find(binary.modules.begin(), binary.modules.end(), module.name) != binary.modules.end();
}

bool is_loadable(const PhpBinary& binary, const Module& module) {
  std::error_code ignored;
  return std::filesystem::exists(binary.extension_folder + "/" + module.file + ".so", ignored);
}

}  // namespace

bool is_offered(const PhpBinary& binary, OnDemand module) {
  const Module& one = kModules[static_cast<std::size_t>(module)];
  return is_built_in(binary, one) || is_loadable(binary, one);
}

std::vector<std::string> extensions_for(const PhpBinary& binary, const Directives& directives) {
  std::vector<std::string> names;
  for (const Module& module : kModules) {
    const bool is_wanted = directives.count(module.directive) > 0 && !is_built_in(binary, module);
    if (is_wanted && is_loadable(binary, module)) names.emplace_back(module.file);
  }
  return names;
}

}  // namespace assay::conformance::php
