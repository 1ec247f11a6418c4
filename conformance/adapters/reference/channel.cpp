#include "conformance/adapters/reference/channel.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "conformance/adapters/reference/long_strings.h"

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

namespace {

// In front of each: the bytes of the message and of the note behind it (long_strings.h), both in CBOR, and of what the
// note is about.
struct Lengths {
  std::uint64_t message = 0;
  std::uint64_t note = 0;
  std::uint64_t strings = 0;
};

std::string packed(Json message) {
  const LongStrings strings = take_long_strings(message);
  std::string out(sizeof(Lengths), '\0');
  Lengths lengths;
  Json::to_cbor(message, out);
  lengths.message = out.size() - sizeof lengths;
  if (!strings.note.is_null()) Json::to_cbor(strings.note, out);
  lengths.note = out.size() - sizeof lengths - lengths.message;
  lengths.strings = strings.bytes.size();
  out += strings.bytes;
  std::memcpy(out.data(), &lengths, sizeof lengths);
  return out;
}

}  // namespace

bool Channel::send(Json message) {
  const std::string out = packed(std::move(message));
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
  Lengths lengths;
  if (const End end = fill(sizeof lengths, patience); end != End::message) return end;
  std::memcpy(&lengths, buffer_.data(), sizeof lengths);
  const std::size_t size = sizeof lengths + lengths.message + lengths.note + lengths.strings;
  if (const End end = fill(size, patience); end != End::message) return end;
  const char* text = buffer_.data() + sizeof lengths;
  const char* const note = text + lengths.message;
  message = Json::from_cbor(text, note, true, false);
  if (lengths.note > 0) {
    const char* const strings = note + lengths.note;
    put_long_strings(message, Json::from_cbor(note, strings, true, false), {strings, lengths.strings});
  }
  buffer_.erase(0, size);
  return End::message;
}

}  // namespace assay::conformance
