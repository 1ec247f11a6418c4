#include "conformance/adapters/php/web_server.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

#include "conformance/adapters/php/child_process.h"
#include "conformance/adapters/php/http_client.h"
#include "support/file_descriptor.h"

namespace assay::conformance::php {

namespace {

constexpr std::chrono::milliseconds kGrace{500};

std::string socket_of(const WebServerSetup& setup, const std::string& pool, bool resolved_root) {
  return fmt::format("{}/{}{}.web", setup.folder, pool, resolved_root ? "r" : "c");
}

// In double quotes nginx understands "$" and the backslash.
Result<std::string> quoted(const std::string& path) {
  if (path.find_first_of("\"$\\\n") != std::string::npos) {
    return fail(Failure::Kind::unusable, "this path cannot stand in a configuration of nginx", path,
                "Set TMPDIR to a folder without quotes, dollar signs and backslashes in its path");
  }
  return "\"" + path + "\"";
}

constexpr const char* kServer =
    "  server {{\n    listen {};\n    root {};\n    location / {{\n      fastcgi_pass {};\n"
    "      fastcgi_param SCRIPT_FILENAME {}$fastcgi_script_name;\n      fastcgi_param DOCUMENT_ROOT {};\n"
    "      fastcgi_param SCRIPT_NAME $fastcgi_script_name;\n      fastcgi_param REQUEST_URI $request_uri;\n"
    "      fastcgi_param QUERY_STRING $query_string;\n      fastcgi_param REQUEST_METHOD $request_method;\n    }}\n  "
    "}}\n";

}  // namespace

Result<std::string> find_nginx() {
  const char* path = std::getenv("PATH");
  std::istringstream folders(std::string(path ? path : "") + ":/usr/sbin:/usr/local/sbin");
  for (std::string folder; std::getline(folders, folder, ':');) {
    const std::string candidate = folder + "/nginx";
    if (!folder.empty() && ::access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  return fail(Failure::Kind::unusable, "no nginx found", "", "Run scripts/install-dependencies");
}

Result<std::string> web_server_configuration(const WebServerSetup& setup) {
  auto folder = quoted(setup.folder);
  if (!folder) return folder;
  auto root = quoted(setup.document_root);
  if (!root) return root;
  std::string text = fmt::format(
      "daemon off;\nmaster_process off;\npid \"{0}/nginx.pid\";\nerror_log \"{0}/nginx.log\" warn;\n"
      "events {{ worker_connections 64; }}\nhttp {{\n  access_log off;\n",
      setup.folder);
  for (const char* kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"})
    text += fmt::format("  {}_temp_path \"{}/nginx-temporary\";\n", kind, setup.folder);
  const FpmFiles files(setup.folder);
  for (const std::string& pool : setup.pools) {
    for (const bool resolved : {false, true}) {
      const char* name = resolved ? "$realpath_root" : "$document_root";
      text += fmt::format(kServer, "\"unix:" + socket_of(setup, pool, resolved) + "\"", *root,
                          "\"unix:" + files.socket_of(pool) + "\"", name, name);
    }
  }
  return text + "}\n";
}

Result<std::unique_ptr<WebServer>> WebServer::start(WebServerSetup setup, Deadline deadline) {
  auto text = web_server_configuration(setup);
  if (!text) return tl::make_unexpected(text.error());
  std::unique_ptr<WebServer> server(new WebServer(std::move(setup)));
  std::ofstream file(server->setup_.folder + "/nginx.conf", std::ios::trunc);
  file << *text;
  file.close();
  if (!file) return fail_with_errno(errno, "cannot write the configuration of nginx", server->setup_.folder);
  if (auto executed = server->execute(); !executed) return tl::make_unexpected(executed.error());
  auto guard = RuntimeGuard::start(server->pid_, "");
  if (!guard) return tl::make_unexpected(guard.error());
  server->guard_ = std::make_unique<RuntimeGuard>(std::move(*guard));
  if (auto ready = server->await_ready(deadline); !ready) return tl::make_unexpected(ready.error());
  return server;
}

Result<void> WebServer::execute() {
  const std::vector<std::string> arguments = {
      setup_.binary, "-p", setup_.folder, "-c", setup_.folder + "/nginx.conf", "-e", setup_.folder + "/nginx.log"};
  const std::vector<std::string> environment = plain_environment();
  const std::vector<char*> argument_pointers = pointers_to(arguments);
  const std::vector<char*> environment_pointers = pointers_to(environment);
  const std::string log_file = setup_.folder + "/nginx.log";
  const FileDescriptor output(open(log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  if (!output.is_open()) return fail_with_errno(errno, "cannot write", log_file);
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child < 0) return fail_with_errno(errno, "cannot start a process", setup_.binary);
  if (child == 0) {
    if (prepare_child(parent, output.get()))
      execve(argument_pointers[0], argument_pointers.data(), environment_pointers.data());
    _exit(127);
  }
  setpgid(child, child);
  pid_ = child;
  return {};
}

// It opens its sockets one after the other: the last one says that all are there.
Result<void> WebServer::await_ready(Deadline deadline) {
  const std::string last = socket_of(setup_, setup_.pools.back(), true);
  while (!accepts_connections(last)) {
    const bool ended = wait_for_exit(pid_, Deadline::at_once()).has_value();
    if (ended) pid_ = -1;
    if (ended) return fail(Failure::Kind::failed_to_start, "nginx ended while starting", setup_.binary, log());
    if (deadline.passed()) return fail_by(deadline, "nginx was not ready in time", setup_.binary, log());
    std::this_thread::sleep_for(kPollInterval);
  }
  return {};
}

Result<WebPage> WebServer::get(const std::string& pool, const std::string& page, bool resolved_root,
                               Deadline deadline) const {
  auto answer = http_get(socket_of(setup_, pool, resolved_root), page, deadline);
  if (!answer) return tl::make_unexpected(answer.error());
  return WebPage{answer->status, std::move(answer->body)};
}

std::string WebServer::log() const {
  std::ifstream file(setup_.folder + "/nginx.log");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

WebServer::~WebServer() {
  if (pid_ <= 0) return;
  kill(pid_, SIGTERM);
  if (!wait_for_exit(pid_, Deadline::after(kGrace))) {
    kill(-pid_, SIGKILL);
    (void)wait_for_exit(pid_, Deadline::after(kKillLimit));
  }
  guard_.reset();
}

}  // namespace assay::conformance::php
