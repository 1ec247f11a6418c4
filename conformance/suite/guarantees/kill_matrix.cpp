// The kill matrix: a worker in each role dies at each point of its way, and each of the others' operations comes next.
//
// The ways are not written down: a run counts the points that a role visits, so a point that is added to a cache is in
// the matrix from then on. A cell whose point is not reached does not count.
#include <fmt/format.h>

#include <span>

#include "conformance/execution/executor.h"
#include "conformance/registry/registration.h"
#include "conformance/suite/guarantees/roles.h"

using namespace assay::conformance;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds hang_budget{1000};

enum class NextScript { hit, store, reset, status, restart };
enum class NextCache { get, get_list, set, clear, info, remove, lock };
constexpr const char* next_names[] = {"a hit", "a store", "a reset", "a status", "a restart"};
constexpr const char* next_cache_names[] = {"a get",   "a get of a list", "a set",        "a clear",
                                            "an info", "a delete",        "a reservation"};

// A is the victim; B is the first to do something afterwards, and what it does is the matrix's other side.
template <class Roles>
class Cell : public Roles {
 public:
  using Roles::Roles;

  Trace cell(const HeldAt& death, int next, const std::string& name, const std::vector<std::string>& clauses) {
    death_ = death;
    next_ = next;
    return Roles::build(name, clauses);
  }

 protected:
  virtual void next_acts(RequestBuilder& request, int next) = 0;
  virtual void after() = 0;

 private:
  void steps() override {
    if (!death_) return Roles::steps();
    this->set_hands();
    this->prepare();
    this->before(0);
    if (this->is_helped()) this->await("helper");
    this->act(ActionKind::arm, {{"point", death_->point},
                                {"effect", "kill"},
                                {"occurrence", static_cast<std::int64_t>(death_->visit)},
                                {"worker", this->hand(0).number()}});
    auto doomed = this->hand(0).request();
    doomed.ends("any");
    this->work(0, doomed);
    this->act(ActionKind::disarm, {});
    this->about("GU-LIV-01");
    auto request = this->hand(1).request();
    request.within(hang_budget);
    next_acts(request, next_);
    after();
    this->verify();
  }

  std::optional<HeldAt> death_;
  int next_ = 0;
};

class ScriptCell final : public Cell<ScriptRoles> {
 public:
  ScriptCell(const Description& target, ScriptRole role) : Cell(target, role, ScriptRole::status) {}

 private:
  void next_acts(RequestBuilder& request, int next) override {
    switch (static_cast<NextScript>(next)) {
      case NextScript::hit:
        return play(ScriptRole::hit, request);
      case NextScript::store:
        return play(ScriptRole::store, request);
      case NextScript::status:
        return play(ScriptRole::status, request);
      case NextScript::reset:
      case NextScript::restart:
        expect(request.reset(), one_of({true, false}));
        restarts_ = static_cast<NextScript>(next) == NextScript::restart;
    }
  }
  // The request after a reset is the one that restarts.
  void after() override {
    if (!restarts_) return;
    auto request = bounded(hand(1));
    play(ScriptRole::restart, request);
    restarts_ = false;
  }
  bool restarts_ = false;
};

class CacheCell final : public Cell<CacheRoles> {
 public:
  CacheCell(const Description& target, CacheRole role) : Cell(target, role, CacheRole::get) {}

 private:
  void next_acts(RequestBuilder& request, int next) override {
    switch (static_cast<NextCache>(next)) {
      case NextCache::get:
        return play(CacheRole::get, 1, request);
      case NextCache::get_list:
        return play(CacheRole::get_list, 1, request);
      case NextCache::set:
        return play(CacheRole::overwrite, 1, request);
      case NextCache::clear:
        return play(CacheRole::clear, 1, request);
      case NextCache::remove:
        return play(CacheRole::remove, 1, request);
      case NextCache::info:
        request.cache_info();
        return;
      case NextCache::lock:
        // Of one that is dead nothing is reserved (ST-LCK-11).
        about("ST-LCK-11");
        expect(request.lock("k"), true);
        expect(request.unlock("k"), true);
    }
  }
  void after() override {}
};

template <class CellKind>
TestResult every_cell(const TestContext& context, CellKind cell, const std::string& role,
                      const std::vector<std::string>& clauses, std::span<const char* const> next) {
  TestResult result;
  Executor executor(context.target, context.folder);
  const Trace alone = cell.alone(0, role);
  const Execution counted = executor.run(alone);
  if (counted.verdict != Verdict::pass) return result_of(counted, alone);
  const std::uint64_t most = context.profile == Profile::quick ? 1 : 3;
  for (const auto& [point, times] : visits_inside(counted.evidence)) {
    for (std::uint64_t visit = 1; visit <= std::min(times, most); ++visit) {
      for (int n = 0; n < static_cast<int>(next.size()); ++n) {
        const std::string name = fmt::format("{} dies at {} {}, then {}", role, point, visit, next[n]);
        const Trace trace = cell.cell({point, visit}, n, name, clauses);
        const Execution execution = executor.run(trace);
        result.evidence += execution.evidence;
        if (execution.verdict == Verdict::inconclusive) break;  // nobody comes there
        if (execution.verdict != Verdict::pass) {
          TestResult failure = result_of(execution, trace);
          failure.evidence = result.evidence;
          return failure;
        }
        ++result.evidence.crash_states;
        for (const auto& [clause, holds] : execution.monitored) {
          if (holds) result.clauses.emplace(clause, Verdict::pass);
        }
      }
    }
  }
  if (result.evidence.crash_states > 0) return result;
  result.clauses.clear();
  result.verdict = Verdict::skip;
  result.reason = fmt::format("{} shows no point on the way of this", context.target.description().name);
  return result;
}

// The last act of the data cache is for those who have reservations.
std::size_t acts_of(const Description& target, std::span<const char* const> next) {
  const bool has_all = next.data() != next_cache_names || target.features.contains("static_cache.locks");
  return has_all ? next.size() : next.size() - 1;
}

template <class CellKind, class Role>
void register_row(const char* more_clauses, const char* cache, Role role, const char* feature,
                  std::span<const char* const> next) {
  TestCase test =
      describe_test("kill", fmt::format("GU-LIV-01/kill-matrix-{}-{}", cache, name_of(role)), more_clauses,
                    fmt::format("kill at each point of {} in the {} cache, then each operation", name_of(role), cache));
  test.needs = {"fault.kill", feature, "workers.processes"};
  test.profile = Profile::standard;
  test.seconds_limit = 300;
  test.body = [role, id = test.id, ids = test.clauses, next](TestContext& context) {
    const Description& target = context.target.description();
    return every_cell(context, CellKind(target, role), id, ids, next.first(acts_of(target, next)));
  };
  register_test(std::move(test));
}

[[maybe_unused]] const bool registered = [] {
  for (const ScriptRole role : {ScriptRole::hit, ScriptRole::store, ScriptRole::alias, ScriptRole::revalidate,
                                ScriptRole::invalidate, ScriptRole::reset, ScriptRole::restart, ScriptRole::status})
    register_row<ScriptCell>("GU-LIV-02 GU-VAL-02", "script", role, "script_cache", next_names);
  for (const CacheRole role : {CacheRole::get, CacheRole::get_list, CacheRole::set, CacheRole::set_list,
                               CacheRole::overwrite, CacheRole::remove, CacheRole::remove_list, CacheRole::clear,
                               CacheRole::expire, CacheRole::get_expired, CacheRole::lock})
    register_row<CacheCell>("GU-VAL-02 GU-RES-01", "static", role, feature_of(role), next_cache_names);
  return true;
}();

}  // namespace
