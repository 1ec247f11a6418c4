#include "conformance/adapters/process/command_words.h"

#include <gtest/gtest.h>

namespace assay::conformance::process {
namespace {

using Words = std::vector<std::string>;

TEST(CommandWords, AreSeparatedByBlanks) {
  EXPECT_EQ(command_words("python3  store.py\t-x ").value_or(Words{}), (Words{"python3", "store.py", "-x"}));
}

TEST(CommandWords, HoldBlanksInQuotes) {
  EXPECT_EQ(command_words(R"(a 'b c'd "e f" '' "g\"h" 'i\j' k\ l)").value_or(Words{}),
            (Words{"a", "b cd", "e f", "", "g\"h", "i\\j", "k l"}));
}

TEST(CommandWords, NothingIsExpanded) {
  EXPECT_EQ(command_words("echo $HOME *;x").value_or(Words{}), (Words{"echo", "$HOME", "*;x"}));
}

TEST(CommandWords, WithoutAnyOrWithAnOpenQuoteAreWrongUse) {
  for (const char* text : {"", "  ", "a 'b", "\"c"}) {
    const auto words = command_words(text);
    ASSERT_FALSE(words) << text;
    EXPECT_EQ(words.error().code, EINVAL) << text;
  }
}

TEST(FindProgram, LooksInPathOrTakesAFile) {
  EXPECT_EQ(find_program("/bin/sh").value_or(""), "/bin/sh");
  EXPECT_TRUE(find_program("sh"));
  EXPECT_FALSE(find_program("assay-no-such-program"));
  EXPECT_FALSE(find_program("/"));
}

}  // namespace
}  // namespace assay::conformance::process
