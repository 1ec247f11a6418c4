// A cache of one's own, judged by Assay: a map of values behind a mutex, asked directly. Three classes say how it is started
// and asked; assay_main() is the rest.
#include <map>
#include <mutex>

#include "conformance/adapter/target.h"
#include "conformance/program/assay_main.h"

using namespace assay;
using namespace assay::conformance;

namespace {

// What is judged.
class Store {
 public:
  Value get(const std::string& key, const Value& otherwise) {
    const std::lock_guard lock(mutex_);
    const auto found = values_.find(key);
    return found == values_.end() ? otherwise : found->second;
  }
  void set(const std::string& key, const Value& value) {
    const std::lock_guard lock(mutex_);
    values_[key] = value;
  }
  bool has(const std::string& key) {
    const std::lock_guard lock(mutex_);
    return values_.contains(key);
  }
  void remove(const std::string& key) {
    const std::lock_guard lock(mutex_);
    values_.erase(key);
  }
  void clear() {
    const std::lock_guard lock(mutex_);
    values_.clear();
  }

 private:
  std::mutex mutex_;
  std::map<std::string, Value> values_;
};

bool is_reserved(const std::string& key) {
  return key.empty() || key.starts_with("pinned_static_class:") || key.starts_with("volatile_static_class:");
}

// One worker: here a caller of the store; elsewhere a process that is sent its requests.
class StoreWorker final : public Worker {
 public:
  explicit StoreWorker(Store& store) : store_(store) {}

  Expected<Outcome> execute(std::span<const Exchange> exchanges, std::chrono::milliseconds) override {
    Outcome outcome;
    outcome.began = std::chrono::steady_clock::now();
    for (const Exchange& exchange : exchanges) outcome.replies.push_back(perform(exchange.operation));
    outcome.ended = std::chrono::steady_clock::now();
    return outcome;
  }
  std::optional<pid_t> process() const override { return std::nullopt; }

 private:
  Reply perform(const Operation& operation) {
    switch (operation.kind()) {
      case OperationKind::cache_clear:
        store_.clear();
        return Reply::of(true);
      case OperationKind::cache_get:
      case OperationKind::cache_set:
      case OperationKind::cache_has:
      case OperationKind::cache_delete:
        return perform(operation, operation.text("key"));
      default:
        return Reply::unsupported("this store does not have it");
    }
  }

  Reply perform(const Operation& operation, const std::string& key) {
    if (is_reserved(key)) return Reply::thrown("ValueError", "a key must not be empty, nor have a reserved prefix");
    if (operation.kind() == OperationKind::cache_get) return Reply::of(store_.get(key, operation.argument("default")));
    if (operation.kind() == OperationKind::cache_has) return Reply::of(store_.has(key));
    if (operation.kind() == OperationKind::cache_set)
      store_.set(key, operation.argument("value"));
    else
      store_.remove(key);
    return Reply::of(true);
  }

  Store& store_;
};

// One started store with its workers.
class StoreRuntime final : public Runtime {
 public:
  explicit StoreRuntime(int workers) {
    for (int i = 0; i < workers; ++i) workers_.push_back(std::make_unique<StoreWorker>(store_));
  }
  Worker& worker(int number) override { return *workers_.at(static_cast<std::size_t>(number)); }
  Expected<void> replace(int) override { return {}; }  // a caller does not die
  Expected<void> reload() override { return failure("this store cannot be restarted, and does not claim reload"); }
  std::string log() const override { return ""; }

 private:
  Store store_;
  std::vector<std::unique_ptr<StoreWorker>> workers_;
};

class StoreTarget final : public Target {
 public:
  const Description& description() const override { return description_; }
  Expected<std::unique_ptr<Runtime>> start(const Configuration& configuration, const Sandbox&) override {
    return std::make_unique<StoreRuntime>(configuration.worker_count());
  }

 private:
  const Description description_{.name = "mine",
                                 .version = "1",
                                 .features = {"static_cache", "static_cache.volatile", "workers"},
                                 .choices = {},
                                 .unknown_operations = {}};
};

}  // namespace

int main(int argc, char** argv) {
  TargetKind mine{"mine", "a map of values behind a mutex", {}, [](const auto&) -> Expected<std::unique_ptr<Target>> {
                    return std::make_unique<StoreTarget>();
                  }};
  return assay_main(argc, argv, {std::move(mine)});
}
