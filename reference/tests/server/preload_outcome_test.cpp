#include "reference/server/preload_outcome.h"

#include <gtest/gtest.h>

namespace assay::reference {
namespace {

TEST(PreloadOutcome, ComesBackAsItWas) {  // PL-CFG-05
  php::FunctionData function{};
  php::ClassData one{}, two{};
  PreloadOutcome outcome;
  outcome.run.preloaded = {{"f"}, {"A", "B", ""}, {"/preload.php"}, 1234};
  outcome.run.said = std::string("said\0;", 6);
  outcome.run.messages = {"PHP Warning:  x"};
  outcome.functions = {&function};
  outcome.classes = {&one, &two};
  outcome.refused = {&two};
  const auto back = outcome_from_bytes(to_bytes(std::move(outcome)));
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(back->run.preloaded.classes, (std::vector<std::string>{"A", "B", ""}));
  EXPECT_EQ(back->run.preloaded.memory_consumption, 1234u);
  EXPECT_EQ(back->run.said.size(), 6u);
  EXPECT_EQ(back->run.messages[0], "PHP Warning:  x");
  EXPECT_EQ(back->functions[0], &function);
  EXPECT_EQ(back->classes[1], &two);
  EXPECT_EQ(back->refused[0], &two);
}

TEST(PreloadOutcome, ErrorsComeBackToo) {
  const auto back = outcome_from_bytes(to_bytes(failure("it failed", preloading_failed)));
  ASSERT_FALSE(back);
  EXPECT_EQ(back.error().message, "it failed");
  EXPECT_EQ(back.error().code, preloading_failed);
}

TEST(PreloadOutcome, AnyPartOfTheBytesIsRefused) {
  PreloadOutcome outcome;
  outcome.run.said = "said";
  const std::string bytes = to_bytes(std::move(outcome));
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(outcome_from_bytes(std::string_view(bytes).substr(0, size))) << size;
  EXPECT_FALSE(outcome_from_bytes(bytes + "x"));
  EXPECT_FALSE(outcome_from_bytes(std::string(64, '\x7f')));
}

}  // namespace
}  // namespace assay::reference
