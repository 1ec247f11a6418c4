#pragma once

#include <string>
#include <string_view>

#include "conformance/adapter/target.h"
#include "conformance/adapters/php/driver_protocol.h"
#include "conformance/adapters/php/failure.h"
#include "faults/points/control_block.h"

namespace assay::conformance::php {

// What a server sent back for a request to the driver.
struct DriverAnswer {
  int status = 200;
  std::string_view body, errors;
};

// A worker that serves requests to the driver script, however they reach it.
class DriverWorker : public Worker {
 public:
  // What driver/requests.php says of the PHP, as the value that it replies.
  Expected<Value> inspect(std::chrono::milliseconds limit);

  // What the map says of itself; however that ended.
  Expected<Outcome> inspect_map(std::chrono::milliseconds limit);

 protected:
  DriverWorker(DriverSetup setup, points::ControlBlock& control) : setup_(std::move(setup)), control_(control) {}

  // Sends a request to the driver and waits for its end; `exchanges` of it are to be replied to.
  virtual Expected<Outcome> ask(const std::string& body, std::size_t exchanges, std::chrono::milliseconds limit) = 0;

  // The outcome of a request that was answered. `pid`: the process that says that it has served it, if one does.
  Expected<Outcome> read(const DriverAnswer& answer, std::size_t exchanges, pid_t& pid) const;
  // ... and of one that was not.
  Expected<Outcome> read(const Failure& failed, std::size_t exchanges, pid_t pid) const;

  const DriverSetup& setup() const { return setup_; }
  points::ControlBlock& control() const { return control_; }

 private:
  // How the process of a worker ended, for people.
  virtual std::string how_it_ended() const = 0;

  DriverSetup setup_;
  points::ControlBlock& control_;
};

// A runtime whose workers are such.
class DriverRuntime : public Runtime {
 public:
  virtual DriverWorker& driver_worker() = 0;  // the first one
  virtual points::ControlBlock& control() = 0;
};

// What a request left behind that ended without its replies.
Outcome lost_request(Outcome::Kind kind, std::size_t exchanges, std::string detail);

}  // namespace assay::conformance::php
