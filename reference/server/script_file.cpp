#include "reference/server/script_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

namespace assay::reference {

ScriptFile::ScriptFile(PathOperations& paths, const php::Compiler& compiler, const DeclarationCheck& check,
                       const Blacklist& blacklist, const ScriptName& name, Search search, Kept& kept,
                       IncludeSearch::IncludedBefore included_before)
    : paths_(paths),
      compiling_(compiler, check, kept),
      blacklist_(blacklist),
      name_(name),
      search_(search),
      included_before_(std::move(included_before)) {}

IncludeContext ScriptFile::context() const {
  return {split_include_path(name_.include_path), std::string(name_.including_directory)};
}

std::optional<std::string> ScriptFile::find() {
  const std::string name(name_.spelling);
  const bool absolute = name.empty() || name.starts_with('/');
  const auto found = absolute ? paths_.realpath(name) : paths_.stream_resolve_include_path(name, context());
  if (!found) return std::nullopt;
  return *found;
}

// Whatever a resolution fails for, the message is that of a missing file (RP-PATH-05). A name that resolves, by what the
// realpath cache remembers, to a file that is gone is no file (SC-VAL-07, SC-STA-05).
std::optional<std::string> ScriptFile::resolve() {
  const auto found = find();
  opened_name_ = found.value_or(std::string(name_.spelling));
  if (search_ == Search::once) {
    const auto target = paths_.resolve_include_once(std::string(name_.spelling), context(), included_before_);
    if (!target || (!target->already_included && !status(target->path)) || is_outside(target->path))
      return std::nullopt;
    return target->path;
  }
  const auto path = found ? found : lenient();
  if (!path || !status(*path) || is_outside(*path)) return std::nullopt;
  return path;
}

// Folders as they are named, but for dots and links that they lead through now.
bool ScriptFile::is_outside(const std::string& path) {
  if (open_basedir_.empty()) return false;
  for (const std::string& folder : split_include_path(open_basedir_)) {
    std::error_code ignored;
    std::string real = std::filesystem::weakly_canonical(folder, ignored).string();
    if (path == real || path.starts_with(real + "/")) return false;
  }
  outside_ = path;
  open_error_ = EPERM;
  return true;
}

std::optional<std::string> ScriptFile::lenient() {
  const auto path = paths_.resolve_include(std::string(name_.spelling), context());
  if (!path) return std::nullopt;
  return *path;
}

std::optional<FileStatus> ScriptFile::status(const std::string& resolved_path) {
  const auto status = paths_.stat(resolved_path);
  if (!status) {
    open_error_ = status.error().number;
    return std::nullopt;
  }
  return FileStatus{status->st_mtim.tv_sec, static_cast<std::uint64_t>(status->st_size)};
}

bool ScriptFile::can_be_read(const std::string& resolved_path) {
  if (::faccessat(AT_FDCWD, resolved_path.c_str(), R_OK, AT_EACCESS) == 0 || errno != EACCES) return true;
  open_error_ = EACCES;
  return false;
}

bool ScriptFile::is_there_to_read(const std::string& resolved_path) {
  if (::faccessat(AT_FDCWD, resolved_path.c_str(), R_OK, AT_EACCESS) == 0) return true;
  open_error_ = EACCES;
  return false;
}

const php::Script* ScriptFile::compile(const std::string& resolved_path) {
  const auto source = paths_.read_included(resolved_path);
  if (!source) {
    open_error_ = source.error().number;
    return nullptr;
  }
  return compiling_.compile(*source, resolved_path);
}

}  // namespace assay::reference
