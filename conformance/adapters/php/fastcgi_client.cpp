#include "conformance/adapters/php/fastcgi_client.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <climits>
#include <cstring>
#include <utility>

namespace assay::conformance::php {

namespace {

constexpr std::size_t kBufferSize = std::size_t{128} << 10;  // More than the largest record (65,535 + 255 + 8).
constexpr std::size_t kExcerpt = 200;

std::string printable(std::string_view bytes) {
  std::string text;
  for (const char c : bytes.substr(0, kExcerpt)) {
    if (c >= ' ' && c < 127) {
      text += c;
    } else {
      text += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    }
  }
  if (bytes.size() > kExcerpt) text += fmt::format("... ({} bytes)", bytes.size());
  return text;
}

int status_of(std::string_view headers) {
  constexpr std::string_view kName = "Status:";
  const std::size_t at = headers.starts_with(kName) ? 0 : headers.find("\r\nStatus:");
  if (at == std::string_view::npos) return 200;
  std::string_view value = headers.substr(headers.find(':', at) + 1);
  value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
  int status = 0;
  std::from_chars(value.data(), value.data() + value.size(), status);
  return status;
}

}  // namespace

FastcgiClient::FastcgiClient(FileDescriptor socket, std::string socket_path, Limits limits)
    : socket_(std::move(socket)), socket_path_(std::move(socket_path)), limits_(limits), buffer_(kBufferSize) {}

Result<FastcgiClient> FastcgiClient::connect(const std::string& socket_path, Limits limits) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (socket_path.size() >= sizeof address.sun_path) {
    return fail(Failure::Kind::unusable, fmt::format("path of {} bytes is too long for a socket", socket_path.size()),
                socket_path,
                fmt::format("Choose a folder with a shorter path: at most {} bytes", sizeof address.sun_path - 1));
  }
  std::memcpy(address.sun_path, socket_path.data(), socket_path.size());
  FileDescriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket.is_open()) return fail_with_errno(errno, "cannot make a socket", socket_path);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return fail_with_errno(errno, "cannot connect", socket_path);
  }
  return FastcgiClient(std::move(socket), socket_path, limits);
}

Result<FastcgiReply> FastcgiClient::execute(FastcgiParameters& parameters, std::string_view body, Deadline deadline) {
  if (auto sent = send(parameters, body); !sent) return tl::make_unexpected(sent.error());
  return receive(deadline);
}

Result<void> FastcgiClient::send(FastcgiParameters& parameters, std::string_view body) {
  if (!is_open()) return fail(Failure::Kind::unusable, "the connection is closed", socket_path_, "Connect again");
  if (waiting_)
    return fail(Failure::Kind::unusable, "a request is still open", socket_path_, "Receive its reply first");
  begin_ = end_ = 0;
  output_.clear();
  errors_.clear();
  waiting_ = true;
  return send_now(parameters.with_content_length(body.size()), body);
}

Result<void> FastcgiClient::send_now(std::string_view head, std::string_view body) {
  using fastcgi::kMaxContent;
  const std::size_t records = (body.size() + kMaxContent - 1) / kMaxContent;
  stdin_headers_.clear();
  stdin_headers_.reserve(records + 1);  // The parts point into it.
  parts_.clear();
  const auto add = [this](std::string_view bytes) {
    parts_.push_back({const_cast<char*>(bytes.data()), bytes.size()});
  };
  const auto add_stdin = [&](std::string_view content) {
    const auto& header =
        stdin_headers_.emplace_back(encode_header(fastcgi::RecordType::standard_input, content.size()));
    add({header.data(), header.size()});
    if (!content.empty()) add(content);
  };
  add(head);
  for (std::size_t at = 0; at < body.size(); at += kMaxContent) add_stdin(body.substr(at, kMaxContent));
  add_stdin("");

  msghdr message{};
  message.msg_iov = parts_.data();
  message.msg_iovlen = std::min<std::size_t>(parts_.size(), IOV_MAX);
  ssize_t written = sendmsg(socket_.get(), &message, MSG_NOSIGNAL | MSG_DONTWAIT);
  if (written < 0) {
    if (errno == EPIPE || errno == ECONNRESET)
      return abandon_dead("the worker had closed the connection before the request");
    if (errno != EAGAIN && errno != EINTR) return abandon(fail_with_errno(errno, "cannot send", socket_path_));
    written = 0;
  }
  unsent_.clear();
  sent_ = 0;
  auto skip = static_cast<std::size_t>(written);
  for (const iovec& part : parts_) {
    const std::size_t done = std::min(skip, part.iov_len);
    skip -= done;
    unsent_.append(static_cast<const char*>(part.iov_base) + done, part.iov_len - done);
  }
  return {};
}

Result<void> FastcgiClient::send_rest() {
  while (sent_ < unsent_.size()) {
    const ssize_t written =
        ::send(socket_.get(), unsent_.data() + sent_, unsent_.size() - sent_, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0 && errno == EAGAIN) break;
    if (written < 0 && (errno == EPIPE || errno == ECONNRESET))
      return abandon_dead("the worker died while reading the request");
    if (written < 0) return abandon(fail_with_errno(errno, "cannot send", socket_path_));
    sent_ += static_cast<std::size_t>(written);
  }
  return {};
}

Result<FastcgiReply> FastcgiClient::receive(Deadline deadline) {
  if (!is_open()) return fail(Failure::Kind::unusable, "the connection is closed", socket_path_, "Connect again");
  if (!waiting_) return fail(Failure::Kind::unusable, "no request is open", socket_path_, "Send one first");
  for (;;) {
    if (auto waited = wait(deadline); !waited) return tl::make_unexpected(waited.error());
    auto read = read_some();
    if (!read) return tl::make_unexpected(read.error());
    if (!*read) continue;
    auto progress = take_records();
    if (!progress) return tl::make_unexpected(progress.error());
    if (*progress == Progress::more) continue;
    waiting_ = false;
    auto reply = finish();
    if (!reply) socket_.close();
    return reply;
  }
}

