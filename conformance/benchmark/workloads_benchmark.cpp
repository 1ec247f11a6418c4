// The proposal's workloads (docs/spec/static-cache.md, appendix B): one fetch or one store of a payload by one process, and
// stores by five at once (threads; of APCu processes), whose real time counts. The reference serves requests of a worker in
// this process; APCu serves PHP on the command line, loop and call included, empty loop taken off; LMDB and
// Boost.Interprocess hold as many bytes as the reference and make no value of them. Of all but APCu compare the column CPU.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/benchmark/byte_stores.h"
#include "conformance/benchmark/key_names.h"
#include "conformance/benchmark/payload_request.h"
#include "conformance/benchmark/php_timing.h"
#include "conformance/benchmark/workloads.h"

namespace {

using namespace assay::reference;

constexpr std::size_t kBytes = std::size_t{128} << 20;

// Keys that are visited in turn.
constexpr int kConfigKeys = 32;
constexpr int kWriteRing = 32;

struct Workload {
  const char* name;
  const char* payload;      // its function
  int keys = 1;             // read in turn
  bool mutates_it = false;  // the owner of each fetched object gets another label
  bool is_written = false;
};
constexpr Workload kWorkloads[] = {{"route_table_read", "route_table_read", 1, false, true},
                                   {"large_array", "large_array"},
                                   {"large_object_graph", "large_object_graph"},
                                   {"metadata_object_read", "metadata_object_read", 1, false, true},
                                   {"metadata_object_fetch_mutate", "metadata_object_read", 1, true},
                                   {"multi_key_config_read", "multi_key_config_read", kConfigKeys},
                                   {"cycle_object", "cycle_object"},
                                   {"nested_array_assignment", "nested_array_assignment", 1, false, true},
                                   {"large_string", "large_string", 1, false, true},
                                   {"safe_direct_object", "safe_direct_object", 1, false, true},
                                   {"timeline_object", "timeline_object"},
                                   {"spl_collection_object", "spl_collection_object", 1, false, true},
                                   {"spl_linked_lists", "spl_linked_lists"},
                                   {"serialize_entity", "serialize_entity"}};

void relabel_owner(const Value& metadata, int number) {
  const Value* owner = metadata.as_object()->properties.find(ArrayKey::verbatim("owner"));
  owner->as_object()->properties.set(ArrayKey::verbatim("label"), Value(fmt::format("label_{}", number % 17)));
}

void reference_fetch(benchmark::State& state, const Workload& workload) {
  PayloadRequest request(workload.payload);
  const auto names = key_names(workload.keys);
  for (const auto& name : names) {
    const auto stored = request.calls().set(name, request.payload(), 0);
    if (!stored || !stored->is_bool() || !stored->as_bool()) return state.SkipWithError("not stored");
  }
  int i = 0;
  for (auto _ : state) {
    if (i % PayloadRequest::kFetches == PayloadRequest::kFetches - 1) {
      state.PauseTiming();
      request.next();
      state.ResumeTiming();
    }
    const auto value = request.calls().get(names[static_cast<std::size_t>(i) % names.size()], Value());
    if (!value || value->is_null()) return state.SkipWithError("a value is missing");
    if (workload.mutates_it) relabel_owner(*value, i);
    ++i;
  }
}

void reference_store(benchmark::State& state, const Workload& workload) {
  PayloadRequest request(workload.payload);
  const auto names = key_names(kWriteRing);
  std::size_t i = 0;
  for (auto _ : state) {
    const auto stored = request.calls().set(names[i++ % names.size()], request.payload(), 0);
    if (!stored || !stored->is_bool() || !stored->as_bool()) return state.SkipWithError("not stored");
  }
}

// ---- five writers at once, of one key or of a ring of keys each ----

constexpr int kWriters = 5;
constexpr int kRingOfEach = 16;

std::vector<std::string> ring_of(int writer, bool is_shared) {
  if (is_shared) return {"key"};
  std::vector<std::string> made;
  for (int i = 0; i < kRingOfEach; ++i) made.push_back(fmt::format("key_{}_{}", writer, i));
  return made;
}

void reference_contend(benchmark::State& state, const Workload& workload, bool is_shared) {
  static const auto cache = std::move(*StaticCache::create(kBytes, std::filesystem::temp_directory_path().string()));
  const PayloadRequest request(workload.payload);
  const auto names = ring_of(state.thread_index(), is_shared);
  std::size_t i = 0;
  for (auto _ : state) {
    const auto stored = cache->set(names[i++ % names.size()], request.payload(), 0, 0);
    if (!stored || !*stored) return state.SkipWithError("not stored");
  }
}

// ---- APCu ----

constexpr const char* kLoop = R"php(
[$_, $payload, $what, $keys, $seconds] = $argv;
$payload = $payload();
$keys = array_map(fn($i) => "key_$i", range(0, $keys - 1));
foreach ($keys as $key) if (!apcu_store($key, $payload)) exit(1);
$n = count($keys);
$operations = 16;
do {
  $operations *= 4;
  $start = $cpu();
  if (str_starts_with($what, 'contend')) {
    $wall = hrtime(true);
    for ($writer = 0; $writer < 5; ++$writer) {
      if (pcntl_fork()) continue;
      for ($i = 0; $i < $operations; ++$i)
        if (!apcu_store($what == 'contend-shared' ? 'key' : "key_{$writer}_" . $i % 16, $payload)) break;
      exit($i < $operations ? 1 : 0);
    }
    for ($failed = 0, $writer = 0; $writer < 5; ++$writer) { pcntl_wait($status); $failed |= $status; }
    $wall = hrtime(true) - $wall;
    if ($failed) exit(1);
    if ($wall < 1e9 * $seconds) continue;
    echo $wall / ($operations * 5);
    exit(0);
  } elseif ($what == 'store') {
    for ($i = 0; $i < $operations; ++$i) if (!apcu_store($keys[$i % $n], $payload)) exit(1);
  } elseif ($what == 'mutate') {
    for ($i = 0; $i < $operations; ++$i) { $v = apcu_fetch($keys[$i % $n]); $v->owner->label = 'label_' . $i % 17; }
  } else {
    for ($i = 0; $i < $operations; ++$i) if (apcu_fetch($keys[$i % $n]) === false) exit(1);
  }
  $middle = $cpu();
} while (($middle ?? 0) - $start < 1e9 * $seconds);
for ($i = 0; $i < $operations; ++$i) if ($keys[$i % $n] === false) exit(1);
echo (2 * $middle - $start - $cpu()) / $operations;
)php";

