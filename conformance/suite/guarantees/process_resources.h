#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "conformance/registry/test_case.h"
#include "conformance/suite/guarantees/live_runtime.h"

namespace assay::conformance {

// What a runtime is asked to do again and again. A round ends where it began.
struct Work {
  void (*prepare)(const Sandbox&);
  bool (*round)(LiveRuntime&);  // true if all of it was right
  int operations;               // of a round
};

// What the descriptors of a process lead to, by number; empty where they cannot be read.
std::map<std::string, std::string> descriptors_of(pid_t process);

// GU-RES-02: the private memory of two workers is after hundreds of rounds what it was after some.
TestResult check_memory_stays(TestContext& context, const Work& work);

// GU-RES-05: no process, segment, lock file or shared file remains of a runtime that is stopped, or killed whole, and the next
// one serves.
TestResult check_nothing_left(TestContext& context, const Work& work);

}  // namespace assay::conformance
