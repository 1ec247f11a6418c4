#include "conformance/adapters/reference/channel.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace assay::conformance {

Channel::Channel(Channel&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), buffer_(std::move(other.buffer_)) {}

Channel& Channel::operator=(Channel&& other) noexcept {
  close();
  descriptor_ = std::exchange(other.descriptor_, -1);
  buffer_ = std::move(other.buffer_);
  return *this;
}

Channel::~Channel() {
  close();
}

void Channel::close() {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
  buffer_.clear();
}

Expected<std::pair<Channel, Channel>> Channel::pair() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    return failure(std::string("cannot make a socket pair: ") + std::strerror(errno));
  }
  return std::pair(Channel(ends[0]), Channel(ends[1]));
}

bool Channel::send(const Json& message) {
  const std::string text = message.dump();
  const std::uint64_t length = text.size();
  std::string out(reinterpret_cast<const char*>(&length), sizeof length);
  out += text;
  for (std::size_t done = 0; done < out.size();) {
    const ssize_t n = ::send(descriptor_, out.data() + done, out.size() - done, MSG_NOSIGNAL);
    if (n < 0 && errno != EINTR) return false;
    if (n > 0) done += static_cast<std::size_t>(n);
  }
  return true;
}

Channel::End Channel::fill(std::size_t bytes, const std::chrono::steady_clock::time_point* deadline) {
  while (buffer_.size() < bytes) {
    int wait = -1;
    if (deadline) {
      const auto left = *deadline - std::chrono::steady_clock::now();
      wait = static_cast<int>(std::max<long>(0, std::chrono::ceil<std::chrono::milliseconds>(left).count()));
    }
    pollfd ready{descriptor_, POLLIN, 0};
    const int n = ::poll(&ready, 1, wait);
    if (n == 0) return End::timeout;
    if (n < 0) continue;
    char chunk[65536];
    const ssize_t got = ::read(descriptor_, chunk, sizeof chunk);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return End::closed;
    buffer_.append(chunk, static_cast<std::size_t>(got));
  }
  return End::message;
}

Channel::End Channel::receive(Json& message, const std::chrono::steady_clock::time_point* deadline) {
  std::uint64_t length = 0;
  if (const End end = fill(sizeof length, deadline); end != End::message) return end;
  std::memcpy(&length, buffer_.data(), sizeof length);
  if (const End end = fill(sizeof length + length, deadline); end != End::message) return end;
  message = Json::parse(buffer_.substr(sizeof length, length), nullptr, false);
  buffer_.erase(0, sizeof length + length);
  return End::message;
}

}  // namespace assay::conformance
