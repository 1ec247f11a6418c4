#pragma once

#include <memory>
#include <string>
#include <vector>

#include "conformance/adapters/php/deadline.h"
#include "conformance/adapters/php/failure.h"
#include "conformance/adapters/php/fpm_configuration.h"
#include "conformance/adapters/php/runtime_guard.h"

namespace assay::conformance::php {

// What a web server is made of: an nginx of our own in front of the pools of one master.
struct WebServerSetup {
  std::string binary;              // a program nginx
  std::string folder;              // exists, ours alone: configuration, sockets, log, temporary files
  std::string document_root;       // as configured: links in it are nginx's business
  std::vector<std::string> pools;  // their sockets are FpmFiles(folder).socket_of(pool)
};

// A page as the client of a web server gets it.
struct WebPage {
  int status = 0;
  std::string body;
};

// The path of nginx on this machine (PATH, /usr/sbin, /usr/local/sbin); an error says how to install it.
Result<std::string> find_nginx();

// The text of the configuration: for each pool a server that names scripts by the document root as it is configured,
// and one that names them by its real path. unusable for a path that cannot stand in it.
Result<std::string> web_server_configuration(const WebServerSetup& setup);

// One running nginx, in the foreground, a single process in a group of its own; unprivileged, on unix sockets only. It
// dies with the thread that started it (so start it from one that lives long), and a guard kills it when this process
// is killed. It keeps no connection to php-fpm open between requests. Used by one thread at a time.
class WebServer {
 public:
  // Returns when it accepts connections. failed_to_start with its log when it does not.
  static Result<std::unique_ptr<WebServer>> start(WebServerSetup setup, Deadline deadline);
  ~WebServer();
  WebServer(const WebServer&) = delete;
  WebServer& operator=(const WebServer&) = delete;

  const std::string& document_root() const { return setup_.document_root; }

  // Asks for a page ("/index.php") that a worker of the pool serves.
  Result<WebPage> get(const std::string& pool, const std::string& page, bool resolved_root, Deadline deadline) const;

 private:
  explicit WebServer(WebServerSetup setup) : setup_(std::move(setup)) {}
  Result<void> execute();
  Result<void> await_ready(Deadline deadline);
  std::string log() const;

  WebServerSetup setup_;
  pid_t pid_ = -1;
  std::unique_ptr<RuntimeGuard> guard_;
};

}  // namespace assay::conformance::php
