#pragma once

#include <sys/types.h>
#include <sys/uio.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/adapters/php/deadline.h"
#include "conformance/adapters/php/failure.h"
#include "conformance/adapters/php/fastcgi_records.h"
#include "support/file_descriptor.h"

namespace assay::conformance::php {

// What came back. The views point into the client and hold until its next send() or its end.
struct FastcgiReply {
  int status = 200;          // From the header "Status:", 200 without one.
  std::string_view headers;  // Without the empty line that ends them.
  std::string_view body;
  std::string_view errors;          // Everything that came on the error stream.
  unsigned application_status = 0;  // Exit status of the request, 0 with php-fpm.
};

// One kept-alive connection to a FastCGI responder on a unix socket. php-fpm serves one connection with one worker
// until either side closes it: so a client is a worker, and which worker serves is certain. One request at a time.
// Owned and used by one thread; movable. Not for use by a forked child.
class FastcgiClient {
 public:
  struct Limits {
    std::size_t max_output = std::size_t{64} << 20;  // Bytes of body, headers and errors together, before too_large.
  };

  // Connects without waiting. system when nothing listens there; unusable when the path is too long for a socket.
  static Result<FastcgiClient> connect(const std::string& socket_path, Limits limits);
  static Result<FastcgiClient> connect(const std::string& socket_path) { return connect(socket_path, Limits{}); }

  // send() and receive() in one.
  Result<FastcgiReply> execute(FastcgiParameters& parameters, std::string_view body, Deadline deadline);

  // Starts a request and returns at once; what the socket does not take now, receive() sends. Both arguments may be
  // changed or freed afterwards. unusable while another request is open or when the connection is closed.
  Result<void> send(FastcgiParameters& parameters, std::string_view body);

  // Waits for the end of the reply. After timed_out and undecided the request is still open and receive() may be called again (a hang
  // is judged twice, at a short and at the full limit); after every other error the connection is closed.
  Result<FastcgiReply> receive(Deadline deadline);

  bool is_open() const { return socket_.is_open(); }
  bool is_waiting() const { return waiting_; }
  void close() { socket_.close(); }

  // For poll(2) over several clients: readable when receive() has something to do.
  int descriptor() const { return socket_.get(); }
  const std::string& socket_path() const { return socket_path_; }

 private:
  FastcgiClient(FileDescriptor socket, std::string socket_path, Limits limits);

  enum class Progress { more, complete };

  Result<void> send_now(std::string_view head, std::string_view body);
  Result<void> send_rest();
  Result<void> wait(Deadline deadline);
  Result<bool> read_some();
  Result<Progress> take_records();
  Result<Progress> take_record(const fastcgi::Header& header, std::string_view content);
  Result<FastcgiReply> finish() const;
  tl::unexpected<Failure> abandon(tl::unexpected<Failure> error);
  tl::unexpected<Failure> abandon_dead(std::string what);
  std::string seen_so_far() const;

  FileDescriptor socket_;
  std::string socket_path_;
  Limits limits_;
  bool waiting_ = false;
  std::string unsent_;        // What a full socket did not take.
  std::size_t sent_ = 0;      // Of unsent_.
  std::vector<iovec> parts_;  // Reused by send_now.
  std::vector<fastcgi::EncodedHeader> stdin_headers_;
  std::vector<char> buffer_;  // Read, not yet taken apart: [begin_, end_).
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::string output_;
  std::string errors_;
  unsigned application_status_ = 0;
};

}  // namespace assay::conformance::php
