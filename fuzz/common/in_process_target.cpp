#include "fuzz/common/in_process_target.h"

#include <algorithm>
#include <cerrno>

#include "conformance/adapter/fatal_error.h"
#include "conformance/adapter/root_text.h"
#include "conformance/adapters/reference/reference_target.h"
#include "conformance/adapters/reference/session.h"
#include "conformance/execution/executor.h"
#include "faults/points/mapping.h"
#include "reference/server/server.h"

namespace assay::fuzz {

using namespace conformance;

namespace {

// Makes the points of this process consult the control block of a run.
class AttachedBlock {
 public:
  static Expected<std::unique_ptr<AttachedBlock>> open(const std::filesystem::path& file) {
    char message[256];
    points::Layout* block = points::map_control_file(file.c_str(), message, sizeof message);
    if (!block) return failure(message);
    return std::unique_ptr<AttachedBlock>(new AttachedBlock(block));
  }
  ~AttachedBlock() {
    points::attach(before_);
    points::unmap_control_file(block_);
  }

 private:
  explicit AttachedBlock(points::Layout* block) : block_(block), before_(points::attached()) { points::attach(block); }
  points::Layout* block_;
  points::Layout* before_;
};

// One worker: fresh after connect().
class Seat final : public Worker {
 public:
  explicit Seat(const RequestWatch& watch) : watch_(watch) {}

  void start(reference::Server& server, const Directives& directives, const Sandbox& sandbox, int number) {
    end();
    root_ = sandbox.root.string();
    worker_ = std::make_unique<reference::Worker>(server, reference::parse_settings(directives).settings,
                                                  reference::SystemFileSystem::WorkingDirectoryOwner::object, number);
    session_ = std::make_unique<ReferenceSession>(*worker_, sandbox.root, sandbox.scratch);
  }
  void end() {
    session_.reset();
    worker_.reset();
  }

  Expected<Outcome> execute(std::span<const Exchange> exchanges, std::chrono::milliseconds) override {
    std::vector<Operation> operations;
    for (const Exchange& exchange : exchanges) operations.push_back(with_root(exchange.operation, root_));
    Outcome outcome;
    watch_.before();
    outcome.began = std::chrono::steady_clock::now();
    outcome.replies = session_->serve(operations);
    outcome.ended = std::chrono::steady_clock::now();
    watch_.after();
    for (Reply& reply : outcome.replies) reply = without_root(std::move(reply), root_);
    if (!outcome.replies.empty() && ends_request(outcome.replies.back())) outcome.kind = Outcome::Kind::aborted;
    return outcome;
  }
  std::optional<pid_t> process() const override { return std::nullopt; }

 private:
  const RequestWatch& watch_;
  std::string root_;
  std::unique_ptr<reference::Worker> worker_;
  std::unique_ptr<ReferenceSession> session_;
};

class InProcessRuntime final : public Runtime {
 public:
  InProcessRuntime(const Configuration& configuration, const Sandbox& sandbox, const RequestWatch& watch)
      : configuration_(with_root(configuration, sandbox.root.string())), sandbox_(sandbox), watch_(watch) {
    configuration_.ini.insert({"opcache.error_log", (sandbox.scratch / "log").string()});
    for (int i = 0; i < configuration_.worker_count(); ++i) seats_.push_back(std::make_unique<Seat>(watch));
  }
  ~InProcessRuntime() override {
    stop();
    if (block_) watch_.before();
  }

  Expected<void> start() {
    if (!block_) block_ = ASSAY_TRY(AttachedBlock::open(sandbox_.control));
    server_ = ASSAY_TRY(reference::Server::start(configuration_.ini, {sandbox_.scratch.string(), clock_start}));
    for (int i = 0; i < configuration_.worker_count(); ++i) ASSAY_TRY(replace(i));
    return {};
  }

  Worker& worker(int number) override { return *seats_[static_cast<std::size_t>(number)]; }
  Expected<void> replace(int number) override {
    Directives directives = pool_of(number).ini;
    directives.insert(configuration_.ini.begin(), configuration_.ini.end());
    seats_[static_cast<std::size_t>(number)]->start(*server_, directives, sandbox_, number);
    return {};
  }
  Expected<void> reload() override {
    stop();
    return start();
  }
  std::string log() const override { return ""; }

