#include "reference/files/file_system.h"

#include <errno.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "reference/tests/lock/process_harness.h"
#include "reference/tests/realpath_cache/rooted_file_system.h"

namespace assay::reference {
namespace {

using ::testing::UnorderedElementsAre;

TEST(SystemFileSystem, ReportsTheKernelsErrno) {
  SystemFileSystem files;
  TemporaryFolder folder;
  write_file(folder / "file");
  EXPECT_EQ(files.lstat(folder / "none").error().number, ENOENT);
  EXPECT_EQ(files.stat(folder / "file/x").error().number, ENOTDIR);
  EXPECT_EQ(files.read_link(folder / "file").error().number, EINVAL);
  EXPECT_EQ(files.access(folder / "none", F_OK).error().number, ENOENT);
  EXPECT_EQ(files.make_directory(folder / "file", 0777).error().number, EEXIST);
  EXPECT_EQ(files.open(folder / "none", O_RDONLY, 0).error().number, ENOENT);
  EXPECT_EQ(files.list_directory(folder / "file").error().number, ENOTDIR);
  EXPECT_EQ(describe_errno(Errno{ENOENT}), "No such file or directory (errno 2)");
}

TEST(SystemFileSystem, ReadsAndWrites) {
  SystemFileSystem files;
  TemporaryFolder folder;
  auto file = files.open(folder / "file", O_RDWR | O_CREAT, 0600);
  ASSERT_TRUE(file);
  EXPECT_EQ(files.write(*file, "hello").value(), 5u);
  EXPECT_EQ(files.stat_open(*file)->st_size, 5);
  EXPECT_TRUE(files.truncate(*file, 2));
  EXPECT_TRUE(files.synchronize(*file));
  auto again = files.open(folder / "file", O_RDONLY, 0);
  char buffer[8];
  EXPECT_EQ(files.read(*again, buffer, sizeof buffer).value(), 2u);
  EXPECT_EQ(std::string(buffer, 2), "he");
  EXPECT_EQ(files.read(*again, buffer, sizeof buffer).value(), 0u);
  EXPECT_NE(fcntl(again->get(), F_GETFD) & FD_CLOEXEC, 0);
}

TEST(SystemFileSystem, TemporaryFilesAreNewAndPrivate) {
  SystemFileSystem files;
  TemporaryFolder folder;
  std::string one = folder / "tXXXXXX", two = folder / "tXXXXXX";
  ASSERT_TRUE(files.create_temporary(one));
  ASSERT_TRUE(files.create_temporary(two));
  EXPECT_NE(one, two);
  EXPECT_EQ(files.stat(one)->st_mode & 07777, 0600u);
}

TEST(SystemFileSystem, LinksNamesAndTimes) {
  SystemFileSystem files;
  TemporaryFolder folder;
  write_file(folder / "file");
  EXPECT_TRUE(files.symlink("file", folder / "soft"));
  EXPECT_EQ(files.read_link(folder / "soft").value(), "file");
  EXPECT_TRUE(S_ISLNK(files.lstat(folder / "soft")->st_mode));
  EXPECT_TRUE(files.link(folder / "file", folder / "hard"));
  EXPECT_EQ(files.stat(folder / "hard")->st_ino, files.stat(folder / "file")->st_ino);
  EXPECT_TRUE(files.set_times(folder / "file", {{5, 0}, {7, 0}}));
  EXPECT_EQ(files.stat(folder / "soft")->st_mtim.tv_sec, 7);
  EXPECT_TRUE(files.change_mode(folder / "file", 0640));
  EXPECT_EQ(files.stat(folder / "hard")->st_mode & 07777, 0640u);
  EXPECT_TRUE(files.rename(folder / "hard", folder / "moved"));
  EXPECT_TRUE(files.unlink(folder / "soft"));
  EXPECT_TRUE(files.make_directory(folder / "directory", 0777));
  EXPECT_THAT(*files.list_directory(folder.path()), UnorderedElementsAre(".", "..", "file", "moved", "directory"));
  EXPECT_TRUE(files.remove_directory(folder / "directory"));
}

TEST(SystemFileSystem, AWorkingDirectoryOfItsOwnLeavesTheProcessAlone) {
  const auto before = std::filesystem::current_path();
  SystemFileSystem files(SystemFileSystem::WorkingDirectoryOwner::object);
  TemporaryFolder folder;
  write_file(folder / "d/file");
  EXPECT_EQ(files.working_directory().value(), before.string());
  ASSERT_TRUE(files.change_working_directory(folder / "d"));
  EXPECT_EQ(files.working_directory().value(), folder / "d");
  EXPECT_TRUE(files.stat("file"));
  ASSERT_TRUE(files.change_working_directory(".."));
  EXPECT_EQ(files.working_directory().value(), folder.path());
  EXPECT_EQ(files.change_working_directory("d/file").error().number, ENOTDIR);
  EXPECT_EQ(std::filesystem::current_path(), before);
  ASSERT_TRUE(files.change_working_directory("d"));
  std::filesystem::remove_all(folder / "d");
  EXPECT_EQ(files.working_directory().error().number, ENOENT);
}

TEST(SystemFileSystem, APlannedFaultTakesThePlaceOfTheCall) {
  SystemFileSystem files(SystemFileSystem::WorkingDirectoryOwner::process, {.worker = 3});
  TemporaryFolder folder;
  write_file(folder / "file");
  Faults faults;
  faults.arm({points::fail("files/unlink", EACCES, points::once(1))});
  EXPECT_EQ(files.unlink(folder / "file").error().number, EACCES);
  EXPECT_TRUE(std::filesystem::exists(folder / "file"));
  EXPECT_TRUE(files.unlink(folder / "file"));

  faults.arm({points::fail("files/getcwd", EIO, points::once(1)), points::fail("files/lstat", ELOOP, points::once(2))});
  EXPECT_EQ(files.working_directory().error().number, EIO);
  EXPECT_TRUE(files.lstat(folder.path()));
  EXPECT_EQ(files.lstat(folder.path()).error().number, ELOOP);
}

TEST(SystemFileSystem, AnInterruptedCallIsMadeAgain) {
  SystemFileSystem files;
  TemporaryFolder folder;
  Faults faults;
  faults.arm({points::fail("files/mkdir", EINTR, points::from(1).at_most(3))});
  EXPECT_TRUE(files.make_directory(folder / "d", 0777));
  EXPECT_EQ(faults.block().counters().at(0).fired, 3u);
}

}  // namespace
}  // namespace assay::reference
