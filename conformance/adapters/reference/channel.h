#pragma once

#include <optional>
#include <string>

#include "conformance/vocabulary/value_json.h"
#include "support/time/time_budget.h"

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
  bool send(Json message);
  // Waits as long as it takes. `closed` when the other end is gone.
  End receive(Json& message) { return receive_by(message, std::nullopt); }
  // Waits until the budget is no longer left; `timeout` then.
  End receive(Json& message, TimeBudget& budget) { return receive_by(message, &budget); }
  // `timeout` where there is no whole message yet.
  End receive_now(Json& message) { return receive_by(message, nullptr); }
  void close();
  bool is_open() const { return descriptor_ >= 0; }

 private:
  // How long to wait: for good, while a budget is left, or (nullptr) not at all.
  using Patience = std::optional<TimeBudget*>;
  End receive_by(Json& message, Patience patience);
  End fill(std::size_t bytes, Patience patience);
  int descriptor_ = -1;
  std::string buffer_;
};

}  // namespace assay::conformance
