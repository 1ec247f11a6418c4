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
  std::string out(sizeof(std::uint64_t), '\0');
  Json::to_cbor(message, out);
  const std::uint64_t length = out.size() - sizeof length;
  std::memcpy(out.data(), &length, sizeof length);
  for (std::size_t done = 0; done < out.size();) {
    const ssize_t n = ::send(descriptor_, out.data() + done, out.size() - done, MSG_NOSIGNAL);
    if (n < 0 && errno != EINTR) return false;
    if (n > 0) done += static_cast<std::size_t>(n);
  }
  return true;
}

namespace {

// Waits until there is something to read. False: there was nothing while the budget was left, nor after it.
bool wait_for_input(int descriptor, TimeBudget& budget) {
  pollfd ready{descriptor, POLLIN, 0};
  while (true) {
    if (::poll(&ready, 1, budget.milliseconds_to_next_look()) > 0) return true;
    // Whoever is late looks once more.
    if (budget.look() != TimeBudget::State::left) return ::poll(&ready, 1, 0) > 0;
  }
}

}  // namespace

// Who does not wait for good looks first: an answer is often there already.
Channel::End Channel::fill(std::size_t bytes, Patience patience) {
  while (buffer_.size() < bytes) {
    char chunk[65536];
    const ssize_t got = ::recv(descriptor_, chunk, sizeof chunk, patience ? MSG_DONTWAIT : 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) {
      if (*patience == nullptr || !wait_for_input(descriptor_, **patience)) return End::timeout;
      continue;
    }
    if (got <= 0) return End::closed;
    buffer_.append(chunk, static_cast<std::size_t>(got));
  }
  return End::message;
}

Channel::End Channel::receive_by(Json& message, Patience patience) {
  std::uint64_t length = 0;
  if (const End end = fill(sizeof length, patience); end != End::message) return end;
  std::memcpy(&length, buffer_.data(), sizeof length);
  if (const End end = fill(sizeof length + length, patience); end != End::message) return end;
  const char* text = buffer_.data() + sizeof length;
  message = Json::from_cbor(text, text + length, true, false);
  buffer_.erase(0, sizeof length + length);
  return End::message;
}

}  // namespace assay::conformance
