// Requests per second through the php-fpm adapter against a client that does nothing but send the same bytes to the
// same worker and read up to the end of the reply. The ratio is what the adapter costs.
#include <benchmark/benchmark.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>

#include "conformance/adapter/stage.h"
#include "conformance/adapters/php/php_runtime.h"
#include "conformance/adapters/php/php_target.h"
#include "conformance/execution/world.h"

namespace assay::conformance::php {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto kLimit = 10s;
constexpr int kRound = 500;  // requests of each kind in turn, so that both meet the same machine

// One runtime with one worker, on stock PHP.
class Fixture {
 public:
  Fixture() {
    auto stage = TemporaryStage::make();
    if (!stage) return;
    stage_.emplace(std::move(*stage));
    const Sandbox& sandbox = stage_->sandbox();
    std::ofstream(sandbox.root / "one.php") << "<?php return 1;";
    (void)set_file_time(sandbox.root / "one.php", clock_start - 1000);
    auto target = fpm_target_kind().make({});
    if (!target) {
      why_not_ = target.error().message;
      return;
    }
    target_ = std::move(*target);
    auto runtime = target_->start({}, sandbox);
    if (!runtime) {
      why_not_ = runtime.error().message;
      return;
    }
    runtime_ = std::move(*runtime);
  }

  const std::string& why_not() const { return why_not_; }
  bool is_ready() const { return runtime_ != nullptr; }
  PhpRuntime& runtime() { return static_cast<PhpRuntime&>(*runtime_); }
  DriverSetup setup() const { return {stage_->sandbox().root.string(), stage_->sandbox().scratch.string(), 0}; }

 private:
  std::optional<TemporaryStage> stage_;
  std::string why_not_ = "no temporary folder or control block";
  std::unique_ptr<Target> target_;
  std::unique_ptr<Runtime> runtime_;
};

std::vector<Exchange> includes(std::size_t count) {
  return std::vector<Exchange>(count, {make_operation(OperationKind::include, {{"path", "@/one.php"}}), "", {}});
}

// Sends bytes, reads until the record that ends the request. No parsing, no limit.
class BareClient {
 public:
  explicit BareClient(const std::string& path) : socket_(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    connected_ = connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  ~BareClient() { close(socket_); }

  bool request(const std::string& bytes) {
    if (!connected_ || send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(bytes.size()))
      return false;
    for (std::size_t filled = 0; filled < sizeof buffer_;) {
      const ssize_t count = read(socket_, buffer_ + filled, sizeof buffer_ - filled);
      if (count <= 0) return false;
      filled += static_cast<std::size_t>(count);
      constexpr std::size_t kEndSize = 16;
      if (filled >= kEndSize && buffer_[filled - kEndSize] == 1 && buffer_[filled - kEndSize + 1] == 3) return true;
    }
    return false;
  }

 private:
  int socket_;
  bool connected_ = false;
  char buffer_[65536];
};

std::string whole_request(const std::string& driver, const std::string& body) {
  FastcgiParameters parameters(FastcgiParameters::List{{"SCRIPT_FILENAME", driver},
                                                       {"SCRIPT_NAME", "/driver.php"},
                                                       {"REQUEST_METHOD", "POST"},
                                                       {"CONTENT_TYPE", "application/json"}});
  std::string bytes(parameters.with_content_length(body.size()));
  const auto header = fastcgi::encode_header(fastcgi::RecordType::standard_input, body.size());
  const auto end = fastcgi::encode_header(fastcgi::RecordType::standard_input, 0);
  return bytes.append(header.data(), header.size()).append(body).append(end.data(), end.size());
}

template <typename Request>
double seconds_of(Request request, bool& all_good) {
  const auto begin = Clock::now();
  for (int i = 0; i < kRound; ++i) all_good = request() && all_good;
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

void against_bare_client(benchmark::State& state) {
  Fixture fixture;
  if (!fixture.is_ready()) return state.SkipWithError(fixture.why_not().c_str());
  const std::vector<Exchange> exchanges = includes(1);
  PhpWorker& worker = fixture.runtime().php_worker(0);
  const std::string bytes =
      whole_request(fixture.setup().scratch + "/driver.php", encode_request(fixture.setup(), exchanges));
  double adapter = 0;
  double bare = 0;
  bool all_good = true;
  for ([[maybe_unused]] auto round : state) {
    adapter += seconds_of(
        [&] {
          auto outcome = worker.execute(exchanges, kLimit);
          return outcome && outcome->kind == Outcome::Kind::completed;
        },
        all_good);
    worker.disconnect();
    BareClient client(fixture.runtime().master().files().socket_of(worker.pool()));
    bare += seconds_of([&] { return client.request(bytes); }, all_good);
  }
  if (!all_good) return state.SkipWithError("a request failed");
  const double requests = static_cast<double>(state.iterations()) * kRound;
  state.counters["adapter_per_second"] = requests / adapter;
  state.counters["bare_per_second"] = requests / bare;
  state.counters["ratio"] = bare / adapter;
}
BENCHMARK(against_bare_client)->Unit(benchmark::kMillisecond)->UseRealTime()->MinTime(2);

void operations_in_one_request(benchmark::State& state) {
  Fixture fixture;
  if (!fixture.is_ready()) return state.SkipWithError(fixture.why_not().c_str());
  const std::vector<Exchange> exchanges = includes(static_cast<std::size_t>(state.range(0)));
  for ([[maybe_unused]] auto round : state) {
    auto outcome = fixture.runtime().worker(0).execute(exchanges, kLimit);
    if (!outcome || outcome->kind != Outcome::Kind::completed) return state.SkipWithError("a request failed");
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(operations_in_one_request)->Arg(1)->Arg(25)->Arg(1000)->UseRealTime();

}  // namespace
}  // namespace assay::conformance::php
