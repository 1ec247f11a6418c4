#include "reference/realpath_cache/resolver.h"

#include <errno.h>

#include <algorithm>
#include <list>
#include <optional>
#include <utility>
#include <vector>

#include "faults/points/point.h"

namespace assay::reference {
namespace {

bool ends_with(std::string_view text, std::string_view suffix) {
  return text.size() >= suffix.size() && text.substr(text.size() - suffix.size()) == suffix;
}

std::string_view last_component(std::string_view text) {
  return text.substr(text.rfind('/') + 1);
}

// Of a relative name alone: nothing, which stands for the working directory.
std::string_view parent(std::string_view text) {
  const std::size_t slash = text.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : text.substr(0, slash);
}

bool is_absolute(std::string_view text) {
  return !text.empty() && text.front() == '/';
}

void append_component(std::string& real_path, std::string_view name) {
  if (real_path.back() != '/') real_path += '/';
  real_path += name;
}

// Of a relative real path, which has ".." in front only and is "." where nothing is left.
void drop_last_relative_component(std::string& real_path) {
  if (real_path == ".")
    real_path = "..";
  else if (last_component(real_path) == "..")
    real_path += "/..";
  else
    real_path = real_path.find('/') == std::string::npos ? "." : std::string(parent(real_path));
}

// The parent of the root is the root.
void drop_last_component(std::string& real_path) {
  if (!is_absolute(real_path)) return drop_last_relative_component(real_path);
  real_path.resize(std::max<std::size_t>(real_path.rfind('/'), 1));
}

// One resolution: the walk in leaves a step for each prefix and ends with a known real path; the walk back folds the
// steps over it. Written as two loops, not as a recursion: a path may have 2047 components and 32 links.
class Resolution {
 public:
  Resolution(FileSystem& files, RealpathCache& cache, const SecondsClock& clock, ResolutionMode mode)
      : files_(files), cache_(cache), clock_(clock), mode_(mode) {}

  SystemResult<std::string> run(std::string raw_path) {
    is_relative_ = !is_absolute(raw_path);
    text_ = texts_.emplace_back(std::move(raw_path));
    while (!arrived_) {
      if (auto step = walk_in(); !step) return tl::unexpected<Errno>(step.error());
    }
    while (!steps_.empty()) {
      if (!walk_back(steps_.back())) return tl::unexpected<Errno>(Errno{ENAMETOOLONG});
      steps_.pop_back();
    }
    return std::move(real_path_);
  }

 private:
  enum class Kind {
    existing,  // a component that the probe found, not a link: append its name, add an entry
    missing,   // a component that the probe did not find (lenient mode): append its name, no entry
    link,      // a link: the result of its content is its own result; add an entry
    parent,    // "..": drop the last component of the result, no entry
  };
  struct Step {
    Kind kind;
    std::string_view text;
    bool is_dir = false;
  };

  SystemResult<void> walk_in() {
    strip_trailing();
    if (text_.empty() && !is_relative_) return arrive("/", true);
    if (text_.empty() || text_ == "." || text_ == "..") return arrive(text_ == ".." ? ".." : ".", true);
    if (ends_with(text_, "/..")) {
      steps_.push_back({Kind::parent, text_});
      return continue_with_parent();
    }
    RealpathCache::Hit hit;
    if (look_up(hit)) {
      if (needs_directory_ && !hit.is_dir) return tl::unexpected<Errno>(Errno{ENOTDIR});  // RP-ENT-09
      return arrive(hit.real_path, hit.is_dir);
    }
    return probe();
  }

  // Trailing slashes and dots are no part of the key, they demand a directory (RP-ENT-04, RP-PATH-03).
  void strip_trailing() {
    while (ends_with(text_, "/") || ends_with(text_, "/.")) {
      text_.remove_suffix(text_.back() == '/' ? 1 : 2);
      needs_directory_ = true;
    }
  }

  // Relative texts (RP-PATH-13) are neither looked up nor stored.
  bool look_up(RealpathCache::Hit& hit) {
    if (!cache_.in_use() || is_relative_) return false;
    if (!now_) now_ = clock_();
    points::point("realpath/lookup");
    return cache_.find(text_, *now_, hit);
  }

  SystemResult<void> probe() {
    auto status = files_.lstat(std::string(text_));
    if (!status) {
      // A directory that is gone holds no names and gets none.
      const bool in_removed_directory = is_relative_ && parent(text_).empty();
      if (mode_ == ResolutionMode::strict || in_removed_directory) return tl::unexpected<Errno>(status.error());
      steps_.push_back({Kind::missing, text_});
      return continue_with_parent();
    }
    if (S_ISLNK(status->st_mode)) return follow_link();
    const bool is_dir = S_ISDIR(status->st_mode);
    if (needs_directory_ && !is_dir) return tl::unexpected<Errno>(Errno{ENOTDIR});
    steps_.push_back({Kind::existing, text_, is_dir});
    return continue_with_parent();
  }

