#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "conformance/vocabulary/action.h"
#include "conformance/vocabulary/matcher.h"
#include "conformance/vocabulary/operation.h"

namespace assay::conformance {

// The virtual clock of every run begins here (seconds since the epoch) and stands still but for the action
// advance_clock. Traces and adapters in any language rely on this number.
inline constexpr std::int64_t clock_start = 1'800'000'000;

// INI directives as text, by name.
using Directives = std::map<std::string, std::string>;

// Workers that share directives. Each worker has a number, counted through all pools in order from 0.
struct Pool {
  int workers = 1;
  Directives ini;  // on top of the runtime's
  int master = 0;  // pools of one master share its memory; those of another are a runtime of their own beside it
  friend bool operator==(const Pool&, const Pool&) = default;
};

// What a runtime is started from.
struct Configuration {
  Directives ini;
  std::vector<Pool> pools = {Pool{}};
  int worker_count() const;
  friend bool operator==(const Configuration&, const Configuration&) = default;
};

// One operation in a request, with a name for its reply (empty: none) and what is expected of it (none: anything that
// is a reply). `clause` is the one that a wrong reply breaks; empty stands for the first clause of the trace.
struct Exchange {
  Operation operation;
  std::string label;
  std::optional<Matcher> expected;
  std::string clause{};
  friend bool operator==(const Exchange&, const Exchange&) = default;
};

// One request by a worker. `background` names a request that is started and left running; the action `await` collects
// it. `ends`: how the request is expected to end: "completed" unless a clause says otherwise ("aborted", "died"; "any":
// however, but by itself, so a hang fails; "unjudged": nothing is expected, something else judges). `within_ms` is its
// time limit in real milliseconds: 0 stands for the run's own limit.
struct Request {
  int worker = 0;
  std::vector<Exchange> exchanges;
  std::string background;
  std::string ends = "completed";
  int within_ms = 0;
  friend bool operator==(const Request&, const Request&) = default;
};

using Step = std::variant<Request, Action>;

// A sequence of steps on one runtime: the one form of every test, every reproducer and every fuzz input.
struct Trace {
  std::string name;
  std::vector<std::string> clauses;
  std::set<std::string> needs;                 // features beyond those that the steps imply
  std::map<std::string, std::string> choices;  // declared choices of the target that the expectations follow
  std::string not_asked;  // why its clauses ask nothing of a target with these choices: it is skipped; empty: they do
  std::string note;
  Configuration configuration;
  std::vector<Step> steps;
};

// The features that a target must claim to run the trace: those of its operations and actions, `workers` where it has
// several, and `needs`.
std::set<std::string> features_of(const Trace& trace);

// JSON Lines: the first line is the header {"assay_trace": 1, "name": ..., ...}, each further line one step.
std::string to_json_lines(const Trace& trace);

// Strict: an error names the file, the line and the field. `file` is used in messages only.
Expected<Trace> trace_from_json_lines(const std::string& text, const std::string& file);
Expected<Trace> read_trace(const std::string& file);

// A trace for people: one numbered line for each operation and action.
std::string to_text(const Trace& trace);
std::string to_text(const Exchange& exchange);

}  // namespace assay::conformance
