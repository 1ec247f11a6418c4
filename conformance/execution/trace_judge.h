#pragma once

#include <map>
#include <string>

#include "conformance/execution/execution.h"
#include "conformance/vocabulary/matcher.h"

namespace assay::conformance {

// Judges the requests of one trace by their matchers and expected ends, and writes verdict, place and reason into an
// execution. Used by one thread.
//
// At first the trace is over with the first mismatch. After a crash every reply is judged: the first mismatch of each
// clause is kept, and close() puts them together.
//
// The functions that return bool say whether the trace goes on.
class TraceJudge {
 public:
  // Both outlive this.
  TraceJudge(const Trace& trace, Execution& execution) : trace_(trace), execution_(execution) {}

  bool judge(std::size_t step, const Request& request, const Outcome& outcome, const Labelled& labelled);

  // A start or reload: whether the target ended while it started, and what it said.
  bool judge_start(std::size_t step, const Action& action, bool failed, const std::string& said);

  // The suite, its environment or the trace is broken: *error*. False, always.
  bool error(std::string reason);
  // The same where something broke; *inconclusive* where the system refused something. False, always.
  bool stop(const Error& why);
  // The target has not what the trace is about: *skip*. False, always.
  bool skip(std::string reason);
  // Nothing can be said: *inconclusive*, unless another verdict is there already.
  void inconclusive(std::string reason);

  // From here on everything is judged. `doubt`: why the crash may be another one than the trace means; empty: it is
  // the one. A doubt turns a pass into *inconclusive*.
  void begin_after_crash(std::string doubt);
  // The last word on what came after a crash; nothing where there was none.
  void close();

 private:
  bool judge_end(std::size_t step, const Request& request, const Outcome& outcome);
  bool judge_exchange(std::size_t step, std::size_t number, const Exchange& exchange, const Reply& reply,
                      const Labelled& labelled);
  void fail(std::size_t step, std::size_t exchange, std::string expected, std::string actual);
  void note_mismatch(const std::string& clause, std::string what);
  std::string clause_of_end(Outcome::Kind kind) const;
  bool has_clause(const std::string& clause) const;

  const Trace& trace_;
  Execution& execution_;
  bool is_after_crash_ = false;
  std::string doubt_;
  std::map<std::string, std::string> mismatches_;  // after a crash: the first one of each clause
};

}  // namespace assay::conformance
