#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "conformance/adapters/php/web_server.h"

namespace assay::conformance::php {

// The web server in front of one runtime, started when it is first asked, and again when it is asked for another
// document root. May be asked from several threads; one request at a time.
class WebFront {
 public:
  // `binary` empty: there is none on this machine.
  WebFront(std::string binary, std::string folder, std::vector<std::string> pools)
      : binary_(std::move(binary)), folder_(std::move(folder)), pools_(std::move(pools)) {}

  Result<WebPage> get(const std::string& pool, const std::string& page, const std::string& document_root,
                      bool resolved_root, Deadline deadline);

 private:
  const std::string binary_, folder_;
  const std::vector<std::string> pools_;
  std::mutex mutex_;
  std::unique_ptr<WebServer> server_;
};

}  // namespace assay::conformance::php
