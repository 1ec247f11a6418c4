#include "conformance/scenario/scenario.h"

#include <gtest/gtest.h>

namespace assay::conformance {
namespace {

class Asking : public Scenario {
 public:
  explicit Asking(const Description& target) : Scenario(target) {
    needs("scripts.ffi");
    ini("ffi.enable", "1");
  }

 private:
  void steps() override {
    needs("static_cache.locks");
    worker();
  }
};

TEST(Scenario, WhatTheConstructorAsksForIsInTheTrace) {
  const Trace trace = Asking(Description{}).build("ST-LCK-01/example", {"ST-LCK-01"});
  EXPECT_EQ(trace.needs, (std::set<std::string>{"scripts.ffi", "static_cache.locks"}));
  EXPECT_EQ(trace.configuration.ini, (Directives{{"ffi.enable", "1"}}));
  EXPECT_EQ(trace.configuration.pools.size(), 1u);
}

}  // namespace
}  // namespace assay::conformance
