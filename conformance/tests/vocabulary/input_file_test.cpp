#include "conformance/vocabulary/input_file.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>

#include "conformance/tests/test_folder.h"

namespace assay::conformance {
namespace {

using testing::HasSubstr;

std::string refusal(const std::string& file) {
  const auto content = read_input_file(file, "give another");
  return content ? "" : content.error().message;
}

TEST(InputFile, IsReadWhole) {
  const TestFolder folder;
  const std::string text(200'000, 'x');
  EXPECT_EQ(read_input_file(folder.write("f", text)).value(), text);
  EXPECT_EQ(read_input_file(folder.write("empty", "")).value(), "");
}

TEST(InputFile, OneThatCannotBeReadIsAnErrorWithAdvice) {
  const TestFolder folder;
  EXPECT_EQ(refusal("/nonexistent"), "/nonexistent: cannot be read: No such file or directory; give another");
  EXPECT_THAT(refusal(folder.path()), HasSubstr("that is a folder"));
  EXPECT_THAT(refusal(""), HasSubstr("the name is empty"));
  EXPECT_THAT(refusal("/dev/zero"), HasSubstr("it is larger than 256 MiB"));
}

TEST(InputFile, APipeIsReadToItsEndAndNeverWaitedForWithoutAWriter) {
  const TestFolder folder;
  const std::string pipe = folder.path() + "/pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_THAT(refusal(pipe), HasSubstr("that is a pipe to which nobody writes"));
  // The writer keeps the pipe open before there is anything to read.
  std::FILE* late = ::popen(("exec 3<>'" + pipe + "'; echo ready; sleep 0.3; printf late >&3").c_str(), "r");
  ASSERT_EQ(std::fgetc(late), 'r');
  EXPECT_EQ(read_input_file(pipe).value_or("nothing"), "late");
  ::pclose(late);
}

}  // namespace
}  // namespace assay::conformance
