#include "faults/tests/points/machine_code.h"

#include <gtest/gtest.h>

#include <vector>

// Set by the linker.
extern "C" const unsigned char __start_code_without[], __stop_code_without[];
extern "C" const unsigned char __start_code_compiled_out[], __stop_code_compiled_out[];
extern "C" const unsigned char __start_code_compiled_in[], __stop_code_compiled_in[];

namespace assay::points {
namespace {

using Code = std::vector<unsigned char>;

const Code kWithout(__start_code_without, __stop_code_without);
const Code kCompiledOut(__start_code_compiled_out, __stop_code_compiled_out);
const Code kCompiledIn(__start_code_compiled_in, __stop_code_compiled_in);

// None of the functions refers to anything outside of it unless a point makes it, so the bytes can be compared as they
// are.
TEST(MachineCode, OfAPointThatIsCompiledOutIsNone) {
  ASSERT_GT(kWithout.size(), 8u);
  EXPECT_EQ(kCompiledOut, kWithout);
}

TEST(MachineCode, OfAPointThatIsCompiledInIsThere) {
  EXPECT_GT(kCompiledIn.size(), kWithout.size()) << "or the test above compares nothing";
}

TEST(MachineCode, DoesTheSameInAllThree) {
  WorkerContext context;
  std::uint64_t sums[3] = {};
  EXPECT_EQ(code_without(context, sums[0]), 0);
  EXPECT_EQ(code_compiled_out(context, sums[1]), 0);
  EXPECT_EQ(code_compiled_in(context, sums[2]), 0);
  EXPECT_EQ(sums[0], 1000u * 999 / 2 + 1);
  EXPECT_EQ(sums[1], sums[0]);
  EXPECT_EQ(sums[2], sums[0]);
}

}  // namespace
}  // namespace assay::points