// Until something can be read. Sends meanwhile: a worker may answer before it has read everything.
Result<void> FastcgiClient::wait(Deadline deadline) {
  for (;;) {
    const bool sending = sent_ < unsent_.size();
    pollfd event{socket_.get(), static_cast<short>(sending ? POLLIN | POLLOUT : POLLIN), 0};
    const int ready = poll(&event, 1, deadline.milliseconds_to_wait());
    if (ready < 0 && errno != EINTR) return abandon(fail_with_errno(errno, "cannot wait", socket_path_));
    if (ready > 0 && (event.revents & POLLIN)) return {};
    if (ready > 0 && sending && (event.revents & POLLOUT)) {
      if (auto sent = send_rest(); !sent) return sent;
    } else if (ready > 0) {
      return {};  // Hung up: the read will tell.
    }
    // Whoever is late looks once more.
    if (deadline.passed() && poll(&event, 1, 0) <= 0)
      return fail_by(deadline, "no complete reply within the time limit" + seen_so_far(), socket_path_);
  }
}

// False when there was nothing to read after all.
Result<bool> FastcgiClient::read_some() {
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  const ssize_t count = recv(socket_.get(), buffer_.data() + end_, buffer_.size() - end_, MSG_DONTWAIT);
  if (count > 0) {
    end_ += static_cast<std::size_t>(count);
    return true;
  }
  if (count == 0 || errno == ECONNRESET)
    return abandon_dead("the worker died: it closed the connection before the end of its reply");
  if (errno == EAGAIN || errno == EINTR) return false;
  return abandon(fail_with_errno(errno, "cannot read", socket_path_));
}

Result<FastcgiClient::Progress> FastcgiClient::take_records() {
  while (end_ - begin_ >= fastcgi::kHeaderSize) {
    const char* bytes = buffer_.data() + begin_;
    const fastcgi::Header header = fastcgi::decode_header(bytes);
    if (header.version != 1 || header.request_id != fastcgi::kRequestId) {
      return abandon(fail(Failure::Kind::protocol,
                          "this is not FastCGI: read \"" + printable({bytes, end_ - begin_}) + "\"", socket_path_,
                          "Check that the socket belongs to php-fpm"));
    }
    const std::size_t size = fastcgi::kHeaderSize + header.content_length + header.padding_length;
    if (end_ - begin_ < size) return Progress::more;
    begin_ += size;
    auto progress = take_record(header, {bytes + fastcgi::kHeaderSize, header.content_length});
    if (!progress || *progress == Progress::complete) return progress;
  }
  return Progress::more;
}

Result<FastcgiClient::Progress> FastcgiClient::take_record(const fastcgi::Header& header, std::string_view content) {
  using fastcgi::RecordType;
  switch (static_cast<RecordType>(header.type)) {
    case RecordType::standard_output:
      output_.append(content);
      break;
    case RecordType::standard_error:
      errors_.append(content);
      break;
    case RecordType::end_request: {
      if (content.size() < 8 || content[4] != 0) {
        return abandon(fail(Failure::Kind::protocol,
                            "the request was refused: end record \"" + printable(content) + "\"", socket_path_));
      }
      if (begin_ != end_) {
        const std::string_view rest(buffer_.data() + begin_, end_ - begin_);
        return abandon(fail(Failure::Kind::protocol, "data after the end of the reply: \"" + printable(rest) + "\"",
                            socket_path_));
      }
      const auto byte = [&](int i) { return static_cast<unsigned>(static_cast<unsigned char>(content[i])); };
      application_status_ = byte(0) << 24 | byte(1) << 16 | byte(2) << 8 | byte(3);
      return Progress::complete;
    }
    default:
      return abandon(
          fail(Failure::Kind::protocol, fmt::format("unexpected record of type {}", header.type), socket_path_));
  }
  if (output_.size() + errors_.size() > limits_.max_output) {
    return abandon(fail(Failure::Kind::too_large,
                        fmt::format("the reply is larger than {} bytes", limits_.max_output) + seen_so_far(),
                        socket_path_, "Look for a script that prints without end"));
  }
  return Progress::more;
}

Result<FastcgiReply> FastcgiClient::finish() const {
  const std::string_view output = output_;
  const std::size_t end = output.find("\r\n\r\n");
  if (end == std::string_view::npos) {
    return fail(Failure::Kind::protocol, "the reply has no header" + seen_so_far(), socket_path_);
  }
  FastcgiReply reply;
  reply.headers = output.substr(0, end);
  reply.status = status_of(reply.headers);
  reply.body = output.substr(end + 4);
  reply.errors = errors_;
  reply.application_status = application_status_;
  return reply;
}

tl::unexpected<Failure> FastcgiClient::abandon(tl::unexpected<Failure> error) {
  socket_.close();
  waiting_ = false;
  return error;
}

tl::unexpected<Failure> FastcgiClient::abandon_dead(std::string what) {
  return abandon(fail(Failure::Kind::worker_died, std::move(what) + seen_so_far(), socket_path_));
}

std::string FastcgiClient::seen_so_far() const {
  std::string text;
  if (!output_.empty()) text += "; output so far: \"" + printable(output_) + "\"";
  if (!errors_.empty()) text += "; errors so far: \"" + printable(errors_) + "\"";
  return text;
}

}  // namespace assay::conformance::php
