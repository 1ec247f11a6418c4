#pragma once

#include "conformance/scenario/scenario.h"

namespace assay::conformance {

// One request that performs every operation on files and paths once, while a fault may hit any of its system calls:
// each does its work or says that it failed. Afterwards both workers serve on, from names as they are now.
class FileOperations : public Scenario {
 public:
  using Scenario::Scenario;

 private:
  void steps() override;
  void ask(RequestBuilder& request);
  void change(RequestBuilder& request);
  void move_about(RequestBuilder& request);
  void right_again(WorkerHandle worker, const std::string& name);

  // The answer without a fault, or the one of a function that failed.
  static Matcher done(Value answer) { return one_of({std::move(answer), false}); }
  // A file that was opened and then could not be read is empty.
  static Matcher read() { return one_of({"r1", "", false}); }
};

}  // namespace assay::conformance
