// A second fault while somebody recovers from the first: a worker dies on its way, the next one finds what it left and
// dies at each point of its own way, and those who come then must find a sound cache all the same.
#include <fmt/format.h>

#include "conformance/execution/executor.h"
#include "conformance/registry/registration.h"
#include "conformance/suite/guarantees/roles.h"

using namespace assay::conformance;

namespace {

// A dies at `first`. B, which comes next, is counted, or dies at `second`.
template <class Roles>
class TwoDeaths final : public Roles {
 public:
  using Roles::Roles;

  Trace of(const HeldAt& first, const std::optional<HeldAt>& second, const std::string& name,
           const std::vector<std::string>& clauses) {
    first_ = first;
    second_ = second;
    return Roles::build(name, clauses);
  }

 private:
  void steps() override {
    if (!first_) return Roles::steps();
    this->set_hands();
    this->prepare();
    this->before(0);
    if (this->is_helped()) this->await("helper");
    dies(0, *first_);
    if (second_) {
      dies(1, *second_);
    } else {
      this->act(ActionKind::arm, {{"point", "*"}, {"effect", "count"}});
      auto request = this->hand(1).request();
      this->work(1, request);
      this->act(ActionKind::disarm, {});
    }
    this->verify();
  }

  void dies(int who, const HeldAt& where) {
    this->act(ActionKind::arm, {{"point", where.point},
                                {"effect", "kill"},
                                {"occurrence", static_cast<std::int64_t>(where.visit)},
                                {"worker", this->hand(who).number()}});
    auto doomed = this->hand(who).request();
    doomed.ends("any");
    this->work(who, doomed);
    this->act(ActionKind::disarm, {});
  }

  std::optional<HeldAt> first_, second_;
};

class Deaths {
 public:
  explicit Deaths(const TestContext& context) : executor_(context.target, context.folder) {}

  // The evidence of one run; nothing when it failed, or when a planned death did not come.
  std::optional<Evidence> run(const Trace& trace) {
    const Execution execution = executor_.run(trace);
    result.evidence += execution.evidence;
    if (execution.verdict == Verdict::pass) return execution.evidence;
    if (execution.verdict == Verdict::inconclusive) return std::nullopt;
    Evidence all = std::move(result.evidence);
    result = result_of(execution, trace);
    result.evidence = std::move(all);
    return std::nullopt;
  }
  bool failed() const { return result.verdict != Verdict::pass; }

  TestResult result;

 private:
  Executor executor_;
};

// Each death of A with each death of B behind it.
template <class Roles, class Role>
TestResult every_second_death(const TestContext& context, Role dying, Role recovering, const std::string& title,
                              const std::vector<std::string>& clauses) {
  Deaths deaths(context);
  TwoDeaths<Roles> pair(context.target.description(), dying, recovering);
  const auto alone = deaths.run(pair.alone(0, title));
  if (!alone) return deaths.result;
  for (const auto& [point, visits] : visits_inside(*alone)) {
    const std::string name = fmt::format("{}: the first at {}", title, point);
    const auto counted = deaths.run(pair.of({point, 1}, std::nullopt, name, clauses));
    if (deaths.failed()) return deaths.result;
    if (!counted) continue;
    for (const auto& [next, times] : visits_inside(*counted)) {
      const Trace trace =
          pair.of({point, 1}, HeldAt{next, 1}, fmt::format("{}, the second at {}", name, next), clauses);
      if (deaths.run(trace)) ++deaths.result.evidence.crash_states;
      if (deaths.failed()) return deaths.result;
    }
  }
  if (deaths.result.evidence.crash_states > 0) return deaths.result;
  deaths.result.verdict = Verdict::skip;
  deaths.result.reason = fmt::format("{} shows no point on the way of this", context.target.description().name);
  return deaths.result;
}

template <class Roles, class Role>
void register_compound(const char* cache, Role dying, Role recovering, const char* feature) {
  TestCase test = describe_test(
      "sweep", fmt::format("GU-LIV-01/second-crash-{}-{}", cache, name_of(dying)), "GU-LIV-02 GU-VAL-02",
      fmt::format("a second crash at each point after a crash in {} of the {} cache", name_of(dying), cache));
  test.needs = {"fault.kill", feature, "workers.processes"};
  test.profile = Profile::standard;
  test.seconds_limit = 300;
  test.body = [dying, recovering, id = test.id, ids = test.clauses](TestContext& context) {
    return every_second_death<Roles>(context, dying, recovering, id, ids);
  };
  register_test(std::move(test));
}

[[maybe_unused]] const bool registered = [] {
  for (const ScriptRole role : {ScriptRole::store, ScriptRole::invalidate, ScriptRole::restart})
    register_compound<ScriptRoles>("script", role, ScriptRole::store, "script_cache");
  for (const CacheRole role : {CacheRole::overwrite, CacheRole::remove, CacheRole::clear})
    register_compound<CacheRoles>("static", role, CacheRole::overwrite, "static_cache.volatile");
  return true;
}();

}  // namespace
