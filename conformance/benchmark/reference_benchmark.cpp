// Checked operations per second on the reference, with the worker inside this process: each reply is judged by its
// matcher, as in a run. The items per second are operations.
#include <benchmark/benchmark.h>

#include <filesystem>

#include "conformance/adapters/reference/session.h"
#include "conformance/vocabulary/matcher.h"

namespace {

using namespace assay::conformance;
namespace reference = assay::reference;

struct Bench {
  std::unique_ptr<reference::Server> server;
  std::unique_ptr<reference::Worker> worker;
  std::unique_ptr<ReferenceSession> session;

  Bench() {
    auto started = reference::Server::start({}, {std::filesystem::temp_directory_path().string(), 0});
    if (!started) std::abort();
    server = std::move(*started);
    worker = std::make_unique<reference::Worker>(*server, server->settings(),
                                                 reference::SystemFileSystem::WorkingDirectoryOwner::object, 0);
    session = std::make_unique<ReferenceSession>(*worker, "/", "/tmp");
  }
};

// Requests of 25 operations, alternating stores and reads of small values over 8 keys.
void CheckedOperations(benchmark::State& state) {
  Bench bench;
  std::vector<Operation> operations;
  std::vector<Matcher> expected;
  for (int i = 0; i < 25; ++i) {
    const std::string key = "k" + std::to_string(i / 2 % 8);
    if (i % 2 == 0) {
      operations.push_back(make_operation(OperationKind::cache_set, {{"key", key}, {"value", i}}));
      expected.push_back(equals(true));
    } else {
      operations.push_back(make_operation(OperationKind::cache_get, {{"key", key}}));
      expected.push_back(equals(i - 1));
    }
  }
  for (auto _ : state) {
    const auto replies = bench.session->serve(operations);
    for (std::size_t i = 0; i < replies.size(); ++i) {
      if (mismatch(expected[i], replies[i], {})) state.SkipWithError("a reply is wrong");
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(operations.size()));
}
BENCHMARK(CheckedOperations);

// The same without judging: what the judging costs is the difference.
void ReadsAlone(benchmark::State& state) {
  Bench bench;
  bench.session->serve(std::vector<Operation>{make_operation(OperationKind::cache_set, {{"key", "k"}, {"value", 7}})});
  const std::vector<Operation> operations(25, make_operation(OperationKind::cache_get, {{"key", "k"}}));
  for (auto _ : state) benchmark::DoNotOptimize(bench.session->serve(operations));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(operations.size()));
}
BENCHMARK(ReadsAlone);

// A store that finds the cache full against one that overwrites, with nothing that could expire.
void StoresIntoAFullCache(benchmark::State& state) {
  Bench bench;
  const auto set = [](const std::string& key) {
    return make_operation(OperationKind::cache_set, {{"key", key}, {"value", std::string(100, 'x')}});
  };
  std::vector<Operation> fill;
  for (int i = 0; i < 70'000; ++i) fill.push_back(set("k" + std::to_string(i)));
  bench.session->serve(fill);
  const bool refused = state.range(0) != 0;
  const std::vector<Operation> operations(25, set(refused ? "new" : "k1"));
  for (auto _ : state) {
    const auto replies = bench.session->serve(operations);
    if (mismatch(equals(!refused), replies[0], {})) state.SkipWithError("the cache is not full as it should be");
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(operations.size()));
}
BENCHMARK(StoresIntoAFullCache)->ArgName("refused")->Arg(0)->Arg(1);

}  // namespace
