#include "conformance/adapters/php/fpm_configuration.h"

#include <fmt/format.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <set>

namespace assay::conformance::php {

namespace {

constexpr std::size_t kMaxSocketPath = sizeof(sockaddr_un::sun_path) - 1;

bool is_pool_name(const std::string& name) {
  return !name.empty() &&
         std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '-'; });
}

Result<void> check_pool(const FpmConfiguration& configuration, const FpmPool& pool) {
  if (!is_pool_name(pool.name) || pool.name == "global") {
    return fail(Failure::Kind::unusable, "this cannot name a pool", pool.name,
                "Use letters, digits, '_' and '-', and not \"global\"");
  }
  if (pool.children < 1) return fail(Failure::Kind::unusable, "a pool needs at least one worker", pool.name);
  const std::string socket = FpmFiles(configuration.folder).socket_of(pool.name);
  if (socket.size() > kMaxSocketPath) {
    return fail(Failure::Kind::unusable,
                fmt::format("path of {} bytes is too long for a socket (at most {})", socket.size(), kMaxSocketPath),
                socket, "Set TMPDIR to a folder with a shorter path");
  }
  return {};
}

Result<std::string> directives(const char* kind, const IniSettings& settings) {
  std::string text;
  for (const auto& [name, value] : settings) {
    auto assignment = ini_assignment(name, value);
    if (!assignment) return assignment;
    const std::size_t equals = assignment->find('=');
    text += fmt::format("{}[{}] = {}\n", kind, assignment->substr(0, equals), assignment->substr(equals + 1));
  }
  return text;
}

Result<std::string> pool_text(const FpmConfiguration& configuration, const FpmPool& pool) {
  auto socket = quote_ini_value(FpmFiles(configuration.folder).socket_of(pool.name));
  if (!socket) return socket;
  std::string text = fmt::format(
      "\n[{}]\nlisten = {}\nlisten.mode = 0600\npm = static\npm.max_children = {}\npm.max_requests = {}\n"
      "ping.path = {}\nping.response = {}\nclear_env = no\ncatch_workers_output = yes\ndecorate_workers_output = no\n"
      "security.limit_extensions =\n",
      pool.name, *socket, pool.children, pool.max_requests, kPingPath, kPingAnswer);
  if (geteuid() == 0) {
    const std::string user = configuration.user.empty() ? "root" : configuration.user;
    text += fmt::format("user = {}\nlisten.owner = {}\n", pool.user.empty() ? user : pool.user, user);
  }
  if (!pool.chroot.empty()) {
    auto chroot = quote_ini_value(pool.chroot);
    if (!chroot) return chroot;
    text += fmt::format("chroot = {}\n", *chroot);
  }
  for (const auto& [kind, settings] :
       {std::pair("php_value", &pool.values), std::pair("php_admin_value", &pool.admin_values)}) {
    auto lines = directives(kind, *settings);
    if (!lines) return lines;
    text += *lines;
  }
  return text;
}

}  // namespace

FpmFiles::FpmFiles(const std::string& folder_path)
    : folder(folder_path), configuration(folder + "/fpm.conf"), master_log(folder + "/fpm.log"), logs(folder) {}

Result<void> check_configuration(const FpmConfiguration& configuration) {
  if (configuration.pools.empty()) return fail(Failure::Kind::unusable, "a php-fpm master needs at least one pool");
  std::set<std::string> names;
  for (const FpmPool& pool : configuration.pools) {
    if (auto checked = check_pool(configuration, pool); !checked) return checked;
    if (!names.insert(pool.name).second) return fail(Failure::Kind::unusable, "two pools have this name", pool.name);
  }
  return {};
}

Result<std::string> fpm_configuration_text(const FpmConfiguration& configuration) {
  auto log = quote_ini_value(FpmFiles(configuration.folder).master_log);
  if (!log) return log;
  // The time to finish a request on a reload or a soft stop; php-fpm itself goes on to harder signals afterwards.
  std::string text = fmt::format(
      "[global]\ndaemonize = no\nerror_log = {}\nlog_level = notice\nprocess_control_timeout = 1s\nrlimit_core = 0\n",
      *log);
  for (const FpmPool& pool : configuration.pools) {
    auto section = pool_text(configuration, pool);
    if (!section) return section;
    text += *section;
  }
  return text;
}

Result<std::vector<std::string>> fpm_arguments(const FpmConfiguration& configuration) {
  std::vector<std::string> arguments{configuration.binary, "-n", "-F", "-y",
                                     FpmFiles(configuration.folder).configuration};
  if (geteuid() == 0) arguments.emplace_back("-R");
  auto settings = ini_arguments(configuration);
  if (!settings) return settings;
  arguments.insert(arguments.end(), settings->begin(), settings->end());
  return arguments;
}

}  // namespace assay::conformance::php
