// Resolving the same paths of the same tree: the reference, PHP's realpath() on the command line, and realpath(3).
// The time is that of one resolution. PHP measures the processor time of its own loop and takes the empty loop off; of
// the others, compare the column CPU.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <stdlib.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>

#include "conformance/adapters/php/command.h"
#include "conformance/adapters/php/php_binary.h"
#include "reference/realpath_cache/path_operations.h"

namespace {

namespace fs = std::filesystem;
namespace php = assay::conformance::php;
using namespace assay::reference;

constexpr std::int64_t kNoLimit = std::int64_t{1} << 40;
constexpr int kNames = 1000;

// A release behind a link, with many files, and the same files under other spellings: each is an entry of its own.
class ReleaseTree {
 public:
  ReleaseTree() {
    std::string pattern = (fs::temp_directory_path() / "assay-benchmark-XXXXXX").string();
    folder_ = fs::canonical(::mkdtemp(pattern.data()));
    fs::create_directories(folder_ / "releases/r1/src");
    fs::create_directory_symlink("releases/r1", folder_ / "current");
    for (int i = 0; i < kNames; ++i) std::ofstream(folder_ / fmt::format("releases/r1/src/f{}.php", i)) << i;
  }
  ~ReleaseTree() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  std::string directory() const { return (folder_ / "current/src").string(); }
  // The n-th path: each round through the files spells the way to them with one more "/.".
  std::string path(int n) const {
    std::string text = directory();
    for (int round = n / kNames; round > 0; --round) text += "/.";
    return text + fmt::format("/f{}.php", n % kNames);
  }

 private:
  fs::path folder_;
};

const ReleaseTree& tree() {
  static const ReleaseTree made;
  return made;
}

std::int64_t now() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

struct Reference {
  explicit Reference(std::int64_t limit) : cache({.size_limit = limit, .ttl = 1'000'000}), paths(files, cache, now) {}
  SystemFileSystem files;
  RealpathCache cache;
  PathOperations paths;
};

std::vector<std::string> first_paths() {
  std::vector<std::string> paths;
  for (int i = 0; i < kNames; ++i) paths.push_back(tree().path(i));
  return paths;
}

void resolve_in_turn(benchmark::State& state, PathOperations& operations) {
  const std::vector<std::string> paths = first_paths();
  std::size_t next = 0;
  for (auto _ : state) {
    if (!operations.realpath(paths[next])) state.SkipWithError("a path does not resolve");
    next = (next + 1) % paths.size();
  }
}

void CachedInTheReference(benchmark::State& state) {
  Reference reference(kNoLimit);
  for (int i = 0; i < state.range(0); ++i) (void)reference.paths.realpath(tree().path(i));
  resolve_in_turn(state, reference.paths);
  state.counters["entries"] = static_cast<double>(reference.cache.list().size());
}

void UncachedInTheReference(benchmark::State& state) {
  Reference reference(0);
  resolve_in_turn(state, reference.paths);
}

void UncachedByTheLibrary(benchmark::State& state) {
  const std::vector<std::string> paths = first_paths();
  std::size_t next = 0;
  for (auto _ : state) {
    char* found = ::realpath(paths[next].c_str(), nullptr);
    if (found == nullptr) state.SkipWithError("a path does not resolve");
    std::free(found);
    next = (next + 1) % paths.size();
  }
}

// Prints nanoseconds for one resolution and the number of entries.
constexpr const char* kLoop = R"php(
[$_, $directory, $names, $entries, $rounds] = $argv;
$path = fn(int $n) => $directory . str_repeat('/.', intdiv($n, $names)) . '/f' . ($n % $names) . '.php';
for ($i = 0; $i < $entries; ++$i) realpath($path($i));
$paths = array_map($path, range(0, $names - 1));
foreach ($paths as $p) realpath($p);
$cpu = function () { $u = getrusage(); return 1e9 * ($u['ru_utime.tv_sec'] + $u['ru_stime.tv_sec'])
  + 1e3 * ($u['ru_utime.tv_usec'] + $u['ru_stime.tv_usec']); };
$start = $cpu();
for ($i = 0; $i < $rounds; ++$i) foreach ($paths as $p) if (realpath($p) === false) exit(1);
$middle = $cpu();
for ($i = 0; $i < $rounds; ++$i) foreach ($paths as $p) if ($p === false) exit(1);
$end = $cpu();
echo (2 * $middle - $start - $end) / $rounds / $names, ' ', count(realpath_cache_get());
)php";

void by_php(benchmark::State& state, const char* cache_size, std::int64_t entries, int rounds) {
  const auto fpm = php::find_php_fpm();
  const std::string cli = fpm ? php::find_cli_of(*fpm) : "";
  if (cli.empty()) return state.SkipWithError("no php on this machine");
  double entries_seen = 0;
  for (auto _ : state) {
    const auto output =
        php::run_command({cli, "-n", "-d", "memory_limit=-1", "-d", "realpath_cache_ttl=1000000", "-d",
                          std::string("realpath_cache_size=") + cache_size, "-r", kLoop, "--", tree().directory(),
                          std::to_string(kNames), std::to_string(entries), std::to_string(rounds)},
                         {}, std::chrono::minutes(2));
    if (!output || output->exit_status != 0) return state.SkipWithError("php did not measure");
    double nanoseconds = 0;
    std::istringstream(output->text) >> nanoseconds >> entries_seen;
    state.SetIterationTime(nanoseconds * 1e-9);
  }
  state.counters["entries"] = entries_seen;
}

void CachedInPhp(benchmark::State& state) {
  by_php(state, "1G", state.range(0), 200);
}
void UncachedInPhp(benchmark::State& state) {
  by_php(state, "0", 0, 20);
}

BENCHMARK(CachedInTheReference)->Arg(1'000)->Arg(10'000)->Arg(100'000);
BENCHMARK(CachedInPhp)->Arg(1'000)->Arg(10'000)->Arg(100'000)->UseManualTime()->Iterations(3);
BENCHMARK(UncachedInTheReference);
BENCHMARK(UncachedInPhp)->UseManualTime()->Iterations(3);
BENCHMARK(UncachedByTheLibrary);

}  // namespace
