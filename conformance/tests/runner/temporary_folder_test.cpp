#include "conformance/runner/temporary_folder.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <vector>

namespace assay::conformance {
namespace {

// Each suite that starts removes what seems to be nobody's: never the folder that another one is just making.
TEST(TemporaryFolderTest, SuitesThatStartTogetherKeepTheirFolders) {
  auto parent = TemporaryFolder::create();
  ASSERT_TRUE(parent);
  std::vector<pid_t> suites;
  for (int n = 0; n < 4; ++n) {
    suites.push_back(::fork());
    ASSERT_GE(suites.back(), 0);
    if (suites.back() != 0) continue;
    ::setenv("TMPDIR", parent->path().c_str(), 1);
    int status = 0;
    for (int i = 0; i < 200 && status == 0; ++i) {
      const auto own = TemporaryFolder::create();
      if (!own || !std::filesystem::exists(own->path() / "owner")) status = 1;
    }
    ::_exit(status);
  }
  for (const pid_t suite : suites) {
    int status = 0;
    ASSERT_EQ(::waitpid(suite, &status, 0), suite);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  }
}

TEST(TemporaryFolderTest, LiesWhereItIsToldToElseInMemoryElseInTmp) {
  const char* named = std::getenv("TMPDIR");
  const std::string before = named ? named : "";
  auto parent = TemporaryFolder::create();
  ASSERT_TRUE(parent);
  ::setenv("TMPDIR", parent->path().c_str(), 1);
  EXPECT_EQ(TemporaryFolder::create()->path().parent_path(), parent->path());
  ::unsetenv("TMPDIR");
  const auto space = std::filesystem::space("/dev/shm");
  const bool is_roomy = space.available >= (std::uintmax_t{1} << 30);
  EXPECT_EQ(TemporaryFolder::create()->path().parent_path(), is_roomy ? "/dev/shm" : "/tmp");
  if (named) ::setenv("TMPDIR", before.c_str(), 1);
}

}  // namespace
}  // namespace assay::conformance
