#include "conformance/adapters/php/program_root.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "conformance/adapters/php/child_process.h"
#include "conformance/adapters/php/command.h"
#include "conformance/adapters/php/php_binary.h"
#include "conformance/tests/test_folder.h"

namespace assay::conformance::php {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;
using namespace std::chrono_literals;

// Copies a program of this machine into a root, with the libraries that it needs.
void take_along(const std::string& program, const std::string& root) {
  const std::string command = "for file in " + program + " $(ldd " + program + " | grep -o '/[^ ]*'); do mkdir -p " +
                              root + "$(dirname $file) && cp -L $file " + root + "$file; done";
  ASSERT_EQ(std::system(command.c_str()), 0);
}

// A root with a shell, whose /tmp is a link, as those of some systems are.
class SmallRoot : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"proc", "dev", "var/tmp", "sbin"})
      fs::create_directories(folder_.path() + "/root/" + name);
    fs::create_symlink("/var/tmp", folder_.path() + "/root/tmp");
    take_along("/bin/sh", root_path());
  }
  std::string root_path() const { return folder_.path() + "/root"; }
  std::string write_inside(const std::string& name, const std::string& text) {
    return folder_.write_program("root/" + name, text).substr(root_path().size());
  }
  TestFolder folder_;
};

TEST_F(SmallRoot, LinksLeadIntoIt) {
  const auto root = ProgramRoot::of(root_path());
  if (!root && root.error().what.find("may not enter") != std::string::npos) GTEST_SKIP() << root.error().message();
  ASSERT_TRUE(root) << root.error().message();
  EXPECT_EQ(root->outside("/tmp"), root->folder() + "/var/tmp");
  EXPECT_EQ(root->outside("/../../etc/passwd"), "");
  EXPECT_EQ(ProgramRoot().outside("/etc"), "/etc");
}

TEST_F(SmallRoot, ProgramsSeeItAndWhatIsShared) {
  const auto root = ProgramRoot::of(root_path());
  if (!root && root.error().what.find("may not enter") != std::string::npos) GTEST_SKIP() << root.error().message();
  ASSERT_TRUE(root) << root.error().message();
  const std::string said = folder_.write("said", "shared");
  const std::string program = write_inside(
      "sbin/look",
      "#!/bin/sh\nread line <" + said +
          "\n[ -e /etc ] || echo no etc\n[ -e /proc/self/stat ] && [ -c /dev/null ] && echo \"$line $PATH\"\n");
  const auto output = run_command({program}, plain_environment(*root), 5s, *root);
  ASSERT_TRUE(output) << output.error().message();
  EXPECT_EQ(output->text, "no etc\nshared /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n");
  // Nothing stays mounted.
  EXPECT_TRUE(fs::is_empty(root_path() + "/proc"));
  EXPECT_TRUE(fs::is_empty(root_path() + "/var/tmp"));
}

TEST_F(SmallRoot, ItsPhpIsFoundAndInspected) {
  const auto root = ProgramRoot::of(root_path());
  if (!root && root.error().what.find("may not enter") != std::string::npos) GTEST_SKIP() << root.error().message();
  ASSERT_TRUE(root) << root.error().message();
  const auto none = find_php_fpm(*root);
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().message(), HasSubstr(root->folder() + ": :/usr/sbin"));
  fs::create_directories(root_path() + "/usr/sbin");
  const std::string program =
      write_inside("usr/sbin/php-fpm9.9", "#!/bin/sh\necho 'PHP 7.3.0 (fpm-fcgi) (built: x)'\n");
  EXPECT_EQ(find_php_fpm(*root).value(), "/usr/sbin/php-fpm9.9");
  const auto binary = inspect_php_binary(program, {}, 5s, Sapi::fpm, *root);
  ASSERT_FALSE(binary);
  EXPECT_THAT(binary.error().message(), HasSubstr("PHP 7.4 is the oldest"));
}

TEST_F(SmallRoot, WhatIsMissingIsSaid) {
  fs::remove(root_path() + "/dev");
  EXPECT_THAT(ProgramRoot::of(root_path()).error().message(), HasSubstr("there is no /dev in it"));
  fs::create_directory(root_path() + "/dev");
  fs::remove(root_path() + "/tmp");
  EXPECT_THAT(ProgramRoot::of(root_path()).error().message(), HasSubstr("has no counterpart in it"));
  EXPECT_THAT(ProgramRoot::of(root_path() + "/nothing").error().message(), HasSubstr("No such file"));
  EXPECT_THAT(ProgramRoot::of("/etc/passwd").error().message(), HasSubstr("this is no folder"));
}

}  // namespace
}  // namespace assay::conformance::php
