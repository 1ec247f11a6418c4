#pragma once

// A test with a temporary folder, a control block in it, and the environment that loads the interposer.

#include <gtest/gtest.h>
#include <optional>
#include <string>

#include "faults/points/points.h"
#include "faults/tests/interposer/process.h"

namespace assay::interposer_tests {

class InterposedTest : public testing::Test {
 protected:
  InterposedTest();
  ~InterposedTest() override;

  points::ControlBlock& block() { return *block_; }
  const std::string& folder() const { return folder_; }
  // LD_PRELOAD and ASSAY_CONTROL.
  Environment interposed() const;
  void arm(const points::Plan& plan);

 private:
  std::string folder_;
  std::optional<points::ControlBlock> block_;
};

}  // namespace assay::interposer_tests

// Skips the test, with the reason, where a program is not installed.
#define ASSAY_NEEDS_PROGRAM(program) \
  if (!assay::interposer_tests::have_program(program)) GTEST_SKIP() << program << " is not installed"
