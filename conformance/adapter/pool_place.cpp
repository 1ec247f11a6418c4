#include "conformance/adapter/pool_place.h"

#include <fmt/format.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace assay::conformance {
namespace fs = std::filesystem;
namespace {

constexpr fs::perms kSearch = fs::perms::group_exec | fs::perms::others_exec;
constexpr fs::perms kSharedFolder = fs::perms::all | fs::perms::sticky_bit;

Expected<void> refused(const std::string& what) {
  return failure(fmt::format("{}: {}", what, std::strerror(errno)), errno);
}

// Temporary folders of the suite are named so; what is around one of them is not the suite's to change.
constexpr std::string_view kOwnFolder = "assay-";

bool is_closed(const fs::path& folder) {
  struct stat found {};
  return ::stat(folder.c_str(), &found) == 0 && (found.st_mode & S_IXOTH) == 0;
}

}  // namespace

PoolPlace place_of(const Directives& pool) {
  const auto text = [&](const char* name) {
    const auto found = pool.find(name);
    return found == pool.end() ? std::string() : found->second;
  };
  return {text(kPoolUser), text(kPoolRoot)};
}

std::set<std::string> features_of_places() {
  const auto may = [](unsigned long capability) { return ::prctl(PR_CAPBSET_READ, capability, 0, 0, 0) == 1; };
  if (::geteuid() != 0) return {};
  std::set<std::string> features;
  if (may(CAP_SETUID) && may(CAP_SETGID)) features.insert("workers.users");
  if (may(CAP_SYS_CHROOT)) features.insert("workers.roots");
  return features;
}

Expected<void> open_to_users(const Configuration& configuration, const Sandbox& sandbox) {
  const auto has_user = [](const Pool& pool) { return !place_of(pool.ini).user.empty(); };
  const auto& pools = configuration.pools;
  const bool preloads_as_other = configuration.ini.contains("opcache.preload_user");
  if (!preloads_as_other && std::none_of(pools.begin(), pools.end(), has_user)) return {};
  std::error_code code;
  bool is_own = true;
  for (fs::path folder = sandbox.root; !code && folder.has_relative_path(); folder = folder.parent_path()) {
    if (is_closed(folder) && !is_own)
      return refusal(
          fmt::format("{} is closed to other users, and with it the sandbox; set TMPDIR to a folder that all "
                      "may enter",
                      folder.string()));
    if (is_closed(folder)) fs::permissions(folder, kSearch, fs::perm_options::add, code);
    if (folder.filename().string().starts_with(kOwnFolder)) is_own = false;
  }
  if (!code) fs::permissions(sandbox.scratch, kSharedFolder, code);
  if (code) return failure(fmt::format("cannot open {} to other users: {}", sandbox.root.string(), code.message()));
  return {};
}

// The account is looked up before its file is out of sight.
Expected<void> enter(const PoolPlace& place) {
  const passwd* account = place.user.empty() ? nullptr : ::getpwnam(place.user.c_str());
  if (account == nullptr && !place.user.empty())
    return failure(fmt::format("there is no user {}; name one of this machine", place.user));
  if (!place.root.empty() && (::chroot(place.root.c_str()) != 0 || ::chdir("/") != 0))
    return refused(fmt::format("cannot make {} the root directory", place.root));
  if (account == nullptr) return {};
  if (::setgroups(1, &account->pw_gid) != 0 || ::setgid(account->pw_gid) != 0 || ::setuid(account->pw_uid) != 0)
    return refused(fmt::format("cannot become the user {}", place.user));
  return {};
}

}  // namespace assay::conformance
