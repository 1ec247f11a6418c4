#pragma once

#include <sys/types.h>

#include <optional>

#include "conformance/adapter/target.h"
#include "conformance/adapters/reference/channel.h"

namespace assay::conformance {

// The suite's end of a worker of the reference: sends requests over a channel and tells how they ended.
class ChannelWorker final : public Worker {
 public:
  // `pid` is the process that serves (for threads: their host, which is not shown as the worker's own).
  void connect(Channel channel, std::optional<pid_t> pid, std::string root);
  Expected<Outcome> execute(std::span<const Exchange> exchanges, std::chrono::milliseconds limit) override;
  std::optional<pid_t> process() const override { return pid_; }
  void disconnect() { channel_.close(); }

 private:
  Outcome lost(std::size_t exchanges, Outcome::Kind kind, std::string detail) const;
  Channel channel_;
  std::optional<pid_t> pid_;
  std::string root_;
};

}  // namespace assay::conformance
