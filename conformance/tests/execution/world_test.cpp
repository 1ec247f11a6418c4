#include "conformance/execution/world.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "conformance/tests/test_folder.h"
#include "conformance/vocabulary/trace.h"

namespace assay::conformance {
namespace {

struct stat status_of(const std::string& path) {
  struct stat status {};
  EXPECT_EQ(::lstat(path.c_str(), &status), 0) << path;
  return status;
}

// A file system without finer times shows the same.
TEST(World, FileTimesAreWholeSecondsOfTheVirtualClock) {
  const TestFolder folder;
  const World world(folder.path());
  const auto apply = [&](ActionKind kind, std::initializer_list<std::pair<const char*, Value>> arguments) {
    const auto done = world.apply(make_action(kind, arguments), clock_start + 7);
    EXPECT_TRUE(done) << done.error().message;
  };
  const auto expect_time = [&](std::int64_t seconds) {
    const struct stat status = status_of(folder.path() + "/f");
    EXPECT_EQ(status.st_mtim.tv_sec, seconds);
    EXPECT_EQ(status.st_mtim.tv_nsec, 0);
  };
  apply(ActionKind::write, {{"path", "@/f"}, {"content", "one"}, {"age", 10}});
  expect_time(clock_start - 3);
  apply(ActionKind::write, {{"path", "@/f"}, {"content", "two"}, {"age", 0}, {"in_place", true}});
  expect_time(clock_start + 7);
  apply(ActionKind::set_mtime, {{"path", "@/f"}, {"mtime", clock_start + 1}});
  expect_time(clock_start + 1);
}

}  // namespace
}  // namespace assay::conformance
