#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "conformance/registry/verdict.h"

namespace assay::conformance {

// Crash states that cannot be told apart by what the rest of the trace saw (numbers aside).
struct CrashClass {
  std::vector<std::size_t> states;  // the stores done before the death, in order; one for each distinct image
  std::size_t deaths = 0;           // how many places of a death make them
  Verdict verdict = Verdict::pass;
  std::string reason;  // of a fail
};

// What the exploration of one request's crash states showed. Plain data.
struct CrashSurvey {
  std::size_t stores = 0;                           // of the request: a death can come after 0, 1, ... of them
  std::size_t silent = 0;                           // stores that changed nothing
  std::size_t distinct = 0;                         // images that they make
  std::size_t judged = 0;                           // of these
  std::map<std::size_t, std::string> prefix_names;  // state -> the name of its part of the log
  std::chrono::duration<double, std::milli> logging{0}, judging{0};
  std::vector<CrashClass> classes;  // in the order of their first state
};

}  // namespace assay::conformance
