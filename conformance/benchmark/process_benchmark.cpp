// Operations per second through the process adapter, in batches of several operations a request, against APCu under php-fpm
// and against a bare pipe echo: a child that sends back each line as it came. All three in turn, so that they meet the same
// machine.
#include <benchmark/benchmark.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <cstring>
#include <filesystem>
#include <optional>

#include "conformance/adapter/stage.h"
#include "conformance/adapters/php/php_target.h"
#include "conformance/adapters/process/messages.h"
#include "conformance/adapters/process/process_target.h"

namespace assay::conformance::process {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto kLimit = 10s;
constexpr std::size_t kRound = 500;  // operations of each kind in turn

// A started runtime of a target, with one worker.
class Fixture {
 public:
  Fixture(const TargetKind& kind, const std::vector<std::pair<std::string, std::string>>& options) {
    auto stage = TemporaryStage::make();
    if (!stage) return;
    stage_.emplace(std::move(*stage));
    auto target = kind.make(options);
    if (target) target_ = std::move(*target);
    auto runtime = target ? target_->start({}, stage_->sandbox()) : tl::unexpected(target.error());
    if (runtime)
      runtime_ = std::move(*runtime);
    else
      why_not_ = runtime.error().message;
  }
  bool is_ready() const { return runtime_ != nullptr; }
  const std::string& why_not() const { return why_not_; }
  bool request(const std::vector<Exchange>& exchanges) {
    const auto outcome = runtime_->worker(0).execute(exchanges, kLimit);
    return outcome && outcome->kind == Outcome::Kind::completed;
  }

 private:
  std::optional<TemporaryStage> stage_;
  std::string why_not_ = "no temporary folder or control block";
  std::unique_ptr<Target> target_;
  std::unique_ptr<Runtime> runtime_;
};

class PipeEcho {
 public:
  PipeEcho() {
    int in[2], out[2];
    if (::pipe(in) != 0 || ::pipe(out) != 0) return;
    child_ = ::fork();
    if (child_ == 0) {
      ::close(in[1]);
      char chunk[65536];
      for (ssize_t got = 0; (got = ::read(in[0], chunk, sizeof chunk)) > 0;) {
        if (::write(out[1], chunk, static_cast<std::size_t>(got)) != got) break;
      }
      ::_exit(0);
    }
    ::close(in[0]);
    ::close(out[1]);
    to_ = in[1];
    from_ = out[0];
  }
  ~PipeEcho() {
    ::close(to_);
    ::close(from_);
    ::waitpid(child_, nullptr, 0);
  }

  // REQUIRES: the line fits into a pipe.
  bool request(const std::string& line) const {
    if (::write(to_, line.data(), line.size()) != static_cast<ssize_t>(line.size())) return false;
    char chunk[65536];
    for (ssize_t got = 0; (got = ::read(from_, chunk, sizeof chunk)) > 0;) {
      if (chunk[got - 1] == '\n') return true;
    }
    return false;
  }

 private:
  pid_t child_ = -1;
  int to_ = -1, from_ = -1;
};

std::vector<Exchange> gets(std::size_t count) {
  return std::vector<Exchange>(count, {make_operation(OperationKind::cache_get, {{"key", "a"}}), "", {}});
}

template <class Request>
double seconds_of(std::size_t operations, std::size_t batch, bool& all_good, Request request) {
  const auto began = Clock::now();
  for (std::size_t done = 0; done < operations; done += batch) all_good = request() && all_good;
  return std::chrono::duration<double>(Clock::now() - began).count();
}

std::string reference_adapter() {
  std::error_code code;
  const auto folder = std::filesystem::read_symlink("/proc/self/exe", code).parent_path();
  return (folder / "assay_reference_adapter").string();
}

void process_adapter(benchmark::State& state) {
  const auto batch = static_cast<std::size_t>(state.range(0));
  Fixture adapter(process_target_kind(), {{"command", "'" + reference_adapter() + "'"}});
  if (!adapter.is_ready()) return state.SkipWithError(adapter.why_not().c_str());
  Fixture fpm(php::apcu_target_kind(), {});
  const PipeEcho echo;
  const std::vector<Exchange> exchanges = gets(batch);
  const std::string line = request_message(0, exchanges, "").dump() + "\n";
  const std::string one = request_message(0, gets(1), "").dump() + "\n";
  double of_adapter = 0, of_fpm = 0, of_echo = 0, of_single_echo = 0;
  bool all_good = true;
  for ([[maybe_unused]] auto round : state) {
    of_adapter += seconds_of(kRound, batch, all_good, [&] { return adapter.request(exchanges); });
    if (fpm.is_ready()) of_fpm += seconds_of(kRound, batch, all_good, [&] { return fpm.request(exchanges); });
    of_echo += seconds_of(kRound, batch, all_good, [&] { return echo.request(line); });
    of_single_echo += seconds_of(kRound, 1, all_good, [&] { return echo.request(one); });
  }
  if (!all_good) return state.SkipWithError("a request failed");
  const double operations = static_cast<double>(state.iterations() * kRound);
  state.counters["adapter_per_second"] = operations / of_adapter;
  if (fpm.is_ready()) state.counters["apcu_under_fpm_per_second"] = operations / of_fpm;
  state.counters["echo_of_batches_per_second"] = operations / of_echo;
  state.counters["echo_of_operations_per_second"] = operations / of_single_echo;
  state.counters["of_echo_of_batches"] = of_echo / of_adapter;
  state.counters["of_echo_of_operations"] = of_single_echo / of_adapter;
}
BENCHMARK(process_adapter)
    ->Arg(1)
    ->Arg(10)
    ->Arg(25)
    ->Arg(100)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime()
    ->MinTime(2);

}  // namespace
}  // namespace assay::conformance::process
