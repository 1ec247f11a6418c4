#pragma once

#include <chrono>
#include <string>

#include "conformance/vocabulary/value_json.h"

namespace assay::conformance {

// One end of a connection between the suite and a worker of the reference: whole JSON messages, in CBOR, each with its
// length in front. Owns its descriptor.
class Channel {
 public:
  Channel() = default;
  explicit Channel(int descriptor) : descriptor_(descriptor) {}
  Channel(Channel&& other) noexcept;
  Channel& operator=(Channel&& other) noexcept;
  ~Channel();

  // Two connected ends; both close on exec.
  static Expected<std::pair<Channel, Channel>> pair();

  enum class End { message, closed, timeout };
  bool send(const Json& message);
  // Waits until `deadline`; without one, as long as it takes. `closed` when the other end is gone.
  End receive(Json& message, const std::chrono::steady_clock::time_point* deadline);
  void close();
  bool is_open() const { return descriptor_ >= 0; }

 private:
  End fill(std::size_t bytes, const std::chrono::steady_clock::time_point* deadline);
  int descriptor_ = -1;
  std::string buffer_;
};

}  // namespace assay::conformance
