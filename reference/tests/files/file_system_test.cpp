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
  WriteFile(folder / "file");
  EXPECT_EQ(files.Lstat(folder / "none").error().number, ENOENT);
  EXPECT_EQ(files.Stat(folder / "file/x").error().number, ENOTDIR);
  EXPECT_EQ(files.ReadLink(folder / "file").error().number, EINVAL);
  EXPECT_EQ(files.Access(folder / "none", F_OK).error().number, ENOENT);
  EXPECT_EQ(files.MakeDirectory(folder / "file", 0777).error().number, EEXIST);
  EXPECT_EQ(files.Open(folder / "none", O_RDONLY, 0).error().number, ENOENT);
  EXPECT_EQ(files.ListDirectory(folder / "file").error().number, ENOTDIR);
  EXPECT_EQ(DescribeErrno(Errno{ENOENT}), "No such file or directory (errno 2)");
}

TEST(SystemFileSystem, ReadsAndWrites) {
  SystemFileSystem files;
  TemporaryFolder folder;
  auto file = files.Open(folder / "file", O_RDWR | O_CREAT, 0600);
  ASSERT_TRUE(file);
  EXPECT_EQ(files.Write(*file, "hello").value(), 5u);
  EXPECT_EQ(files.StatOpen(*file)->st_size, 5);
  EXPECT_TRUE(files.Truncate(*file, 2));
  EXPECT_TRUE(files.Synchronize(*file));
  auto again = files.Open(folder / "file", O_RDONLY, 0);
  char buffer[8];
  EXPECT_EQ(files.Read(*again, buffer, sizeof buffer).value(), 2u);
  EXPECT_EQ(std::string(buffer, 2), "he");
  EXPECT_EQ(files.Read(*again, buffer, sizeof buffer).value(), 0u);
  EXPECT_NE(fcntl(again->get(), F_GETFD) & FD_CLOEXEC, 0);
}

TEST(SystemFileSystem, TemporaryFilesAreNewAndPrivate) {
  SystemFileSystem files;
  TemporaryFolder folder;
  std::string one = folder / "tXXXXXX", two = folder / "tXXXXXX";
  ASSERT_TRUE(files.CreateTemporary(one));
  ASSERT_TRUE(files.CreateTemporary(two));
  EXPECT_NE(one, two);
  EXPECT_EQ(files.Stat(one)->st_mode & 07777, 0600u);
}

TEST(SystemFileSystem, LinksNamesAndTimes) {
  SystemFileSystem files;
  TemporaryFolder folder;
  WriteFile(folder / "file");
  EXPECT_TRUE(files.Symlink("file", folder / "soft"));
  EXPECT_EQ(files.ReadLink(folder / "soft").value(), "file");
  EXPECT_TRUE(S_ISLNK(files.Lstat(folder / "soft")->st_mode));
  EXPECT_TRUE(files.Link(folder / "file", folder / "hard"));
  EXPECT_EQ(files.Stat(folder / "hard")->st_ino, files.Stat(folder / "file")->st_ino);
  EXPECT_TRUE(files.SetTimes(folder / "file", {{5, 0}, {7, 0}}));
  EXPECT_EQ(files.Stat(folder / "soft")->st_mtim.tv_sec, 7);
  EXPECT_TRUE(files.ChangeMode(folder / "file", 0640));
  EXPECT_EQ(files.Stat(folder / "hard")->st_mode & 07777, 0640u);
  EXPECT_TRUE(files.Rename(folder / "hard", folder / "moved"));
  EXPECT_TRUE(files.Unlink(folder / "soft"));
  EXPECT_TRUE(files.MakeDirectory(folder / "directory", 0777));
  EXPECT_THAT(*files.ListDirectory(folder.path()), UnorderedElementsAre(".", "..", "file", "moved", "directory"));
  EXPECT_TRUE(files.RemoveDirectory(folder / "directory"));
}

TEST(SystemFileSystem, AWorkingDirectoryOfItsOwnLeavesTheProcessAlone) {
  const auto before = std::filesystem::current_path();
  SystemFileSystem files(SystemFileSystem::WorkingDirectoryOwner::kObject);
  TemporaryFolder folder;
  WriteFile(folder / "d/file");
  EXPECT_EQ(files.WorkingDirectory().value(), before.string());
  ASSERT_TRUE(files.ChangeWorkingDirectory(folder / "d"));
  EXPECT_EQ(files.WorkingDirectory().value(), folder / "d");
  EXPECT_TRUE(files.Stat("file"));
  ASSERT_TRUE(files.ChangeWorkingDirectory(".."));
  EXPECT_EQ(files.WorkingDirectory().value(), folder.path());
  EXPECT_EQ(files.ChangeWorkingDirectory("d/file").error().number, ENOTDIR);
  EXPECT_EQ(std::filesystem::current_path(), before);
  ASSERT_TRUE(files.ChangeWorkingDirectory("d"));
  std::filesystem::remove_all(folder / "d");
  EXPECT_EQ(files.WorkingDirectory().error().number, ENOENT);
}

TEST(SystemFileSystem, APlannedFaultTakesThePlaceOfTheCall) {
  SystemFileSystem files(SystemFileSystem::WorkingDirectoryOwner::kProcess, {.worker = 3});
  TemporaryFolder folder;
  WriteFile(folder / "file");
  Faults faults;
  faults.arm({points::fail("files/unlink", EACCES, points::once(1))});
  EXPECT_EQ(files.Unlink(folder / "file").error().number, EACCES);
  EXPECT_TRUE(std::filesystem::exists(folder / "file"));
  EXPECT_TRUE(files.Unlink(folder / "file"));

  faults.arm({points::fail("files/getcwd", EIO, points::once(1)), points::fail("files/lstat", ELOOP, points::once(2))});
  EXPECT_EQ(files.WorkingDirectory().error().number, EIO);
  EXPECT_TRUE(files.Lstat(folder.path()));
  EXPECT_EQ(files.Lstat(folder.path()).error().number, ELOOP);
}

TEST(SystemFileSystem, AnInterruptedCallIsMadeAgain) {
  SystemFileSystem files;
  TemporaryFolder folder;
  Faults faults;
  faults.arm({points::fail("files/mkdir", EINTR, points::from(1).at_most(3))});
  EXPECT_TRUE(files.MakeDirectory(folder / "d", 0777));
  EXPECT_EQ(faults.block().counters().at(0).fired, 3u);
}

}  // namespace
}  // namespace assay::reference
