#include "conformance/execution/smoke_check.h"

#include <fmt/format.h>

#include <limits>

#include "conformance/execution/executor.h"
#include "conformance/scenario/scenario.h"

namespace assay::conformance {
namespace {

// The operations, each as plain as it can be. The clauses have the corners.
class Smoke final : public Scenario {
 public:
  using Steps = void (Smoke::*)();
  Smoke(const Description& target, Steps what) : Scenario(target), steps_(what) {}

  void set_and_get() { there_and_back({"text", ""}); }
  void scalars() {
    there_and_back({nullptr, true, false, 0, -1, std::numeric_limits<std::int64_t>::max(), 0.1, -0.0, 1e300});
  }
  void bytes() { there_and_back({std::string("a\0b", 3), "\xff\xfe", "line\nbreak", std::string(70000, 'x')}); }
  void arrays() {
    there_and_back({Value::list({}), Value::list({1, Value::list({2.5, nullptr})}),
                    Value::map({{"a", 1}, {std::int64_t{7}, Value::map({{"b", "c"}})}})});
  }
  void objects() {
    needs("static_cache.objects");
    there_and_back({Object{1, false, "stdClass", {{"p", 1}, {"q", Value::list({"x"})}}}});
  }
  void misses() {
    auto w = worker();
    expect(w.get("none", "fallback"), "fallback");
    expect(w.set("null", nullptr), true);
    expect(w.set("false", false), true);
    expect(w.get("null", "fallback"), nullptr);
    expect(w.get("false", "fallback"), false);
  }
  void has_a_key() {
    auto w = worker();
    expect(w.has_key("k"), false);
    expect(w.set("k", 1), true);
    expect(w.has_key("k"), true);
  }
  void removal() {
    auto w = worker();
    expect(w.set("k", 1), true);
    expect(w.set("other", 2), true);
    expect(w.remove_key("k"), true);
    expect(w.get("k", "gone"), "gone");
    expect(w.get("other"), 2);
  }
  void lists() {
    auto w = worker();
    expect(w.set_multiple(Value::map({{"x", 1}, {"y", 2}})), true);
    expect(w.get_multiple({"y", "x"}), Value::map({{"y", 2}, {"x", 1}}));
  }
  void removal_of_lists() {
    auto w = worker();
    expect(w.set("x", 1), true);
    expect(w.set("y", 2), true);
    expect(w.remove_keys({"x", "y"}), true);
    expect(w.get("x", "gone"), "gone");
  }
  void clearing() {
    auto w = worker();
    expect(w.set("k", 1), true);
    expect(w.clear_cache(), true);
    expect(w.get("k", "gone"), "gone");
  }
  void expiry() {
    needs("static_cache.ttl");
    auto w = worker();
    expect(w.set("k", 1, 5), true);
    advance_clock(std::chrono::seconds(2));
    expect(w.get("k", "gone"), 1);
    advance_clock(std::chrono::seconds(10));
    expect(w.get("k", "gone"), "gone");
  }
  void two_workers() {
    auto [a, b] = workers<2>();
    expect(a.set("k", "by the first"), true);
    expect(b.get("k", "gone"), "by the first");
  }
  void reservations() {
    auto [a, b] = workers<2>();
    expect(a.lock("k", 10), true);
    expect(b.lock("k", 10), false);
  }
  void counters() {
    auto w = worker();
    expect(w.cache_increment("n", 3), 3);
    expect(w.cache_decrement("n", 1), 2);
  }
  void adds() {
    auto w = worker();
    expect(w.add("k", 1), true);
    expect(w.add("k", 2), false);
    expect(w.get("k", "gone"), 1);
  }
  void remembers() {
    auto w = worker();
    expect(w.remember("k", 1), Value::list({1, true}));
    expect(w.remember("k", 2), Value::list({1, false}));
  }
  void listings() {
    auto w = worker();
    expect(w.set_multiple(Value::map({{"b", 1}, {"a", 2}})), true);
    expect(w.cache_keys(), Value::list({"a", "b"}));
  }
  void volatile_counters() {
    auto w = worker();
    expect(w.increment("n", 3), 3);
    expect(w.decrement("n", 1), 2);
  }
  void status() { expect(worker().cache_info(), at({"available"}, true)); }

 private:
  void steps() override { (this->*steps_)(); }

  // Stored by one request, read by another.
  void there_and_back(const std::vector<Value>& values) {
    auto w = worker();
    for (const Value& value : values) {
      expect(w.set("k", value), true);
      expect(w.get("k", "gone"), value);
    }
  }

  Steps steps_;
};

struct Check {
  const char* what;
  Smoke::Steps steps;
};

const Check checks[] = {{"set, then get", &Smoke::set_and_get},
                        {"null, booleans, integers and floats", &Smoke::scalars},
                        {"any bytes", &Smoke::bytes},
                        {"arrays", &Smoke::arrays},
                        {"objects", &Smoke::objects},
                        {"the default of a miss", &Smoke::misses},
                        {"has", &Smoke::has_a_key},
                        {"delete", &Smoke::removal},
                        {"set_multiple, then get_multiple", &Smoke::lists},
                        {"delete_multiple", &Smoke::removal_of_lists},
                        {"clear", &Smoke::clearing},
                        {"a TTL of 5 seconds", &Smoke::expiry},
                        {"another worker reads it", &Smoke::two_workers},
                        {"lock", &Smoke::reservations},
                        {"increment and decrement of the pinned backend", &Smoke::counters},
                        {"increment and decrement", &Smoke::volatile_counters},
                        {"add", &Smoke::adds},
                        {"remember", &Smoke::remembers},
                        {"keys", &Smoke::listings},
                        {"info", &Smoke::status}};

std::string explain(const Trace& trace, const Execution& execution) {
  if (execution.verdict != Verdict::fail || execution.expected.empty()) return execution.reason;
  std::string asked;
  if (const auto* request = std::get_if<Request>(&trace.steps.at(execution.failed_step)))
    asked = request->exchanges.at(execution.failed_exchange).operation.spec->name;
  return fmt::format("{}: expected {}, got {}", asked, execution.expected, execution.actual);
}

}  // namespace

std::vector<SmokeResult> check_smoke(Target& target, const std::filesystem::path& folder,
                                     const std::function<bool(const SmokeResult&)>& stops) {
  std::vector<SmokeResult> results;
  Executor executor(target, folder, {.with_monitors = false});
  for (const Check& check : checks) {
    if (stops && !results.empty() && stops(results.back())) break;
    const Trace trace = Smoke(target.description(), check.steps).build(check.what, {});
    if (const std::string why = reason_to_skip(trace, target.description()); !why.empty()) {
      results.push_back({check.what, Verdict::skip, why});
      continue;
    }
    const Execution execution = executor.run(trace);
    results.push_back({check.what, execution.verdict, explain(trace, execution)});
  }
  return results;
}

}  // namespace assay::conformance
