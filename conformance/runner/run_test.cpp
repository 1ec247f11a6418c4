#include "conformance/runner/run_test.h"

#include <fmt/format.h>

#include "conformance/catalogue/catalogue.h"
#include "conformance/catalogue/claims.h"
#include "conformance/execution/executor.h"
#include "conformance/exploration/trace_sweep.h"

namespace assay::conformance {
namespace {

TestResult skipped(const std::string& reason, const std::vector<std::string>& clauses) {
  TestResult result;
  result.verdict = Verdict::skip;
  result.reason = reason;
  for (const std::string& clause : clauses) result.clauses[clause] = Verdict::skip;
  return result;
}

// The feature that the clause which names the test needs, and the target does not claim; empty where it does.
std::string unclaimed_feature(const TestCase& test, const Description& description) {
  const Clause* clause = test.clauses.empty() ? nullptr : find_clause(test.clauses.front());
  if (clause == nullptr || claims(description.features, std::string(clause->feature))) return "";
  return std::string(clause->feature);
}

TestResult run_trace(const TestCase& test, Target& target, const std::filesystem::path& folder,
                     const TestOptions& options) {
  const Trace trace = test.trace(target.description());
  if (const std::string reason = reason_to_skip(trace, target.description()); !reason.empty()) {
    return skipped(reason, test.clauses);
  }
  if (!options.sweep) return result_of(Executor(target, folder).run(trace), trace);
  if (!target.description().features.contains("fault"))
    return skipped(fmt::format("{} does not claim fault", target.description().name), test.clauses);
  TestResult result = sweep_trace(target, folder, trace, sweep_time(options.profile));
  if (result.verdict == Verdict::skip) {
    for (const std::string& clause : test.clauses) result.clauses[clause] = Verdict::skip;
  }
  return result;
}

// FNV-1a: the same on every machine, so that a seed means the same test everywhere.
std::uint64_t mix(std::uint64_t seed, const std::string& name) {
  std::uint64_t hash = 14695981039346656037ull ^ seed;
  for (const unsigned char c : name) hash = (hash ^ c) * 1099511628211ull;
  return hash;
}

TestResult run_body(const TestCase& test, Target& target, const std::filesystem::path& folder,
                    const TestOptions& options) {
  for (const std::string& feature : test.needs) {
    if (!target.description().features.contains(feature)) {
      return skipped(fmt::format("{} does not claim {}", target.description().name, feature), test.clauses);
    }
  }
  TestContext context{target, folder, mix(options.seed, test.id), options.profile, options.bound};
  TestResult result = test.body(context);
  // A fail names the clause that it broke; it says nothing about the others.
  if (result.verdict == Verdict::fail) {
    if (result.clauses.empty()) result.clauses[test.clauses.front()] = Verdict::fail;
    return result;
  }
  for (const std::string& clause : test.clauses) result.clauses.try_emplace(clause, result.verdict);
  return result;
}

}  // namespace

std::string why_not_in_force(const TestCase& test, const Contract& contract) {
  for (const std::string& id : test.clauses) {
    const Clause* clause = find_clause(id);
    if (clause && !contract.in_force(*clause)) return contract.why_not_in_force(*clause);
  }
  return "";
}

std::chrono::seconds sweep_time(Profile profile) {
  switch (profile) {
    case Profile::quick:
      return std::chrono::seconds(20);
    case Profile::standard:
      return std::chrono::minutes(5);
    case Profile::thorough:
      break;
  }
  return std::chrono::minutes(30);
}

TestResult run_test(const TestCase& test, Target& target, const std::filesystem::path& folder,
                    const TestOptions& options) {
  const auto began = std::chrono::steady_clock::now();
  TestResult result;
  try {
    if (const std::string feature = unclaimed_feature(test, target.description()); !feature.empty())
      result = skipped(fmt::format("{} does not claim {}", target.description().name, feature), test.clauses);
    else if (const std::string reason = why_not_in_force(test, options.contract); !reason.empty())
      result = skipped(reason, test.clauses);
    else
      result = test.trace ? run_trace(test, target, folder, options) : run_body(test, target, folder, options);
  } catch (const std::exception& e) {
    result = {};
    result.verdict = Verdict::error;
    result.reason = std::string("the test threw an exception, which is a bug of the suite: ") + e.what();
    for (const std::string& clause : test.clauses) result.clauses[clause] = Verdict::error;
  }
  result.test = test.id;
  result.kind = test.kind;
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  return result;
}

}  // namespace assay::conformance
