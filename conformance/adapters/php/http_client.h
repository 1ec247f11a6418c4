#pragma once

#include <string>

#include "conformance/adapters/php/deadline.h"
#include "conformance/adapters/php/failure.h"

namespace assay::conformance::php {

struct HttpAnswer {
  int status = 0;
  std::string body;
};

// Whether somebody listens on a unix socket.
bool accepts_connections(const std::string& socket_path);

// One GET request of HTTP/1.0 over a unix socket, on a connection of its own that the server closes. timed_out or undecided when the
// answer is not complete in time, protocol when it is not HTTP, worker_died when the connection ends without an answer.
Result<HttpAnswer> http_get(const std::string& socket_path, const std::string& page, Deadline deadline);

// The same for a POST of JSON to a port of this machine, where the server knows one page only.
Result<HttpAnswer> http_post(int port, const std::string& body, Deadline deadline);

}  // namespace assay::conformance::php
