#include "conformance/execution/world.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>

#include "conformance/adapter/root_text.h"

namespace assay::conformance {
namespace fs = std::filesystem;
namespace {

using Place = ConfinedFolder::Place;

Expected<void> checked(int result) {
  if (result != 0) return failure(std::strerror(errno), errno);
  return {};
}

// A temporary name in the same folder, so that a rename replaces the old name in one step.
std::string beside(const std::string& name) {
  return "." + name + ".new";
}

// Reaches what is open, whatever its path leads to by now.
std::string path_of(int descriptor) {
  return fmt::format("/proc/self/fd/{}", descriptor);
}

Expected<void> write_all(int file, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(file, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failure(std::strerror(errno), errno);
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Expected<FileDescriptor> make_file(const FileDescriptor& folder, const std::string& name) {
  ::unlinkat(folder.get(), name.c_str(), 0);
  FileDescriptor file(::openat(folder.get(), name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666));
  if (!file.is_open()) return failure(std::strerror(errno), errno);
  return file;
}

Expected<void> replace(const Place& place, const std::string& by) {
  return checked(::renameat(place.folder.get(), by.c_str(), place.folder.get(), place.name.c_str()));
}

// The name of the only folder that a folder has; a failure where it has none or several.
Expected<std::string> only_folder_in(const ConfinedFolder& sandbox, const std::string& below) {
  const FileDescriptor folder = ASSAY_TRY(sandbox.open_at(below, O_RDONLY | O_DIRECTORY));
  std::string only;
  for (const auto& entry : fs::directory_iterator(path_of(folder.get()))) {
    if (!entry.is_directory()) continue;
    if (!only.empty()) return failure("\"*\" stands for one folder, and there are several", ENOENT);
    only = entry.path().filename().string();
  }
  if (only.empty()) return failure("\"*\" stands for a folder, and there is none", ENOENT);
  return only;
}

}  // namespace

Expected<void> set_file_time(const fs::path& path, std::int64_t seconds) {
  const timespec time{static_cast<time_t>(seconds), 0};
  const timespec times[2] = {time, time};
  if (::utimensat(AT_FDCWD, path.c_str(), times, AT_SYMLINK_NOFOLLOW) != 0)
    return failure(fmt::format("cannot set the time of {}: {}", path.string(), std::strerror(errno)));
  return {};
}

World::World(fs::path root, Outside outside)
    : root_(std::move(root)), outside_(outside), sandbox_(ConfinedFolder::open(root_)) {}

bool World::is_named_outside(const std::string& path) const {
  return outside_ == Outside::where_named && path.starts_with('/');
}

// "@/a/b" is "a/b", and "@" is "". The first name "*" stands for the only folder in its place, whatever it is called: the
// file that a file cache in "@/files" has of "@/a.php" is "@/files/*@/a.php.bin" (SC-FIL-02).
Expected<std::string> World::below_root(const std::string& path) const {
  if (path != "@" && !path.starts_with("@/"))
    return failure("it does not begin with @, which is the folder of the run", leads_out);
  const bool is_root_in_cache = path.ends_with("/*@");  // the folder of such a file
  std::string below = with_root(is_root_in_cache ? path + "/" : path, root_.string()).substr(root_.string().size());
  below.erase(0, std::min(below.find_first_not_of('/'), below.size()));
  if (const std::size_t star = below.find("/*/"); star != std::string::npos && sandbox_)
    below.replace(star + 1, 1, ASSAY_TRY(only_folder_in(*sandbox_, below.substr(0, star))));
  return below;
}

Expected<FileDescriptor> World::open_at(const std::string& path, int flags, mode_t mode) const {
  if (!is_named_outside(path)) {
    if (!sandbox_) return tl::unexpected(sandbox_.error());
    return sandbox_->open_at(ASSAY_TRY(below_root(path)), flags, mode);
  }
  FileDescriptor file(::open(path.c_str(), flags | O_CLOEXEC, mode));
  if (!file.is_open()) return failure(std::strerror(errno), errno);
  return file;
}

// A file that somebody outside has by another name is not the sandbox's alone.
Expected<FileDescriptor> World::open_to_change(const std::string& path, int flags, mode_t mode) const {
  auto file = ASSAY_TRY(open_at(path, flags, mode));
  if (!is_named_outside(path) && sandbox_->has_name_outside(file.get()))
    return failure("it has another name outside of the sandbox (a hard link)", leads_out);
  return file;
}

Expected<Place> World::place_of(const std::string& path) const {
  if (!is_named_outside(path)) {
    if (!sandbox_) return tl::unexpected(sandbox_.error());
    return sandbox_->place_of(ASSAY_TRY(below_root(path)));
  }
  const fs::path whole = path;
  return Place{ASSAY_TRY(open_at(whole.parent_path().string(), O_PATH | O_DIRECTORY)), whole.filename().string()};
}

Expected<void> World::make_directory(const std::string& path) const {
  if (!is_named_outside(path)) {
    if (!sandbox_) return tl::unexpected(sandbox_.error());
    const std::string below = ASSAY_TRY(below_root(path));
    ASSAY_TRY(sandbox_->make_directory(below));
    return {};
  }
  std::error_code code;
  fs::create_directories(path, code);
  if (code) return failure(code.message(), code.value());
  return {};
}

Expected<void> World::make_parents(const std::string& path) const {
  const std::size_t slash = path.find_last_of('/');
  return slash == std::string::npos || slash == 0 ? Expected<void>() : make_directory(path.substr(0, slash));
}

Expected<void> World::write(const Action& action, std::int64_t now) const {
  const std::string& path = action.text("path");
  const bool in_place = action.flag("in_place");
  ASSAY_TRY(make_parents(path));
  const Place place = ASSAY_TRY(place_of(path));
  FileDescriptor file = in_place ? ASSAY_TRY(open_to_change(path, O_WRONLY | O_CREAT | O_NONBLOCK, 0666))
                                 : ASSAY_TRY(make_file(place.folder, beside(place.name)));
  ASSAY_TRY(checked(::ftruncate(file.get(), 0)));
  ASSAY_TRY(write_all(file.get(), with_root(action.text("content"), root_.string())));
  const Value& mtime = action.argument("mtime");
  const timespec time{static_cast<time_t>(mtime.is_int() ? mtime.as_int() : now - action.integer("age")), 0};
  const timespec times[2] = {time, time};
  ASSAY_TRY(checked(::futimens(file.get(), times)));
  if (!file.close()) return failure(std::strerror(errno), errno);
  return in_place ? Expected<void>() : replace(place, beside(place.name));
}

Expected<void> World::make_link(const std::string& path, const std::string& target) const {
  ASSAY_TRY(make_parents(path));
  const Place place = ASSAY_TRY(place_of(path));
  return checked(::symlinkat(with_root(target, root_.string()).c_str(), place.folder.get(), place.name.c_str()));
}

Expected<void> World::swap_link(const std::string& path, const std::string& target) const {
  const Place place = ASSAY_TRY(place_of(path));
  const std::string fresh = beside(place.name);
  ASSAY_TRY(checked(::symlinkat(with_root(target, root_.string()).c_str(), place.folder.get(), fresh.c_str())));
  return replace(place, fresh);
}

Expected<void> World::move(const std::string& from, const std::string& to) const {
  const Place old = ASSAY_TRY(place_of(from));
  const Place fresh = ASSAY_TRY(place_of(to));
  return checked(::renameat(old.folder.get(), old.name.c_str(), fresh.folder.get(), fresh.name.c_str()));
}

Expected<void> World::remove(const std::string& path) const {
  const auto place = place_of(path);
  const bool is_missing = !place && (place.error().code == ENOENT || place.error().code == ENOTDIR);
  if (is_missing) return {};
  if (!place) return tl::unexpected(place.error());
  std::error_code code;
  fs::remove_all(fs::path(path_of(place->folder.get())) / place->name, code);  // follows no link below that folder
  if (code) return failure(code.message(), code.value());
  return {};
}

bool World::has(const std::string& path) const {
  return open_at(path, O_PATH | O_NOFOLLOW).has_value();
}

Expected<void> World::set_mtime(const std::string& path, std::int64_t seconds) const {
  const FileDescriptor file = ASSAY_TRY(open_to_change(path, O_PATH | O_NOFOLLOW));
  const timespec time{static_cast<time_t>(seconds), 0};
  const timespec times[2] = {time, time};
  return checked(::utimensat(file.get(), "", times, AT_EMPTY_PATH));
}

Expected<void> World::set_mode(const std::string& path, mode_t mode) const {
  const FileDescriptor file = ASSAY_TRY(open_to_change(path, O_PATH));
  return checked(::chmod(path_of(file.get()).c_str(), mode));
}

Expected<void> World::act(const Action& action, std::int64_t now) const {
  switch (action.kind()) {
    case ActionKind::write:
      return write(action, now);
    case ActionKind::make_directory:
      return make_directory(action.text("path"));
    case ActionKind::make_link:
      return make_link(action.text("path"), action.text("target"));
    case ActionKind::swap_link:
      return swap_link(action.text("path"), action.text("target"));
    case ActionKind::remove:
      return remove(action.text("path"));
    case ActionKind::move:
      return move(action.text("from"), action.text("to"));
    case ActionKind::set_mtime:
      return set_mtime(action.text("path"), action.integer("mtime"));
    case ActionKind::set_mode:
      return set_mode(action.text("path"), static_cast<mode_t>(action.integer("mode")));
    default:
      return failure("it is no file action");
  }
}

Expected<void> World::apply(const Action& action, std::int64_t now) const {
  return act(action, now).map_error([&](const Error& why) {
    const bool is_move = action.kind() == ActionKind::move;
    const std::string what =
        is_move ? fmt::format("{} to {}", action.text("from"), action.text("to")) : action.text("path");
    return Error{fmt::format("cannot {} {}: {}", action.spec->name, what, why.message), why.code, why.kind};
  });
}

}  // namespace assay::conformance
