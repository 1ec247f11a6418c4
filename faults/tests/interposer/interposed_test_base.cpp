#include "faults/tests/interposer/interposed_test_base.h"

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace assay::interposer_tests {

InterposedTest::InterposedTest() {
  char pattern[] = "/tmp/assay-interposer-XXXXXX";
  if (mkdtemp(pattern) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = pattern;
  auto made = points::ControlBlock::create(folder_ + "/control");
  if (!made) throw std::runtime_error(made.error().message);
  block_.emplace(std::move(*made));
}

InterposedTest::~InterposedTest() {
  block_->disarm();
  std::filesystem::remove_all(folder_);
}

Environment InterposedTest::interposed() const {
  return {{"LD_PRELOAD", ASSAY_INTERPOSER}, {"ASSAY_CONTROL", folder_ + "/control"}};
}

void InterposedTest::arm(const points::Plan& plan) {
  const auto armed = block_->arm(plan);
  if (!armed) throw std::runtime_error(armed.error().message);
}

}  // namespace assay::interposer_tests
