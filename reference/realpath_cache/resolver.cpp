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

bool EndsWith(std::string_view text, std::string_view suffix) {
  return text.size() >= suffix.size() && text.substr(text.size() - suffix.size()) == suffix;
}

std::string_view LastComponent(std::string_view text) {
  return text.substr(text.rfind('/') + 1);
}

// Of a relative name alone: nothing, which stands for the working directory.
std::string_view Parent(std::string_view text) {
  const std::size_t slash = text.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : text.substr(0, slash);
}

bool IsAbsolute(std::string_view text) {
  return !text.empty() && text.front() == '/';
}

void AppendComponent(std::string& real_path, std::string_view name) {
  if (real_path.back() != '/') real_path += '/';
  real_path += name;
}

// Of a relative real path, which has ".." in front only and is "." where nothing is left.
void DropLastRelativeComponent(std::string& real_path) {
  if (real_path == ".")
    real_path = "..";
  else if (LastComponent(real_path) == "..")
    real_path += "/..";
  else
    real_path = real_path.find('/') == std::string::npos ? "." : std::string(Parent(real_path));
}

// The parent of the root is the root.
void DropLastComponent(std::string& real_path) {
  if (!IsAbsolute(real_path)) return DropLastRelativeComponent(real_path);
  real_path.resize(std::max<std::size_t>(real_path.rfind('/'), 1));
}

// One resolution: the walk in leaves a step for each prefix and ends with a known real path; the walk back folds the
// steps over it. Written as two loops, not as a recursion: a path may have 2047 components and 32 links.
class Resolution {
 public:
  Resolution(FileSystem& files, RealpathCache& cache, const SecondsClock& clock, ResolutionMode mode)
      : files_(files), cache_(cache), clock_(clock), mode_(mode) {}

  SystemResult<std::string> Run(std::string raw_path) {
    is_relative_ = !IsAbsolute(raw_path);
    text_ = texts_.emplace_back(std::move(raw_path));
    while (!arrived_) {
      if (auto step = WalkIn(); !step) return tl::unexpected<Errno>(step.error());
    }
    while (!steps_.empty()) {
      if (!WalkBack(steps_.back())) return tl::unexpected<Errno>(Errno{ENAMETOOLONG});
      steps_.pop_back();
    }
    return std::move(real_path_);
  }

 private:
  enum class Kind {
    kExisting,  // a component that the probe found, not a link: append its name, add an entry
    kMissing,   // a component that the probe did not find (lenient mode): append its name, no entry
    kLink,      // a link: the result of its content is its own result; add an entry
    kParent,    // "..": drop the last component of the result, no entry
  };
  struct Step {
    Kind kind;
    std::string_view text;
    bool is_dir = false;
  };

  SystemResult<void> WalkIn() {
    StripTrailing();
    if (text_.empty() && !is_relative_) return Arrive("/", true);
    if (text_.empty() || text_ == "." || text_ == "..") return Arrive(text_ == ".." ? ".." : ".", true);
    if (EndsWith(text_, "/..")) {
      steps_.push_back({Kind::kParent, text_});
      return ContinueWithParent();
    }
    RealpathCache::Hit hit;
    if (LookUp(hit)) {
      if (needs_directory_ && !hit.is_dir) return tl::unexpected<Errno>(Errno{ENOTDIR});  // RP-ENT-09
      return Arrive(hit.real_path, hit.is_dir);
    }
    return Probe();
  }

  // Trailing slashes and dots are no part of the key, they demand a directory (RP-ENT-04, RP-PATH-03).
  void StripTrailing() {
    while (EndsWith(text_, "/") || EndsWith(text_, "/.")) {
      text_.remove_suffix(text_.back() == '/' ? 1 : 2);
      needs_directory_ = true;
    }
  }

  // Relative texts (RP-PATH-13) are neither looked up nor stored.
  bool LookUp(RealpathCache::Hit& hit) {
    if (!cache_.in_use() || is_relative_) return false;
    if (!now_) now_ = clock_();
    points::point("realpath/lookup");
    return cache_.Find(text_, *now_, hit);
  }