void by_apcu(benchmark::State& state, const Workload& workload, const std::string& what, int keys) {
  time_by_php(state, "APCu",
              {"-d", "apc.enable_cli=1", "-d", "apc.shm_size=128M", "-d", "memory_limit=-1", "-r",
               std::string(kPayloads) + kPhpClock + kLoop, "--", workload.payload, what, std::to_string(keys), "0.3"});
}

// ---- stores of bytes ----

template <typename Store>
void bytes_fetch(benchmark::State& state, const Workload& workload) {
  auto store = Store::create(kBytes);
  if (!store) return state.SkipWithError("no store");
  const auto names = key_names(workload.keys);
  const std::string bytes(PayloadRequest(workload.payload).encoded_bytes(), 'x');
  for (const auto& name : names) store->set(name, bytes);
  std::string got;
  std::size_t i = 0;
  for (auto _ : state) {
    if (!store->get(names[i++ % names.size()], got)) return state.SkipWithError("a value is missing");
    benchmark::DoNotOptimize(got);
  }
}

template <typename Store>
void bytes_store(benchmark::State& state, const Workload& workload) {
  auto store = Store::create(kBytes);
  if (!store) return state.SkipWithError("no store");
  const auto names = key_names(kWriteRing);
  const std::string bytes(PayloadRequest(workload.payload).encoded_bytes(), 'x');
  std::size_t i = 0;
  for (auto _ : state) {
    if (!store->set(names[i++ % names.size()], bytes)) return state.SkipWithError("not stored");
  }
}

template <typename Store>
void bytes_contend(benchmark::State& state, const Workload& workload, bool is_shared) {
  static const auto store = Store::create(kBytes);
  if (!store) return state.SkipWithError("no store");
  const auto names = ring_of(state.thread_index(), is_shared);
  const std::string bytes(PayloadRequest(workload.payload).encoded_bytes(), 'x');
  std::size_t i = 0;
  for (auto _ : state) {
    if (!store->set(names[i++ % names.size()], bytes)) return state.SkipWithError("not stored");
  }
}

template <typename Function>
void register_contention(const std::string& store, const Workload& workload, Function function) {
  for (const bool is_shared : {true, false}) {
    const char* what = is_shared ? "contend-shared" : "contend-distinct";
    benchmark::RegisterBenchmark(fmt::format("Workload/{}/{}/{}", workload.name, what, store).c_str(), function,
                                 workload, is_shared)
        ->Threads(kWriters)
        ->UseRealTime();
  }
}

template <typename Store>
void register_bytes(const std::string& store, const Workload& workload) {
  benchmark::RegisterBenchmark(fmt::format("Workload/{}/fetch/{}", workload.name, store).c_str(), bytes_fetch<Store>,
                               workload);
  if (!workload.is_written) return;
  benchmark::RegisterBenchmark(fmt::format("Workload/{}/store/{}", workload.name, store).c_str(), bytes_store<Store>,
                               workload);
  register_contention(store, workload, bytes_contend<Store>);
}

void register_apcu(const Workload& workload, const std::string& what, int keys) {
  const auto name = fmt::format("Workload/{}/{}/apcu", workload.name, what == "mutate" ? "fetch" : what);
  benchmark::RegisterBenchmark(name.c_str(), by_apcu, workload, what, keys)->UseManualTime()->Iterations(3);
}

const bool kAreRegistered = [] {
  for (const Workload& workload : kWorkloads) {
    const auto named = [&](const char* what) { return fmt::format("Workload/{}/{}/reference", workload.name, what); };
    benchmark::RegisterBenchmark(named("fetch").c_str(), reference_fetch, workload);
    if (workload.is_written) benchmark::RegisterBenchmark(named("store").c_str(), reference_store, workload);
    register_apcu(workload, workload.mutates_it ? "mutate" : "fetch", workload.keys);
    if (workload.is_written) {
      register_contention("reference", workload, reference_contend);
      for (const char* what : {"store", "contend-shared", "contend-distinct"})
        register_apcu(workload, what, kWriteRing);
    }
#if ASSAY_HAS_LMDB
    register_bytes<LmdbStore>("lmdb", workload);
#endif
#if ASSAY_HAS_BOOST_INTERPROCESS
    register_bytes<BoostStore>("boost", workload);
#endif
  }
  return true;
}();

}  // namespace
