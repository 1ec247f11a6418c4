// One operation on a data cache by one process: the reference as a library, APCu inside PHP on the command line, and two stores
// of bytes in shared memory that others would build on, LMDB and Boost.Interprocess (where their headers are installed:
// scripts/install-dependencies benchmark). PHP measures the processor time of its own loop and takes the empty loop off; of the
// others, compare the column CPU.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "conformance/benchmark/byte_stores.h"
#include "conformance/benchmark/key_names.h"
#include "conformance/benchmark/php_timing.h"
#include "reference/php/value/value.h"
#include "reference/static_cache/static_cache.h"

namespace {

using namespace assay::reference;

constexpr std::size_t kBytes = std::size_t{128} << 20;
constexpr std::int64_t kNow = 1'000'000'000;
constexpr int kManyKeys = 65'000;

// A walk through n keys that comes to each and stays near none.
class Rotation {
 public:
  explicit Rotation(std::size_t count) : count_(count) {}
  std::size_t next() { return at_ = (at_ + 40'503) % count_; }

 private:
  std::size_t count_;
  std::size_t at_ = 0;
};

Value list_of(std::int64_t size) {
  Array list;
  for (std::int64_t i = 0; i < size; ++i) list.set(ArrayKey(i), Value(i * i));
  return Value(std::move(list));
}

Value small_value(std::int64_t length) {
  return length == 0 ? Value(42) : Value(std::string(static_cast<std::size_t>(length), 'x'));
}

// ---- the reference ----

// One for all threads of a benchmark, which are its readers.
class Shared {
 public:
  static StaticCache& cache() {
    static const std::unique_ptr<StaticCache> made =
        std::move(*StaticCache::create(kBytes, std::filesystem::temp_directory_path().string()));
    return *made;
  }
};

void get_each(benchmark::State& state, const std::vector<std::string>& names) {
  Heap heap;
  Rotation rotation(names.size());
  for (auto _ : state) {
    auto value = Shared::cache().get(names[rotation.next()], kNow, heap);
    if (!value || !*value) state.SkipWithError("a value is missing");
    benchmark::DoNotOptimize(value);
  }
}

void fill(benchmark::State& state, const std::vector<std::string>& names, const Value& value) {
  if (state.thread_index() != 0) return;
  (void)Shared::cache().clear();
  for (const auto& name : names) {
    const auto stored = Shared::cache().set(name, value, 0, kNow);
    if (!stored || !*stored) state.SkipWithError("no room");
  }
}

// Argument: bytes of the string, 0 for an int; keys.
void ReferenceGet(benchmark::State& state) {
  const auto names = key_names(static_cast<int>(state.range(1)));
  fill(state, names, small_value(state.range(0)));
  get_each(state, names);
}

// Arguments: ints in the array, and whether the worker fetched it before.
void ReferenceGetArray(benchmark::State& state) {
  const auto names = key_names(1);
  fill(state, names, list_of(state.range(0)));
  const bool was_fetched = state.range(1) != 0;
  if (!was_fetched) return get_each(state, names);
  Heap heap;
  PlainObjects plain(heap);
  Prototypes prototypes;
  for (auto _ : state) {
    auto value = Shared::cache().get(names[0], kNow, heap, plain, &prototypes);
    if (!value || !*value) state.SkipWithError("a value is missing");
    benchmark::DoNotOptimize(value);
  }
}

void set_each(benchmark::State& state, const Value& value) {
  (void)Shared::cache().clear();
  for (auto _ : state) {
    const auto stored = Shared::cache().set("key_0", value, 0, kNow);
    if (!stored || !*stored) state.SkipWithError("no room");
  }
}

void ReferenceSet(benchmark::State& state) {
  set_each(state, small_value(state.range(0)));
}

void ReferenceSetArray(benchmark::State& state) {
  set_each(state, list_of(state.range(0)));
}

// ---- APCu ----

constexpr const char* kLoop = R"php(
[$_, $what, $size, $keys, $operations] = $argv;
$value = match (true) { str_ends_with($what, 'array') => array_map(fn($i) => $i * $i, range(0, $size - 1)),
  $size == 0 => 42, default => str_repeat('x', $size) };
$names = array_map(fn($i) => "key_$i", range(0, $keys - 1));
foreach ($names as $name) if (!apcu_store($name, $value)) exit(1);
$start = $cpu();
$at = 0;
if (str_starts_with($what, 'get')) {
  for ($i = 0; $i < $operations; ++$i) { $at = ($at + 40503) % $keys; if (apcu_fetch($names[$at]) === false) exit(1); }
} else {
  for ($i = 0; $i < $operations; ++$i) { $at = ($at + 40503) % $keys; if (!apcu_store($names[$at], $value)) exit(1); }
}
$middle = $cpu();
for ($i = 0; $i < $operations; ++$i) { $at = ($at + 40503) % $keys; if ($names[$at] === false) exit(1); }
echo (2 * $middle - $start - $cpu()) / $operations;
)php";

void by_apcu(benchmark::State& state, const char* what, std::int64_t keys, int operations) {
  time_by_php(state, "APCu",
              {"-d", "apc.enable_cli=1", "-d", "apc.shm_size=128M", "-d", "memory_limit=-1", "-r",
               std::string(kPhpClock) + kLoop, "--", what, std::to_string(state.range(0)), std::to_string(keys),
               std::to_string(operations)});
}

void ApcuGet(benchmark::State& state) {
  by_apcu(state, "get", state.range(1), 1'000'000);
}
void ApcuGetArray(benchmark::State& state) {
  by_apcu(state, "get array", 1, 20'000);
}
void ApcuSet(benchmark::State& state) {
  by_apcu(state, "set", 1, 500'000);
}
void ApcuSetArray(benchmark::State& state) {
  by_apcu(state, "set array", 1, 20'000);
}

// ---- stores of bytes ----

template <typename Store>
void GetBytes(benchmark::State& state) {
  auto store = Store::create(kBytes);
  if (!store) return state.SkipWithError("no store");
  const auto names = key_names(static_cast<int>(state.range(1)));
  const std::string value(state.range(0) == 0 ? 8 : static_cast<std::size_t>(state.range(0)), 'x');
  for (const auto& name : names) store->set(name, value);
  Rotation rotation(names.size());
  std::string got;
  for (auto _ : state) {
    if (!store->get(names[rotation.next()], got)) state.SkipWithError("a value is missing");
    benchmark::DoNotOptimize(got);
  }
}

template <typename Store>
void SetBytes(benchmark::State& state) {
  auto store = Store::create(kBytes);
  if (!store) return state.SkipWithError("no store");
  const std::string value(state.range(0) == 0 ? 8 : static_cast<std::size_t>(state.range(0)), 'x');
  for (auto _ : state) {
    if (!store->set("key_0", value)) state.SkipWithError("not stored");
  }
}

void gets(benchmark::internal::Benchmark* benchmark) {
  benchmark->Args({0, 1})->Args({40, 1})->Args({0, kManyKeys});
}

BENCHMARK(ReferenceGet)->Apply(gets);
BENCHMARK(ApcuGet)->Apply(gets)->UseManualTime()->Iterations(3);
BENCHMARK(ReferenceGet)->Args({40, 1})->Threads(2)->UseRealTime();
BENCHMARK(ReferenceGetArray)->ArgsProduct({{100, 4'096}, {0, 1}});
BENCHMARK(ApcuGetArray)->Arg(100)->Arg(4'096)->UseManualTime()->Iterations(3);
BENCHMARK(ReferenceSet)->Arg(0)->Arg(40);
BENCHMARK(ApcuSet)->Arg(0)->Arg(40)->UseManualTime()->Iterations(3);
BENCHMARK(ReferenceSetArray)->Arg(100);
BENCHMARK(ApcuSetArray)->Arg(100)->UseManualTime()->Iterations(3);
#if ASSAY_HAS_LMDB
BENCHMARK_TEMPLATE(GetBytes, LmdbStore)->Apply(gets);
BENCHMARK_TEMPLATE(SetBytes, LmdbStore)->Arg(0)->Arg(40);
#endif
#if ASSAY_HAS_BOOST_INTERPROCESS
BENCHMARK_TEMPLATE(GetBytes, BoostStore)->Apply(gets);
BENCHMARK_TEMPLATE(SetBytes, BoostStore)->Arg(0)->Arg(40);
#endif

}  // namespace
