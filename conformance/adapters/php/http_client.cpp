#include "conformance/adapters/php/http_client.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <charconv>
#include <cstring>

#include "support/file_descriptor.h"

namespace assay::conformance::php {

namespace {

Result<FileDescriptor> connected(const std::string& socket_path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (socket_path.size() >= sizeof address.sun_path) {
    return fail(Failure::Kind::unusable, "the path is too long for a socket", socket_path,
                "Set TMPDIR to a folder with a shorter path");
  }
  std::memcpy(address.sun_path, socket_path.data(), socket_path.size());
  FileDescriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket.is_open()) return fail_with_errno(errno, "cannot make a socket", socket_path);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return fail_with_errno(errno, "cannot connect", socket_path);
  return socket;
}

Result<std::string> read_all(const FileDescriptor& socket, const std::string& socket_path, Deadline deadline) {
  std::string text;
  char buffer[16384];
  for (;;) {
    pollfd event{socket.get(), POLLIN, 0};
    const int ready = ::poll(&event, 1, deadline.milliseconds_to_wait());
    if (ready < 0 && errno != EINTR) return fail_with_errno(errno, "cannot wait", socket_path);
    if (ready <= 0 && deadline.passed() && ::poll(&event, 1, 0) <= 0)
      return fail_by(deadline, "no complete answer within the time limit", socket_path);
    if (ready <= 0) continue;
    const ssize_t count = ::recv(socket.get(), buffer, sizeof buffer, 0);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail_with_errno(errno, "cannot read", socket_path);
    if (count == 0) return text;
    text.append(buffer, static_cast<std::size_t>(count));
  }
}

}  // namespace

bool accepts_connections(const std::string& socket_path) {
  return connected(socket_path).has_value();
}

Result<HttpAnswer> http_get(const std::string& socket_path, const std::string& page, Deadline deadline) {
  auto socket = connected(socket_path);
  if (!socket) return tl::make_unexpected(socket.error());
  const std::string request = "GET " + page + " HTTP/1.0\r\nHost: assay\r\n\r\n";
  if (::send(socket->get(), request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size()))
    return fail_with_errno(errno, "cannot send", socket_path);
  auto text = read_all(*socket, socket_path, deadline);
  if (!text) return tl::make_unexpected(text.error());
  const std::size_t status = text->find(' ');
  const std::size_t end = text->find("\r\n\r\n");
  HttpAnswer answer;
  if (!text->starts_with("HTTP/") || status == std::string::npos || end == std::string::npos)
    return fail(Failure::Kind::protocol, "this is not HTTP: \"" + text->substr(0, 80) + "\"", socket_path);
  std::from_chars(text->data() + status + 1, text->data() + text->size(), answer.status);
  answer.body = text->substr(end + 4);
  return answer;
}

}  // namespace assay::conformance::php
