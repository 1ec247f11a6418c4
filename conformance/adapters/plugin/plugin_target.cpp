#include "conformance/adapters/plugin/plugin_target.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "conformance/adapters/plugin/plugin_host.h"
#include "conformance/adapters/process/process_target.h"

namespace assay::conformance::plugin {
namespace {

namespace fs = std::filesystem;

using Options = std::vector<std::pair<std::string, std::string>>;

// The program that hosts libraries: this one, or the one that the environment names (for programs without our main()).
Expected<std::string> host_program() {
  if (const char* named = std::getenv("ASSAY_PLUGIN_HOST"); named && *named) return std::string(named);
  std::error_code code;
  const fs::path self = fs::read_symlink("/proc/self/exe", code);
  if (code) return failure("cannot tell which program this is: " + code.message());
  return self.string();
}

Expected<std::string> library_file(const std::string& name) {
  std::error_code code;
  const fs::path file = fs::canonical(name, code);
  if (code) return failure(fmt::format("option library={}: {}", name, code.message()));
  if (!fs::is_regular_file(file))
    return failure(fmt::format("option library={}: this is no file; give the path of a shared library", name));
  if (::access(file.c_str(), R_OK) != 0)
    return failure(fmt::format("option library={}: {}", name, std::strerror(errno)));
  return file.string();
}

Expected<std::unique_ptr<Target>> make(const Options& options) {
  process::ProcessSettings settings;
  std::string name;
  for (const auto& [option, value] : options) {
    if (option == "library") name = value;
    if (option == "limit") settings.limit = ASSAY_TRY(process::limit_from(value));
  }
  if (name.empty())
    return failure("the target plugin needs the shared library of your cache: plugin:library=./store.so", EINVAL);
  const std::string library = ASSAY_TRY(library_file(name));
  settings.command.program = ASSAY_TRY(host_program());
  settings.command.words = {settings.command.program, kHostCommand, library};
  return process::make_process_target(settings, fmt::format("target plugin, library {}", name));
}

}  // namespace

TargetKind plugin_target_kind() {
  return {"plugin",
          "a shared library with the interface of assay_plugin.h (docs/adapter-plugin.md)",
          {{"library", "the file of the library"},
           {"limit", "seconds that it may take to start, to replace a worker, ... (default: 10)"}},
          make};
}

}  // namespace assay::conformance::plugin