  SystemResult<void> follow_link() {
    if (++links_ > PathResolver::kMaximumLinks) return tl::unexpected<Errno>(Errno{ELOOP});
    auto content = files_.read_link(std::string(text_));
    if (!content) return tl::unexpected<Errno>(content.error());
    if (content->empty()) return tl::unexpected<Errno>(Errno{ENOENT});
    steps_.push_back({Kind::link, text_});
    if (is_absolute(*content)) {
      is_relative_ = false;
    } else {
      // Joined to the raw parent, which is neither normalised nor resolved first (RP-ENT-02).
      content->insert(0, std::string(text_.substr(0, text_.rfind('/') + 1)));
      if (content->size() > PathResolver::kMaximumLength) return tl::unexpected<Errno>(Errno{ENAMETOOLONG});
    }
    text_ = texts_.emplace_back(std::move(*content));
    return {};
  }

  SystemResult<void> continue_with_parent() {
    text_ = parent(text_);
    needs_directory_ = true;
    return {};
  }

  SystemResult<void> arrive(std::string_view real_path, bool is_dir) {
    real_path_ = std::string(real_path);
    is_dir_ = is_dir;
    arrived_ = true;
    return {};
  }

  // False if the real path has become too long; entries made before stay (RP-ENT-13).
  bool walk_back(const Step& step) {
    switch (step.kind) {
      case Kind::parent:
        drop_last_component(real_path_);
        is_dir_ = true;
        return true;
      case Kind::missing:
        append_component(real_path_, last_component(step.text));
        is_dir_ = false;
        return real_path_.size() <= PathResolver::kMaximumLength;
      case Kind::existing:
        append_component(real_path_, last_component(step.text));
        is_dir_ = step.is_dir;
        if (real_path_.size() > PathResolver::kMaximumLength) return false;
        break;
      case Kind::link:
        break;
    }
    if (!now_ || !is_absolute(step.text)) return true;
    points::point("realpath/insert");
    cache_.insert(step.text, real_path_, is_dir_, *now_);
    return true;
  }

  FileSystem& files_;
  RealpathCache& cache_;
  const SecondsClock& clock_;
  const ResolutionMode mode_;

  std::list<std::string> texts_;  // owns what the views below point into; its elements never move
  std::string_view text_;
  bool is_relative_ = false;  // text_ starts at a working directory that has no name any more
  std::vector<Step> steps_;
  std::optional<std::int64_t> now_;
  int links_ = 0;
  bool needs_directory_ = false;
  bool arrived_ = false;

  std::string real_path_;
  bool is_dir_ = false;
};

// "./x" and ".//x" are "x".
std::string_view without_dot_in_front(std::string_view path) {
  while (path.starts_with("./")) {
    const std::size_t name = path.find_first_not_of('/', 1);
    if (name == std::string_view::npos) return ".";
    path.remove_prefix(name);
  }
  return path;
}

}  // namespace

PathResolver::PathResolver(FileSystem& files, RealpathCache& cache, SecondsClock clock)
    : files_(files), cache_(cache), clock_(std::move(clock)) {}

SystemResult<std::string> PathResolver::raw_path(std::string_view path) {
  if (!path.empty() && path.front() == '/') return std::string(path);
  auto raw_path = files_.working_directory();
  if (!raw_path) return raw_path;
  if (raw_path->back() != '/') *raw_path += '/';
  raw_path->append(path);
  return raw_path;
}

SystemResult<std::string> PathResolver::resolve(std::string_view path, ResolutionMode mode) {
  auto raw = raw_path(path);
  // A working directory that cannot be named any more: the kernel still knows its parent (RP-PATH-13).
  if (!raw && path.empty()) return raw;
  if (!raw) raw = std::string(without_dot_in_front(path));
  if (raw->size() > kMaximumLength) return tl::unexpected<Errno>(Errno{ENAMETOOLONG});
  auto real_path = Resolution(files_, cache_, clock_, mode).run(std::move(*raw));
  // A slash that the program wrote at the end is still there for the kernel to judge.
  if (real_path && mode == ResolutionMode::lenient && ends_with(path, "/") && *real_path != "/") *real_path += '/';
  return real_path;
}

}  // namespace assay::reference
