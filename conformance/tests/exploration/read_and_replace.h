#pragma once

#include "conformance/exploration/pair.h"

namespace assay::conformance {

// One worker replaces a value that the other reads.
class ReadAndReplace final : public Pair {
 public:
  using Pair::Pair;

 private:
  void prepare() override { expect(helper().set("k", "old"), true); }
  void work(int worker, RequestBuilder& request) override {
    if (worker == 0)
      expect(request.get("k"), one_of({"old", "new"}));
    else
      expect(request.set("k", "new"), true);
  }
  void verify() override { expect(helper().get("k"), "new"); }
};

}  // namespace assay::conformance
