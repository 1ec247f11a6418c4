// How a worker serves a main script (DP-02, DP-12, DP-13, RP-LIFE-08).
#include <fcntl.h>

#include <cerrno>
#include <cstring>

#include "reference/config/user_ini.h"
#include "reference/server/worker.h"

namespace assay::reference {

namespace {

constexpr const char* kUnknown = "File not found.\n";
constexpr const char* kDenied = "Access denied.\n";
constexpr const char* kUnopened = "No input file specified.\n";

}  // namespace

// The script is resolved at the start of every request, also where an alias answers then (RP-LIFE-08). What cannot be
// resolved is unknown; what resolves, perhaps by an entry from before, and cannot be opened is not specified (DP-13).
Worker::Served Worker::serve() {
  const std::string& path = main_path_;
  if (resolved_main_.empty()) return {404, kUnknown, "Primary script unknown"};
  read_user_ini(path.substr(0, path.rfind('/') + 1));
  if (const auto opened = open_main(path, resolved_main_); !opened) {
    const int error = opened.error().number;
    const std::string reason = "Unable to open primary script: " + path + " (" + std::strerror(error) + ")";
    if (error == EACCES) return {403, kDenied, reason};
    return {404, kUnopened, reason};
  }
  php::LoadResult loaded = loader_->load_main(path);
  if (!loaded.script) {
    report_failure(loaded, path);
    return {};
  }
  for (php::Diagnostic& warning : loaded.warnings) request_->report(std::move(warning));
  // What ends it early is reported by itself; what nobody caught is fatal, too.
  has_failed_ = interpreter().run(*loaded.script).error.has_value();
  run_shutdown_functions();
  destruct_all();
  return {};
}

// Comes after the main script was resolved: a restriction by open_basedir that comes with the request freezes the
// realpath cache from here on for the life of the worker (RP-INI-04).
void Worker::read_user_ini(const std::string& directory) {
  const auto text = paths_->read_included(directory + ".user.ini");
  if (!text) return;
  for (const auto& [name, value] : parse_user_ini(*text)) (void)change_setting(name, value);
  if (!scripts_.settings().open_basedir.empty()) realpath_cache_.freeze();
}

SystemResult<void> Worker::open_main(const std::string& path, const std::string& resolved) {
  const std::string directory = paths_->getcwd().value_or("");
  if (scripts_.holds({path, directory, include_path(), {}, true}, resolved)) return {};
  const auto file = ASSAY_TRY(files_.open(resolved, O_RDONLY, 0));
  return {};
}

void Worker::report_failure(php::LoadResult& loaded, const std::string& path) {
  for (php::Diagnostic& warning : loaded.warnings) request_->report(std::move(warning));
  if (loaded.error)
    request_->report(std::move(*loaded.error));
  else
    request_->report({php::Severity::fatal, "Failed opening required '" + path + "'", "", 0});
}

}  // namespace assay::reference
