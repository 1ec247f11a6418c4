#include "reference/server/user_account.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

namespace assay::reference {
namespace {

UserAccount self() {
  return {"self", ::geteuid(), ::getegid()};
}

TEST(UserAccount, IsFoundByName) {
  const auto root = find_account("root");
  ASSERT_TRUE(root);
  EXPECT_EQ(root->user, 0u);
  EXPECT_EQ(find_account("no-such-user").error().message, "there is no user no-such-user; name one of this machine");
}

TEST(UserAccount, GetsWhatItsProcessGives) {  // PL-CFG-05
  if (::geteuid() != 0) GTEST_SKIP() << "only root becomes another user";
  const auto nobody = find_account("nobody");
  if (!nobody) GTEST_SKIP() << nobody.error().message;
  const auto ids = run_as(*nobody, [] {
    return std::to_string(::getuid()) + " " + std::to_string(::getegid()) + " " + std::string(100'000, 'x');
  });
  ASSERT_TRUE(ids) << ids.error().message;
  EXPECT_EQ(ids->substr(0, ids->rfind(' ')), std::to_string(nobody->user) + " " + std::to_string(nobody->group));
  EXPECT_GT(ids->size(), 100'000u);
}

TEST(UserAccount, ProcessThatDiesGivesNothing) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root becomes another user";
  const auto killed = run_as(self(), []() -> std::string {
    ::kill(::getpid(), SIGKILL);
    return "never";
  });
  ASSERT_FALSE(killed);
  EXPECT_NE(killed.error().message.find("ended by itself"), std::string::npos);
}

TEST(UserAccount, ThatCannotBeBecomeIsAnError) {
  if (::geteuid() == 0) GTEST_SKIP() << "root becomes anybody";
  const auto refused = run_as({"root", 0, 0}, [] { return std::string(); });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "cannot become the user root");
}

}  // namespace
}  // namespace assay::reference
