// The proposal's scenario of contended reservations (docs/spec/static-cache.md, appendix B.2): five workers want one key that
// is missing; who reserves it stores the payload, the others look again every millisecond. Real time from one key to the
// next, when all five have seen it. APCu has no reservations: a key beside it that can be added once stands for one, as PHP
// programs do it. `stores`: how many of the five stored, of each key; 1 is no stampede.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "conformance/benchmark/payload_request.h"
#include "conformance/benchmark/php_timing.h"

namespace {

constexpr int kContenders = 5;
constexpr int kKeys = 256;  // all of them fit
constexpr std::size_t kRoom = std::size_t{128} << 20;
constexpr std::int64_t kLease = 5;

// Whether this worker was the one to store.
bool obtain(StaticCache& cache, const std::string& key, const Value& payload, ReservationHolder& holder) {
  while (!*cache.has(key, 0)) {
    if (!*cache.lock(key, holder, kLease, 0)) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    } else if (*cache.has(key, 0)) {  // stored since the last look
      (void)cache.unlock(key, holder, 0);
    } else {
      return *cache.set(key, payload, 0, 0, &holder);  // which gives the reservation back
    }
  }
  return false;
}

std::int64_t obtain_all(StaticCache& cache, const Value& payload) {
  ReservationHolder holder;
  std::int64_t stores = 0;
  for (int key = 0; key < kKeys; ++key) stores += obtain(cache, fmt::format("key_{}", key), payload, holder) ? 1 : 0;
  return stores;
}

void reference_reservations(benchmark::State& state, const char* payload) {
  const auto cache = std::move(*StaticCache::create(kRoom, std::filesystem::temp_directory_path().string()));
  const PayloadRequest request(payload);
  std::atomic<std::int64_t> stores{0};
  for (auto _ : state) {
    (void)cache->clear();
    const auto began = std::chrono::steady_clock::now();
    std::vector<std::thread> workers;
    for (int i = 0; i < kContenders; ++i)
      workers.emplace_back([&] { stores += obtain_all(*cache, request.payload()); });
    for (std::thread& worker : workers) worker.join();
    state.SetIterationTime(std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count() / kKeys);
  }
  state.counters["stores"] = static_cast<double>(stores) / static_cast<double>(kKeys * state.iterations());
}

constexpr const char* kObtain = R"php(
[$_, $payload] = $argv;
$payload = $payload();
$keys = 256;
$start = hrtime(true);
for ($worker = 0; $worker < 5; ++$worker) {
  if (pcntl_fork()) continue;
  for ($i = 0; $i < $keys; ++$i) {
    while (!apcu_exists("key_$i")) {
      if (!apcu_add("lock_$i", 1, 5)) { usleep(1000); continue; }
      if (!apcu_exists("key_$i")) { if (!apcu_store("key_$i", $payload)) exit(1); apcu_inc('stores'); }
      apcu_delete("lock_$i");
    }
  }
  exit(0);
}
for ($failed = 0, $worker = 0; $worker < 5; ++$worker) { pcntl_wait($status); $failed |= $status; }
if ($failed || apcu_fetch('stores') !== $keys) exit(1);
echo (hrtime(true) - $start) / $keys;
)php";

void apcu_reservations(benchmark::State& state, const char* payload) {
  time_by_php(state, "APCu",
              {"-d", "apc.enable_cli=1", "-d", "apc.shm_size=128M", "-d", "memory_limit=-1", "-r",
               std::string(kPayloads) + kObtain, "--", payload});
  state.counters["stores"] = 1;
}

const bool kReservationsAreRegistered = [] {
  for (const char* payload : {"route_table_read", "metadata_object_read"}) {
    benchmark::RegisterBenchmark(fmt::format("Workload/{}/reserve/reference", payload).c_str(), reference_reservations,
                                 payload)
        ->UseManualTime()
        ->Iterations(3);
    benchmark::RegisterBenchmark(fmt::format("Workload/{}/reserve/apcu", payload).c_str(), apcu_reservations, payload)
        ->UseManualTime()
        ->Iterations(3);
  }
  return true;
}();

}  // namespace
