#pragma once

#include <atomic>
#include <optional>
#include <string>

#include "conformance/adapter/target.h"
#include "conformance/adapters/php/driver_worker.h"
#include "conformance/adapters/php/fastcgi_client.h"
#include "conformance/adapters/php/fpm_configuration.h"
#include "conformance/adapters/php/web_front.h"

namespace assay::conformance::php {

// One php-fpm worker, reached through the one connection that it serves. Connects when it is first used and after
// disconnect(). process() may be asked while another thread is inside execute().
class PhpWorker final : public DriverWorker {
 public:
  // `number` is the worker's name in the control block, `files` and `control` live as long as this.
  // `front` as well: the web server that visits pass through.
  PhpWorker(int number, std::string pool, const FpmFiles& files, DriverSetup setup, points::ControlBlock& control,
            WebFront& front);

  Expected<Outcome> execute(std::span<const Exchange> exchanges, std::chrono::milliseconds limit) override;
  std::optional<pid_t> process() const override;

  const std::string& pool() const { return pool_; }

  // A worker that ends by itself after some requests may do so after it was sent one, and before it has read it.
  void is_recycled() { recycled_ = true; }

  // Closes the connection, which a worker in the middle of a request does not notice.
  void disconnect() { client_.reset(); }

  // Tells which process serves it from now on; 0: nobody knows yet, its next reply says so.
  void set_process(pid_t pid);

 private:
  // How a request is sent: to the driver with a body, or to a main script without one.
  Expected<void> send(FastcgiParameters& parameters, const std::string& body);
  Expected<Result<FastcgiReply>> exchange(FastcgiParameters& parameters, const std::string& body, Deadline deadline);
  Expected<Outcome> execute_operations(std::span<const Exchange> exchanges, std::chrono::milliseconds limit);
  Expected<Outcome> serve(const std::string& script, std::chrono::milliseconds limit);
  Expected<Outcome> visit(const Operation& operation, std::chrono::milliseconds limit);
  Expected<void> prepare_process(std::chrono::milliseconds limit);
  bool is_connected() const;
  Expected<Outcome> ask(const std::string& body, std::size_t exchanges, std::chrono::milliseconds limit) override;
  Expected<Outcome> judge(const Result<FastcgiReply>& received, std::size_t exchanges);
  std::string how_it_ended() const override;

  int number_;
  std::string pool_;
  const FpmFiles& files_;
  WebFront& front_;
  FastcgiParameters parameters_;
  std::optional<FastcgiClient> client_;
  std::atomic<pid_t> pid_ = 0;
  bool recycled_ = false;
  pid_t prepared_ = 0;  // the process that has run the driver
};

}  // namespace assay::conformance::php