  SystemResult<void> Probe() {
    auto status = files_.Lstat(std::string(text_));
    if (!status) {
      // A directory that is gone holds no names and gets none.
      const bool in_removed_directory = is_relative_ && Parent(text_).empty();
      if (mode_ == ResolutionMode::kStrict || in_removed_directory) return tl::unexpected<Errno>(status.error());
      steps_.push_back({Kind::kMissing, text_});
      return ContinueWithParent();
    }
    if (S_ISLNK(status->st_mode)) return FollowLink();
    const bool is_dir = S_ISDIR(status->st_mode);
    if (needs_directory_ && !is_dir) return tl::unexpected<Errno>(Errno{ENOTDIR});
    steps_.push_back({Kind::kExisting, text_, is_dir});
    return ContinueWithParent();
  }

  SystemResult<void> FollowLink() {
    if (++links_ > PathResolver::kMaximumLinks) return tl::unexpected<Errno>(Errno{ELOOP});
    auto content = files_.ReadLink(std::string(text_));
    if (!content) return tl::unexpected<Errno>(content.error());
    if (content->empty()) return tl::unexpected<Errno>(Errno{ENOENT});
    steps_.push_back({Kind::kLink, text_});
    if (IsAbsolute(*content)) {
      is_relative_ = false;
    } else {
      // Joined to the raw parent, which is neither normalised nor resolved first (RP-ENT-02).
      content->insert(0, std::string(text_.substr(0, text_.rfind('/') + 1)));
      if (content->size() > PathResolver::kMaximumLength) return tl::unexpected<Errno>(Errno{ENAMETOOLONG});
    }
    text_ = texts_.emplace_back(std::move(*content));
    return {};
  }

  SystemResult<void> ContinueWithParent() {
    text_ = Parent(text_);
    needs_directory_ = true;
    return {};
  }

  SystemResult<void> Arrive(std::string_view real_path, bool is_dir) {
    real_path_ = std::string(real_path);
    is_dir_ = is_dir;
    arrived_ = true;
    return {};
  }

  // False if the real path has become too long; entries made before stay (RP-ENT-13).
  bool WalkBack(const Step& step) {
    switch (step.kind) {
      case Kind::kParent:
        DropLastComponent(real_path_);
        is_dir_ = true;
        return true;
      case Kind::kMissing:
        AppendComponent(real_path_, LastComponent(step.text));
        is_dir_ = false;
        return real_path_.size() <= PathResolver::kMaximumLength;
      case Kind::kExisting:
        AppendComponent(real_path_, LastComponent(step.text));
        is_dir_ = step.is_dir;
        if (real_path_.size() > PathResolver::kMaximumLength) return false;
        break;
      case Kind::kLink:
        break;
    }
    if (!now_ || !IsAbsolute(step.text)) return true;
    points::point("realpath/insert");
    cache_.Insert(step.text, real_path_, is_dir_, *now_);
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
std::string_view WithoutDotInFront(std::string_view path) {
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

SystemResult<std::string> PathResolver::RawPath(std::string_view path) {
  if (!path.empty() && path.front() == '/') return std::string(path);
  auto raw_path = files_.WorkingDirectory();
  if (!raw_path) return raw_path;
  if (raw_path->back() != '/') *raw_path += '/';
  raw_path->append(path);
  return raw_path;
}

SystemResult<std::string> PathResolver::Resolve(std::string_view path, ResolutionMode mode) {
  auto raw_path = RawPath(path);
  // A working directory that cannot be named any more: the kernel still knows its parent (RP-PATH-13).
  if (!raw_path && path.empty()) return raw_path;
  if (!raw_path) raw_path = std::string(WithoutDotInFront(path));
  if (raw_path->size() > kMaximumLength) return tl::unexpected<Errno>(Errno{ENAMETOOLONG});
  auto real_path = Resolution(files_, cache_, clock_, mode).Run(std::move(*raw_path));
  // A slash that the program wrote at the end is still there for the kernel to judge.
  if (real_path && mode == ResolutionMode::kLenient && EndsWith(path, "/") && *real_path != "/") *real_path += '/';
  return real_path;
}

}  // namespace assay::reference
