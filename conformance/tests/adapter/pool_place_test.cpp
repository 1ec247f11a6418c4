#include "conformance/adapter/pool_place.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conformance/adapter/stage.h"

namespace assay::conformance {
namespace {

mode_t mode_of(const std::filesystem::path& path) {
  struct stat found {};
  return ::stat(path.c_str(), &found) == 0 ? found.st_mode & 07777 : 0;
}

// What a child comes to that enters a place, since nobody comes back from one.
int status_in(const PoolPlace& place, int (*then)()) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(enter(place) ? then() : 100);
  int status = 0;
  ::waitpid(child, &status, 0);
  return WEXITSTATUS(status);
}

TEST(PoolPlace, IsReadFromTheDirectivesOfAPool) {
  EXPECT_EQ(place_of({}).user, "");
  EXPECT_EQ(place_of({{"user", "nobody"}, {"open_basedir", "/x"}}).user, "nobody");
  EXPECT_EQ(place_of({{"chroot", "/jail"}}).root, "/jail");
}

TEST(PoolPlace, FolderStaysClosedWhereNoPoolNamesAUser) {
  auto stage = TemporaryStage::make();
  ASSERT_TRUE(stage);
  const auto above = stage->sandbox().root.parent_path();
  ASSERT_TRUE(open_to_users({{}, {Pool{}, Pool{1, {{"chroot", "/jail"}}}}}, stage->sandbox()));
  EXPECT_EQ(mode_of(above) & 0077, 0u);
}

TEST(PoolPlace, FolderCanBeEnteredAndNotListedByUsersOfPools) {
  auto stage = TemporaryStage::make();
  ASSERT_TRUE(stage);
  const auto above = stage->sandbox().root.parent_path();
  ASSERT_TRUE(open_to_users({{}, {Pool{1, {{"user", "nobody"}}}}}, stage->sandbox()));
  EXPECT_EQ(mode_of(above) & 0077, 0011u);
  EXPECT_EQ(mode_of(stage->sandbox().scratch), 01777u);
}

TEST(PoolPlace, FolderAroundTheSuitesOwnStaysClosed) {
  std::string around = testing::TempDir() + "closed-XXXXXX";
  ASSERT_NE(::mkdtemp(around.data()), nullptr);
  std::filesystem::create_directories(around + "/assay-run-1/tree");
  std::filesystem::create_directories(around + "/assay-run-1/scratch");
  const Sandbox sandbox{around + "/assay-run-1/tree", around + "/assay-run-1/scratch", {}};
  const auto opened = open_to_users({{}, {Pool{1, {{"user", "nobody"}}}}}, sandbox);
  EXPECT_EQ(mode_of(around) & 0077, 0u) << "it is not the suite's";
  std::filesystem::remove_all(around);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, Error::Kind::refused);
  EXPECT_NE(opened.error().message.find("TMPDIR"), std::string::npos);
}

TEST(PoolPlace, UnknownUserIsAnError) {
  const auto entered = enter({"no-such-user", ""});
  ASSERT_FALSE(entered);
  EXPECT_NE(entered.error().message.find("no-such-user"), std::string::npos);
}

TEST(PoolPlace, ProcessBecomesTheUserInTheRoot) {
  const auto features = features_of_places();
  if (!features.contains("workers.users") || !features.contains("workers.roots")) GTEST_SKIP() << "needs root";
  auto stage = TemporaryStage::make();
  ASSERT_TRUE(stage);
  const std::string root = stage->sandbox().root.string();
  ASSERT_TRUE(open_to_users({{}, {Pool{1, {{"user", "nobody"}}}}}, stage->sandbox()));
  EXPECT_EQ(status_in({"nobody", root}, [] { return ::geteuid() != 0 && ::access("/proc", F_OK) != 0 ? 7 : 8; }), 7);
  EXPECT_EQ(status_in({"nobody", root}, [] { return ::setuid(0) != 0 ? 7 : 8; }), 7);
  EXPECT_EQ(status_in({"", root + "/none"}, [] { return 7; }), 100);
}

}  // namespace
}  // namespace assay::conformance
