#include "conformance/execution/world.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "conformance/adapter/root_text.h"

namespace assay::conformance {
namespace fs = std::filesystem;
namespace {

tl::unexpected<Error> cannot(const char* what, const fs::path& path, const std::string& why) {
  return failure(fmt::format("cannot {} {}: {}", what, path.string(), why));
}

Expected<void> checked(const char* what, const fs::path& path, const std::error_code& code) {
  if (code) return cannot(what, path, code.message());
  return {};
}

// A temporary name in the same folder, so that a rename replaces the old name in one step.
fs::path beside(const fs::path& path) {
  return path.parent_path() / ("." + path.filename().string() + ".new");
}

Expected<void> replace(const fs::path& temporary, const fs::path& path) {
  std::error_code code;
  fs::rename(temporary, path, code);
  return checked("replace", path, code);
}

}  // namespace

Expected<void> set_file_time(const fs::path& path, std::int64_t seconds) {
  const timespec time{static_cast<time_t>(seconds), 0};
  const timespec times[2] = {time, time};
  if (::utimensat(AT_FDCWD, path.c_str(), times, AT_SYMLINK_NOFOLLOW) != 0) {
    return cannot("set the time of", path, std::strerror(errno));
  }
  return {};
}

fs::path World::real(const std::string& path) const {
  return with_root(path, root_.string());
}

Expected<void> World::write(const Action& action, std::int64_t now) const {
  const fs::path path = real(action.text("path"));
  std::error_code code;
  fs::create_directories(path.parent_path(), code);
  if (code) return cannot("make the folder of", path, code.message());
  const bool in_place = action.flag("in_place");
  const fs::path temporary = in_place ? path : beside(path);
  std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
  out << with_root(action.text("content"), root_.string());
  out.close();
  if (!out) return cannot("write", path, std::strerror(errno));
  const Value& mtime = action.argument("mtime");
  if (auto set = set_file_time(temporary, mtime.is_int() ? mtime.as_int() : now - action.integer("age")); !set)
    return set;
  return in_place ? Expected<void>() : replace(temporary, path);
}

Expected<void> World::swap_link(const Action& action) const {
  const fs::path path = real(action.text("path"));
  const fs::path temporary = beside(path);
  std::error_code code;
  fs::create_symlink(real(action.text("target")), temporary, code);
  if (code) return cannot("make the link", temporary, code.message());
  return replace(temporary, path);
}

Expected<void> World::apply(const Action& action, std::int64_t now) const {
  std::error_code code;
  switch (action.kind()) {
    case ActionKind::write:
      return write(action, now);
    case ActionKind::swap_link:
      return swap_link(action);
    case ActionKind::make_directory:
      fs::create_directories(real(action.text("path")), code);
      return checked("make the folder", real(action.text("path")), code);
    case ActionKind::make_link: {
      const fs::path path = real(action.text("path"));
      fs::create_directories(path.parent_path(), code);
      if (!code) fs::create_symlink(real(action.text("target")), path, code);
      return checked("make the link", path, code);
    }
    case ActionKind::remove:
      fs::remove_all(real(action.text("path")), code);
      return checked("remove", real(action.text("path")), code);
    case ActionKind::move:
      fs::rename(real(action.text("from")), real(action.text("to")), code);
      return checked("rename", real(action.text("from")), code);
    case ActionKind::set_mtime:
      return set_file_time(real(action.text("path")), action.integer("mtime"));
    case ActionKind::set_mode:
      if (::chmod(real(action.text("path")).c_str(), static_cast<mode_t>(action.integer("mode"))) != 0) {
        return cannot("change the mode of", real(action.text("path")), std::strerror(errno));
      }
      return {};
    default:
      return failure(fmt::format("{} is not a file action", action.spec->name));
  }
}

}  // namespace assay::conformance
