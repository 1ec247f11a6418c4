#include "conformance/execution/several_masters.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace assay::conformance {
namespace {

class Masters final : public Runtime {
 public:
  struct Seat {
    std::size_t runtime;
    int worker;  // in that runtime
  };

  Masters(std::vector<std::unique_ptr<Runtime>> runtimes, std::vector<Seat> seats)
      : runtimes_(std::move(runtimes)), seats_(std::move(seats)) {}

  Worker& worker(int number) override {
    const Seat& seat = seats_.at(static_cast<std::size_t>(number));
    return runtimes_[seat.runtime]->worker(seat.worker);
  }
  Expected<void> replace(int number) override {
    const Seat& seat = seats_.at(static_cast<std::size_t>(number));
    return runtimes_[seat.runtime]->replace(seat.worker);
  }
  Expected<void> reload() override {
    for (auto& runtime : runtimes_) {
      if (auto reloaded = runtime->reload(); !reloaded) return reloaded;
    }
    return {};
  }
  Expected<LockBytes> lock_bytes() const override { return runtimes_.front()->lock_bytes(); }
  std::string log() const override {
    std::string text;
    for (const auto& runtime : runtimes_) text += runtime->log();
    return text;
  }

 private:
  std::vector<std::unique_ptr<Runtime>> runtimes_;
  std::vector<Seat> seats_;  // by the worker's number in the trace
};

}  // namespace

bool has_several_masters(const Configuration& configuration) {
  const auto& pools = configuration.pools;
  return std::any_of(pools.begin(), pools.end(), [&](const Pool& pool) { return pool.master != pools[0].master; });
}

Expected<std::unique_ptr<Runtime>> start_masters(Target& target, const Configuration& configuration,
                                                 const Sandbox& sandbox) {
  std::map<int, Configuration> parts;
  std::vector<Masters::Seat> seats;
  for (const Pool& pool : configuration.pools) {
    const auto [part, is_new] = parts.try_emplace(pool.master, Configuration{configuration.ini, {}});
    for (int i = 0; i < pool.workers; ++i) {
      seats.push_back({static_cast<std::size_t>(pool.master), part->second.worker_count() + i});
    }
    part->second.pools.push_back(pool);
  }
  for (Masters::Seat& seat : seats) {
    seat.runtime = static_cast<std::size_t>(std::distance(parts.begin(), parts.find(static_cast<int>(seat.runtime))));
  }
  std::vector<std::unique_ptr<Runtime>> runtimes;
  for (const auto& [number, part] : parts) {
    Sandbox own = sandbox;
    if (!runtimes.empty()) own.scratch /= fmt::format("m{}", number);
    std::error_code code;
    std::filesystem::create_directories(own.scratch, code);
    if (code) return failure(fmt::format("cannot make {}: {}", own.scratch.string(), code.message()));
    auto runtime = target.start(part, own);
    if (!runtime) return runtime;
    runtimes.push_back(std::move(*runtime));
  }
  return std::make_unique<Masters>(std::move(runtimes), std::move(seats));
}

}  // namespace assay::conformance
