#include "conformance/execution/trace_judge.h"

#include <fmt/format.h>

#include <algorithm>

#include "conformance/registry/verdict_of_error.h"
#include "conformance/vocabulary/pattern.h"

namespace assay::conformance {

namespace {

// An end that needs no further look. A request that hangs was ended by the suite, not by the target: no expectation but
// "unjudged" is content with that.
bool is_taken_as_it_is(const Request& request, Outcome::Kind end) {
  if (end == Outcome::Kind::completed) return false;
  if (request.ends == "lives") return end == Outcome::Kind::aborted;
  return request.ends == "unjudged" || (request.ends == "any" && end != Outcome::Kind::hung);
}

bool may_complete(const Request& request) {
  return request.ends == "any" || request.ends == "unjudged" || request.ends == "lives";
}

std::string expected_end(const Request& request) {
  if (request.ends == "any") return "ends by itself";
  if (request.ends == "lives") return "ends and leaves its worker alive";
  return request.ends == "unjudged" ? "completed" : request.ends;
}

}  // namespace

bool TraceJudge::judge(std::size_t step, const Request& request, const Outcome& outcome, const Labelled& labelled) {
  if (is_taken_as_it_is(request, outcome.kind)) return true;
  if (!judge_end(step, request, outcome)) return is_after_crash_ && outcome.kind == Outcome::Kind::aborted;
  if (outcome.kind == Outcome::Kind::died) return true;  // as it should have: there are no replies
  for (std::size_t i = 0; i < request.exchanges.size(); ++i) {
    if (!judge_exchange(step, i, request.exchanges[i], outcome.replies[i], labelled)) return false;
  }
  return true;
}

bool TraceJudge::judge_start(std::size_t step, const Action& action, bool failed, const std::string& said) {
  const std::string& ends = action.text("ends");
  std::string expected;
  if (ends != "any" && (ends == "failed") != failed)
    expected = failed ? "a target that is ready" : "a target that ends while it starts";
  for (const auto& [position, pattern] : action.argument("says").as_array()) {
    if (!expected.empty() || Pattern(pattern.as_string()).found_in(said)) continue;
    expected = "a log that matches " + to_text(pattern);
  }
  if (expected.empty()) return true;
  fail(step, 0, expected, fmt::format("a target that {}: {}", failed ? "ended" : "is ready", said));
  return false;
}

bool TraceJudge::judge_end(std::size_t step, const Request& request, const Outcome& outcome) {
  if (to_text(outcome.kind) == (may_complete(request) ? "completed" : request.ends)) return true;
  std::string actual = fmt::format("the request {}", to_text(outcome.kind));
  if (!outcome.detail.empty()) actual += ": " + outcome.detail;
  if (execution_.verdict != Verdict::fail) {
    fail(step, 0, "the request " + expected_end(request), actual);
    // How a request ends says nothing about the clause of its first operation.
    execution_.failed_clause = is_after_crash_ ? clause_of_end(outcome.kind) : "";
  }
  if (is_after_crash_) note_mismatch(clause_of_end(outcome.kind), fmt::format("step {}: {}", step + 1, actual));
  return false;
}

bool TraceJudge::judge_exchange(std::size_t step, std::size_t number, const Exchange& exchange, const Reply& reply,
                                const Labelled& labelled) {
  if (reply.kind == Reply::Kind::unsupported) {
    execution_.verdict = Verdict::skip;
    execution_.reason =
        fmt::format("the target does not support {}: {}", exchange.operation.spec->name, reply.error_message);
    return false;
  }
  if (!exchange.expected) return true;
  const auto found = mismatch(*exchange.expected, reply, labelled);
  if (!found) return true;
  if (is_after_crash_ && mismatches_.contains(exchange.clause)) return true;
  const bool first = execution_.verdict != Verdict::fail;
  if (first) fail(step, number, *found, actual_of(*exchange.expected, reply, labelled));
  if (is_after_crash_)
    note_mismatch(exchange.clause, first ? execution_.reason
                                         : fmt::format("step {}, {}: expected {}", step + 1,
                                                       to_text(static_cast<const Call&>(exchange.operation)), *found));
  return is_after_crash_;
}

void TraceJudge::fail(std::size_t step, std::size_t exchange, std::string expected, std::string actual) {
  execution_.verdict = Verdict::fail;
  execution_.failed_step = step;
  execution_.failed_exchange = exchange;
  execution_.expected = std::move(expected);
  execution_.actual = std::move(actual);
  std::string what;
  if (const auto* request = std::get_if<Request>(&trace_.steps[step]);
      request && exchange < request->exchanges.size()) {
    execution_.failed_clause = request->exchanges[exchange].clause;
    what = to_text(static_cast<const Call&>(request->exchanges[exchange].operation));
  } else if (const auto* action = std::get_if<Action>(&trace_.steps[step])) {
    execution_.failed_clause = action->text("clause");
    what = action->spec->name;
  }
  execution_.reason =
      fmt::format("step {}, {}: expected {}, got {}", step + 1, what, execution_.expected, execution_.actual);
}

bool TraceJudge::error(std::string reason) {
  execution_.verdict = Verdict::error;
  execution_.reason = std::move(reason);
  return false;
}

bool TraceJudge::stop(const Error& why) {
  error(why.message);
  execution_.verdict = verdict_of(why);
  execution_.was_refused = why.kind == Error::Kind::refused;
  return false;
}

bool TraceJudge::skip(std::string reason) {
  error(std::move(reason));
  execution_.verdict = Verdict::skip;
  return false;
}

void TraceJudge::inconclusive(std::string reason) {
  if (execution_.verdict != Verdict::pass) return;
  execution_.verdict = Verdict::inconclusive;
  execution_.reason = std::move(reason);
}

void TraceJudge::begin_after_crash(std::string doubt) {
  is_after_crash_ = true;
  doubt_ = std::move(doubt);
}

void TraceJudge::close() {
  if (execution_.verdict == Verdict::fail && mismatches_.size() > 1) {
    execution_.reason.clear();
    for (const auto& [clause, what] : mismatches_)
      execution_.reason +=
          fmt::format("{}{}{}", execution_.reason.empty() ? "" : "; ", clause.empty() ? "" : clause + " at ", what);
  }
  if (doubt_.empty()) return;
  if (execution_.verdict == Verdict::pass) execution_.verdict = Verdict::inconclusive;
  execution_.reason = execution_.reason.empty() ? doubt_ : fmt::format("{} ({})", execution_.reason, doubt_);
}

void TraceJudge::note_mismatch(const std::string& clause, std::string what) {
  mismatches_.try_emplace(clause, std::move(what));
  if (!clause.empty()) execution_.also_broken.insert(clause);
}

// Which of the trace's clauses a request breaks that does not end as it should, whatever it asked for.
std::string TraceJudge::clause_of_end(Outcome::Kind kind) const {
  const bool gone = kind == Outcome::Kind::hung || kind == Outcome::Kind::died;
  for (const char* clause : {gone ? "GU-LIV-01" : "GU-VAL-07", gone ? "GU-LIV-01" : "GU-VAL-01"})
    if (has_clause(clause)) return clause;
  return "";
}

bool TraceJudge::has_clause(const std::string& clause) const {
  return std::find(trace_.clauses.begin(), trace_.clauses.end(), clause) != trace_.clauses.end();
}

}  // namespace assay::conformance
