#pragma once

#include <sys/types.h>

#include <functional>
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
  std::unique_ptr<PendingRequest> begin(std::span<const Exchange> exchanges, std::chrono::milliseconds limit) override;
  std::optional<pid_t> process() const override { return pid_; }
  bool idle_after_reply() const override { return true; }
  void disconnect() { channel_.close(); }
  // After each `requests` that the process has served, `successor` puts another one in its place (connect()).
  void recycle_after(int requests, std::function<Expected<void>()> successor) {
    most_requests_ = requests;
    successor_ = std::move(successor);
  }

 private:
  class Sent;
  Outcome lost(std::size_t exchanges, Outcome::Kind kind, std::string detail) const;
  Channel channel_;
  std::optional<pid_t> pid_;
  std::string root_;
  int served_ = 0;  // by this process
  int most_requests_ = 0;
  std::function<Expected<void>()> successor_;
};

}  // namespace assay::conformance
