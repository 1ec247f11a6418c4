#include "conformance/execution/confined_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <climits>
#include <cstring>
#include <deque>
#include <vector>

namespace assay::conformance {
namespace fs = std::filesystem;
namespace {

constexpr int most_links = 40;     // as the kernel
constexpr int most_attempts = 64;  // where something moves in the folder meanwhile

tl::unexpected<Error> refused(int code) {
  return failure(code == leads_out ? "it leads out of the sandbox" : std::strerror(code), code);
}

int openat2(int folder, const std::string& path, int flags, mode_t mode) {
  open_how how = {};
  how.flags = static_cast<std::uint64_t>(flags);
  how.mode = mode;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  for (int attempt = 0; attempt < most_attempts; ++attempt) {
    const long opened = ::syscall(SYS_openat2, folder, path.c_str(), &how, sizeof how);
    if (opened >= 0 || errno != EAGAIN) return static_cast<int>(opened);
  }
  return -1;
}

std::deque<std::string> components_of(const std::string& path) {
  std::deque<std::string> components;
  for (std::size_t begin = 0; begin < path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    if (end > begin) components.push_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  return components;
}

// "" and the name without its parents where the path is only a name.
std::pair<std::string, std::string> split(std::string path) {
  while (path.ends_with('/')) path.pop_back();
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return {"", path};
  return {path.substr(0, slash), path.substr(slash + 1)};
}

// The text of the link that the descriptor is open on.
std::string text_of_link(int link) {
  std::string text(PATH_MAX, '\0');
  const ssize_t size = ::readlinkat(link, "", text.data(), text.size());
  text.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
  return text;
}

bool is_link(int file) {
  struct stat info = {};
  return ::fstat(file, &info) == 0 && S_ISLNK(info.st_mode);
}

// One walk from the folder down, one component after the other.
class Walk {
 public:
  Walk(int root, const std::string& path) : root_(root), ahead_(components_of(path)) {}

  Expected<FileDescriptor> open(int flags, mode_t mode) {
    while (!ahead_.empty()) {
      std::string name = std::move(ahead_.front());
      ahead_.pop_front();
      if (name == ".") continue;
      if (name == "..") {
        if (behind_.empty()) return refused(leads_out);
        behind_.pop_back();
        continue;
      }
      const bool is_last = ahead_.empty();
      FileDescriptor next(::openat(here(), name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
      if (!next.is_open() && !(errno == ENOENT && is_last && (flags & O_CREAT))) return refused(errno);
      if (next.is_open() && is_link(next.get()) && !(is_last && (flags & O_NOFOLLOW))) {
        ASSAY_TRY(follow(next.get()));
        continue;
      }
      if (is_last) return opened(::openat(here(), name.c_str(), flags | O_NOFOLLOW | O_CLOEXEC, mode));
      behind_.push_back(std::move(next));
    }
    return opened(::openat(here(), ".", flags | O_CLOEXEC, mode));
  }

 private:
  int here() const { return behind_.empty() ? root_ : behind_.back().get(); }

  Expected<FileDescriptor> opened(int descriptor) const {
    if (descriptor < 0) return refused(errno);
    return FileDescriptor(descriptor);
  }

  Expected<void> follow(int link) {
    const std::string text = text_of_link(link);
    if (++links_ > most_links) return refused(ELOOP);
    if (text.empty() || text.starts_with('/')) return refused(leads_out);
    const auto components = components_of(text);
    ahead_.insert(ahead_.begin(), components.begin(), components.end());
    return {};
  }

  int root_;
  std::deque<std::string> ahead_;
  std::vector<FileDescriptor> behind_;  // the directories between the folder and here
  int links_ = 0;
};

}  // namespace

Expected<ConfinedFolder> ConfinedFolder::open(const fs::path& folder, Way way) {
  FileDescriptor root(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!root.is_open())
    return failure(fmt::format("cannot open the folder {}: {}", folder.string(), std::strerror(errno)), errno);
  return ConfinedFolder(std::move(root), way);
}

Expected<FileDescriptor> ConfinedFolder::open_at(const std::string& path, int flags, mode_t mode) const {
  if (path.find('\0') != std::string::npos) return refused(EINVAL);
  if (way_ == Way::steps) return open_by_steps(path, flags, mode);
  const int opened = openat2(root_.get(), path.empty() ? "." : path, flags | O_CLOEXEC, mode);
  if (opened >= 0) return FileDescriptor(opened);
  if (errno == ENOSYS || errno == EPERM) return open_by_steps(path, flags, mode);
  return refused(errno);
}

Expected<FileDescriptor> ConfinedFolder::open_by_steps(const std::string& path, int flags, mode_t mode) const {
  if (path.starts_with('/')) return refused(leads_out);
  return Walk(root_.get(), path).open(flags, mode);
}

Expected<ConfinedFolder::Place> ConfinedFolder::place_of(const std::string& path) const {
  auto [parent, name] = split(path);
  if (name.empty() || name == "." || name == "..") return refused(EINVAL);
  if (name.find('\0') != std::string::npos) return refused(EINVAL);
  return Place{ASSAY_TRY(open_at(parent, O_PATH | O_DIRECTORY)), name};
}

Expected<ConfinedFolder::Place> ConfinedFolder::make_place_of(const std::string& path) const {
  ASSAY_TRY(make_directory(split(path).first));
  return place_of(path);
}

Expected<FileDescriptor> ConfinedFolder::make_directory(const std::string& path) const {
  auto found = open_at(path, O_PATH | O_DIRECTORY);
  if (found || found.error().code != ENOENT) return found;
  const auto [parent, name] = split(path);
  const FileDescriptor folder = ASSAY_TRY(make_directory(parent));
  if (::mkdirat(folder.get(), name.c_str(), 0777) != 0 && errno != EEXIST) return refused(errno);
  return open_at(path, O_PATH | O_DIRECTORY);
}

bool ConfinedFolder::has_name_outside(int file) const {
  struct stat info = {};
  if (::fstat(file, &info) != 0) return true;
  if (S_ISDIR(info.st_mode) || info.st_nlink <= 1) return false;
  nlink_t inside = 0;
  std::error_code code;
  const fs::path root = fmt::format("/proc/self/fd/{}/", root_.get());
  for (fs::recursive_directory_iterator entry(root, code), end; !code && entry != end; entry.increment(code)) {
    struct stat other = {};
    const bool is_same =
        ::lstat(entry->path().c_str(), &other) == 0 && other.st_ino == info.st_ino && other.st_dev == info.st_dev;
    inside += is_same ? 1 : 0;
  }
  return inside < info.st_nlink;
}

}  // namespace assay::conformance
