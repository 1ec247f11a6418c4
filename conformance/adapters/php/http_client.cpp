#include "conformance/adapters/php/http_client.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <charconv>
#include <cstring>

#include "support/file_descriptor.h"

namespace assay::conformance::php {

namespace {

std::string local_address(int port) {
  return "127.0.0.1:" + std::to_string(port);
}

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

Result<FileDescriptor> connected(int port) {
  const std::string where = local_address(port);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  FileDescriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket.is_open()) return fail_with_errno(errno, "cannot make a socket", where);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return socket;
  if (errno == ECONNREFUSED) return fail(Failure::Kind::worker_died, "nobody listens there any more", where);
  return fail_with_errno(errno, "cannot connect", where);
}

// What the socket does not take at once waits for its reader, but no longer than the deadline.
Result<void> send_all(const FileDescriptor& socket, const std::string& text, const std::string& where,
                      Deadline deadline) {
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t sent = ::send(socket.get(), text.data() + done, text.size() - done, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) {
      done += static_cast<std::size_t>(sent);
      continue;
    }
    if (errno == EINTR) continue;
    if (errno == EPIPE || errno == ECONNRESET)
      return fail(Failure::Kind::worker_died, "it closed the connection before the request was sent", where);
    if (errno != EAGAIN) return fail_with_errno(errno, "cannot send", where);
    pollfd event{socket.get(), POLLOUT, 0};
    if (::poll(&event, 1, deadline.milliseconds_to_wait()) <= 0 && deadline.passed())
      return fail_by(deadline, "the request was not read within the time limit", where);
  }
  return {};
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
    if (count < 0 && errno == ECONNRESET) return text;
    if (count < 0) return fail_with_errno(errno, "cannot read", socket_path);
    if (count == 0) return text;
    text.append(buffer, static_cast<std::size_t>(count));
  }
}

Result<HttpAnswer> exchange(const FileDescriptor& socket, const std::string& request, const std::string& where,
                            Deadline deadline) {
  if (auto sent = send_all(socket, request, where, deadline); !sent) return tl::make_unexpected(sent.error());
  auto text = read_all(socket, where, deadline);
  if (!text) return tl::make_unexpected(text.error());
  if (text->empty()) return fail(Failure::Kind::worker_died, "it closed the connection without an answer", where);
  const std::size_t status = text->find(' ');
  const std::size_t end = text->find("\r\n\r\n");
  HttpAnswer answer;
  if (!text->starts_with("HTTP/") || status == std::string::npos || end == std::string::npos)
    return fail(Failure::Kind::protocol, "this is not HTTP: \"" + text->substr(0, 80) + "\"", where);
  std::from_chars(text->data() + status + 1, text->data() + text->size(), answer.status);
  answer.body = text->substr(end + 4);
  return answer;
}

}  // namespace

bool accepts_connections(const std::string& socket_path) {
  return connected(socket_path).has_value();
}

Result<HttpAnswer> http_get(const std::string& socket_path, const std::string& page, Deadline deadline) {
  auto socket = connected(socket_path);
  if (!socket) return tl::make_unexpected(socket.error());
  return exchange(*socket, "GET " + page + " HTTP/1.0\r\nHost: assay\r\n\r\n", socket_path, deadline);
}

Result<HttpAnswer> http_post(int port, const std::string& body, Deadline deadline) {
  auto socket = connected(port);
  if (!socket) return tl::make_unexpected(socket.error());
  const std::string head = "POST / HTTP/1.0\r\nHost: assay\r\nContent-Type: application/json\r\nContent-Length: ";
  return exchange(*socket, head + std::to_string(body.size()) + "\r\n\r\n" + body, local_address(port), deadline);
}

}  // namespace assay::conformance::php
