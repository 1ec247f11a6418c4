// An include of a cached script, run to its end: by a worker of the reference in this process, and by PHP on the command line
// with OPcache, which measures the processor time of its own loop and takes the empty loop off. No check is due, so neither
// looks at a file. Of the reference, compare the column CPU.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <sstream>
#include <string>
#include <vector>

#include "conformance/benchmark/php_timing.h"
#include "reference/server/worker.h"
#include "support/files/remove_tree.h"

namespace {

using namespace assay::reference;

// Scripts of one line in a folder of their own, a thousand in each of its folders.
class Scripts {
 public:
  explicit Scripts(int count) {
    std::string pattern = (std::filesystem::temp_directory_path() / "assay-benchmark-XXXXXX").string();
    root_ = ::mkdtemp(pattern.data()) ? pattern : "";
    for (int number = 0; number < count; ++number) {
      if (number % 1000 == 0) std::filesystem::create_directory(root_ / std::to_string(number / 1000));
      paths_.push_back(root_ / std::to_string(number / 1000) / fmt::format("{}.php", number));
      std::ofstream(paths_.back()) << "<?php return " << number << ";";
      std::filesystem::last_write_time(paths_.back(),
                                       std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
    }
  }
  ~Scripts() { assay::remove_tree(root_); }
  const std::vector<std::string>& paths() const { return paths_; }
  std::string root() const { return root_.string(); }

 private:
  std::filesystem::path root_;
  std::vector<std::string> paths_;
};

// One for all threads of a benchmark, which are its workers.
struct Shared {
  std::unique_ptr<Scripts> scripts;
  std::unique_ptr<Server> server;
};

Shared& shared(int scripts) {
  static std::map<int, Shared> made;
  Shared& one = made[scripts];
  if (one.server) return one;
  one.scripts = std::make_unique<Scripts>(scripts);
  one.server = std::move(*Server::start({{"opcache.revalidate_freq", "3600"},
                                         {"opcache.max_accelerated_files", "130000"},
                                         {"opcache.memory_consumption", "256"},
                                         {"opcache.interned_strings_buffer", "64"}},
                                        {}));
  return one;
}

// Argument: scripts.
void ReferenceInclude(benchmark::State& state) {
  static std::mutex making;
  std::unique_lock lock(making);
  Shared& one = shared(static_cast<int>(state.range(0)));
  lock.unlock();
  Worker worker(*one.server, one.server->settings(), SystemFileSystem::WorkingDirectoryOwner::object,
                state.thread_index());
  const auto& paths = one.scripts->paths();
  worker.begin_request(one.scripts->root());
  for (const auto& path : paths) (void)worker.include(php::IncludeKind::include, path);
  std::size_t at = 0;
  for (auto _ : state) {
    at = (at + 40'503) % paths.size();
    const auto result = worker.include(php::IncludeKind::include, paths[at]);
    benchmark::DoNotOptimize(&result);
  }
  worker.end_request();
}

// What a hit asks nothing of.
struct NoFile : SourceFile {
  std::optional<std::string> find() override { return std::nullopt; }
  std::optional<std::string> resolve() override { return std::nullopt; }
  std::optional<FileStatus> status(const std::string&) override { return std::nullopt; }
  bool is_excluded(const std::string&) override { return false; }
  const php::Script* compile(const std::string&) override { return nullptr; }
};

// The cache's part of it: the script is found and counted, and nothing runs.
void ReferenceHit(benchmark::State& state) {
  Shared& one = shared(static_cast<int>(state.range(0)));
  Worker worker(*one.server, one.server->settings(), SystemFileSystem::WorkingDirectoryOwner::object, 0);
  const auto& paths = one.scripts->paths();
  worker.begin_request(one.scripts->root());
  for (const auto& path : paths) (void)worker.include(php::IncludeKind::include, path);
  NoFile file;
  std::size_t at = 0;
  for (auto _ : state) {
    at = (at + 40'503) % paths.size();
    const auto use = worker.scripts().use({paths[at], {}, {}, {}, false}, file);
    if (!use || use->kind != ScriptUse::Kind::hit) return state.SkipWithError("not a hit");
  }
  worker.end_request();
}

constexpr const char* kLoop = R"php(
[$_, $root, $scripts, $operations] = $argv;
for ($i = 0; $i < $scripts; ++$i) $paths[] = "$root/" . intdiv($i, 1000) . "/$i.php";
foreach ($paths as $path) include $path;
if (opcache_get_status(false)['opcache_statistics']['num_cached_scripts'] < $scripts) exit(1);
$start = $cpu();
for ($i = 0, $at = 0; $i < $operations; ++$i) { $at = ($at + 40503) % $scripts; include $paths[$at]; }
$middle = $cpu();
for ($i = 0; $i < $operations; ++$i) { $at = ($at + 40503) % $scripts; $paths[$at]; }
echo (2 * $middle - $start - $cpu()) / $operations;
)php";

void OpcacheInclude(benchmark::State& state) {
  const Scripts scripts(static_cast<int>(state.range(0)));
  const std::string loop = scripts.root() + "/loop.php";
  std::ofstream(loop) << "<?php" << kPhpClock << kLoop;
  time_by_php(
      state, "OPcache",
      {"-d", "opcache.enable_cli=1", "-d", "opcache.revalidate_freq=3600", "-d", "opcache.max_accelerated_files=130000",
       "-d", "opcache.memory_consumption=256", "-d", "opcache.interned_strings_buffer=64", "-d", "memory_limit=-1",
       loop, scripts.root(), std::to_string(state.range(0)), "1000000"});
}

BENCHMARK(ReferenceInclude)->Arg(1)->Arg(10'000)->Arg(100'000);
BENCHMARK(ReferenceInclude)->Arg(10'000)->Threads(2)->UseRealTime();
BENCHMARK(ReferenceHit)->Arg(1)->Arg(10'000)->Arg(100'000);
BENCHMARK(OpcacheInclude)->Arg(1)->Arg(10'000)->Arg(100'000)->UseManualTime()->Iterations(3);

}  // namespace