 private:
  const Pool& pool_of(int number) const {
    const auto& pools = configuration_.pools;
    const auto found = std::find_if(pools.begin(), pools.end(), [&](const Pool& pool) {
      number -= pool.workers;
      return number < 0;
    });
    return found == pools.end() ? pools.back() : *found;
  }
  void stop() {
    for (auto& seat : seats_) seat->end();
    server_.reset();
  }

  Configuration configuration_;
  Sandbox sandbox_;
  const RequestWatch& watch_;
  std::unique_ptr<AttachedBlock> block_;
  std::unique_ptr<reference::Server> server_;
  std::vector<std::unique_ptr<Seat>> seats_;
};

class InProcessTarget final : public Target {
 public:
  explicit InProcessTarget(RequestWatch watch) : watch_(std::move(watch)) {
    description_ = (*reference_target_kind().make({{"workers", "threads"}}))->description();
    description_.features.erase("rendezvous");
  }
  const Description& description() const override { return description_; }
  Expected<std::unique_ptr<Runtime>> start(const Configuration& configuration, const Sandbox& sandbox) override {
    auto runtime = std::make_unique<InProcessRuntime>(configuration, sandbox, watch_);
    ASSAY_TRY(runtime->start());
    return runtime;
  }

 private:
  RequestWatch watch_;
  Description description_;
};

bool can_follow(const Action& action) {
  if (action.kind() != ActionKind::arm) return true;
  const std::string& effect = action.text("effect");
  if (effect == "count") return true;
  // An interrupted call is made again.
  return effect == "fail" && !(action.flag("onwards") && action.text("error") == "EINTR");
}

// Values of at most two digits and a unit: 99 GB are never touched, but mapped.
bool is_modest(const Directives& ini) {
  return std::all_of(ini.begin(), ini.end(), [](const auto& entry) {
    std::size_t digits = 0;
    for (const char c : entry.second) digits += c >= '0' && c <= '9';
    const bool is_size =
        entry.first.find("size") != std::string::npos || entry.first.find("memory") != std::string::npos ||
        entry.first.find("buffer") != std::string::npos || entry.first.find("files") != std::string::npos;
    return !is_size || digits <= 8;
  });
}

bool asks_for(const Trace& trace, std::initializer_list<OperationKind> kinds) {
  const auto is_one = [&](const Exchange& exchange) {
    return std::find(kinds.begin(), kinds.end(), exchange.operation.kind()) != kinds.end();
  };
  return std::any_of(trace.steps.begin(), trace.steps.end(), [&](const Step& step) {
    const auto* request = std::get_if<Request>(&step);
    return request && std::any_of(request->exchanges.begin(), request->exchanges.end(), is_one);
  });
}

// A store under a key that somebody else has reserved waits for one who cannot go on meanwhile.
bool may_wait_for_good(const Trace& trace) {
  using K = OperationKind;
  return asks_for(trace, {K::cache_lock}) &&
         asks_for(trace, {K::cache_set, K::cache_set_multiple, K::cache_increment, K::cache_decrement});
}

}  // namespace

std::unique_ptr<Target> make_in_process_target(RequestWatch watch) {
  return std::make_unique<InProcessTarget>(std::move(watch));
}

bool can_run_in_process(const Trace& trace, const Description& description) {
  if (!reason_to_skip(trace, description).empty() || may_wait_for_good(trace)) return false;
  const Configuration& configuration = trace.configuration;
  if (!is_modest(configuration.ini) || configuration.worker_count() > 8) return false;
  for (const Pool& pool : configuration.pools) {
    if (!is_modest(pool.ini)) return false;
  }
  return std::all_of(trace.steps.begin(), trace.steps.end(), [](const Step& step) {
    if (const auto* action = std::get_if<Action>(&step)) return can_follow(*action);
    return std::get<Request>(step).background.empty();
  });
}

}  // namespace assay::fuzz
