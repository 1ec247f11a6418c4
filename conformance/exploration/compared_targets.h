#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "conformance/execution/executor.h"
#include "conformance/exploration/reply_difference.h"

namespace assay::conformance {

// One side of a comparison. The target outlives it.
struct ComparedSide {
  Target& target;
  Directives ini;  // on top of what a history says
};

// One trace on both targets.
struct ComparedRuns {
  Execution a, b;
  std::vector<ReplyDifference> differences;  // the run of one that broke where the other's went on is the last of them
  std::string not_compared;                  // why nothing can be said: neither could follow the trace
};

// Two targets that run the same traces, one after the other and in the same folder, so that every path has the same
// length and every hash of one the same value. Monitors do not watch: here one target is the judge of the other.
// One thread.
class ComparedTargets {
 public:
  // `folder` exists and belongs to this alone.
  ComparedTargets(ComparedSide a, ComparedSide b, std::filesystem::path folder, bool memory);

  // What both can follow of a history, with nothing expected, however its requests end. What one of them does not have
  // is left out and counted; nullopt where nothing is left, or where one lacks what the whole needs.
  std::optional<Trace> followable(const Trace& history);

  // Never fails: what broke is a difference or `not_compared`.
  ComparedRuns run(const Trace& trace);
  // Whether a trace that expects something passes on A, and fails or breaks on B.
  bool tells_apart(const Trace& test);
  // The trace as it is on that side: with the side's directives.
  Trace on_a(Trace trace) const { return with(std::move(trace), a_.ini); }
  Trace on_b(Trace trace) const { return with(std::move(trace), b_.ini); }

  const Description& a() const { return a_.target.description(); }
  const Description& b() const { return b_.target.description(); }
  // Operations, actions and features that were left out, how often, and why.
  struct LeftOut {
    std::uint64_t times = 0;
    std::string why;
  };
  const std::map<std::string, LeftOut>& left_out() const { return left_out_; }

 private:
  static Trace with(Trace trace, const Directives& ini);
  std::string why_without(const CallSpec& spec) const;
  bool leave_out(const CallSpec& spec);
  ComparedRuns run_once(const Trace& trace, Executor& a, Executor& b);
  // Whether a target turned an operation down that it did not name beforehand.
  bool learns_unknown_operation(const Execution& execution, const Description& of);

  ComparedSide a_, b_;
  const bool memory_;
  Executor on_a_, on_b_;
  Executor patient_a_, patient_b_;  // for what seemed to hang
  std::map<std::string, std::string> unknown_;
  std::map<std::string, LeftOut> left_out_;
};

}  // namespace assay::conformance
