// Requests per second through the php-fpm adapter, against a bare FastCGI client on the same worker in the same run:
// the same bytes are sent, the client throws the answer away. The ratio of the two is what the adapter costs.
#include <benchmark/benchmark.h>
#include <stdlib.h>

#include <filesystem>

#include "conformance/adapters/php/driver_protocol.h"
#include "conformance/adapters/php/fastcgi_client.h"
#include "conformance/adapters/php/php_worker.h"
#include "faults/points/control_block.h"

namespace {

using namespace assay::conformance;
namespace fs = std::filesystem;

constexpr std::chrono::seconds limit{5};

// A running php-fpm with one worker; empty where it cannot be started here.
class Server {
 public:
  Server() {
    std::string name = (fs::temp_directory_path() / "assay-benchmark-XXXXXX").string();
    if (!::mkdtemp(name.data())) return;
    folder_ = name;
    fs::create_directory(folder_ / "tree");
    fs::create_directory(folder_ / "scratch");
    control_.emplace(assay::points::ControlBlock::create(folder_ / "control").value());
    control_->set_clock(std::chrono::seconds(clock_start), std::chrono::seconds(clock_start));
    auto target = make_target("php-fpm");
    if (!target) return;
    target_ = std::move(*target);
    auto runtime = target_->start({}, {fs::canonical(folder_ / "tree"), folder_ / "scratch", folder_ / "control"});
    if (runtime) runtime_ = std::move(*runtime);
  }
  ~Server() {
    runtime_.reset();
    std::error_code code;
    fs::remove_all(folder_, code);
  }

  bool is_running() const { return runtime_ != nullptr; }
  php::PhpWorker& worker() { return dynamic_cast<php::PhpWorker&>(runtime_->worker(0)); }
  std::string scratch() const { return (folder_ / "scratch").string(); }
  std::string root() const { return fs::canonical(folder_ / "tree").string(); }

 private:
  fs::path folder_;
  std::optional<assay::points::ControlBlock> control_;
  std::unique_ptr<Target> target_;
  std::unique_ptr<Runtime> runtime_;
};

const std::vector<Exchange> exchanges = {{make_operation(OperationKind::time, {}), "", std::nullopt}};

void ThroughTheAdapter(benchmark::State& state) {
  Server server;
  if (!server.is_running()) return state.SkipWithError("php-fpm cannot be started here");
  for (auto _ : state) {
    const auto outcome = server.worker().execute(exchanges, limit);
    if (!outcome || outcome->kind != Outcome::Kind::completed) return state.SkipWithError("a request failed");
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(ThroughTheAdapter)->UseRealTime();

void BareClient(benchmark::State& state) {
  Server server;
  if (!server.is_running()) return state.SkipWithError("php-fpm cannot be started here");
  (void)server.worker().execute(exchanges, limit);
  server.worker().disconnect();
  const std::string socket = server.scratch() + "/" + server.worker().pool() + ".sock";
  auto client = php::FastcgiClient::connect(socket);
  if (!client) return state.SkipWithError("cannot connect");
  php::FastcgiParameters parameters({{"SCRIPT_FILENAME", server.scratch() + "/driver.php"},
                                     {"REQUEST_METHOD", "POST"},
                                     {"CONTENT_TYPE", "application/octet-stream"}});
  const std::string body = php::encode_request({server.root(), server.scratch(), 0}, exchanges);
  for (auto _ : state) {
    auto reply = client->execute(parameters, body, php::Deadline::after(limit));
    if (!reply || reply->body.empty()) return state.SkipWithError("a request failed");
    benchmark::DoNotOptimize(reply->body.size());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BareClient)->UseRealTime();

}  // namespace
