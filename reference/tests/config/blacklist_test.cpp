#include "reference/config/blacklist.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace assay::reference {
namespace {

namespace fs = std::filesystem;

class BlacklistTest : public testing::Test {
 protected:
  BlacklistTest() {
    char pattern[] = "/tmp/assay-blacklist-XXXXXX";
    folder_ = fs::canonical(mkdtemp(pattern)).string();
    fs::create_directories(folder_ + "/real");
    fs::create_directory_symlink("real", folder_ + "/link");
    std::ofstream(folder_ + "/real/a.php") << "<?php";
    fs::create_symlink("a.php", folder_ + "/real/to_a.php");
  }
  ~BlacklistTest() override { fs::remove_all(folder_); }

  std::string read_as(const std::string& line) {
    std::ofstream(folder_ + "/list") << line << "\n";
    const Blacklist list = Blacklist::read(folder_ + "/list");
    if (list.patterns().size() != 1) return std::to_string(list.patterns().size()) + " patterns";
    const std::string& pattern = list.patterns()[0];
    return pattern.starts_with(folder_) ? "@" + pattern.substr(folder_.size()) : pattern;
  }

  std::string folder_;
};

TEST_F(BlacklistTest, ReadsLinesAsPhpDoes) {  // SC-EXC-01
  EXPECT_EQ(read_as("a.php"), "@/a.php");
  EXPECT_EQ(read_as("/a.php"), "/a.php");
  EXPECT_EQ(read_as("; a.php"), "0 patterns");
  EXPECT_EQ(read_as(""), "0 patterns");
  EXPECT_EQ(read_as("\"a.php\"\r"), "@/a.php");
  EXPECT_EQ(read_as("\"\""), "0 patterns");
  EXPECT_EQ(read_as("\"half"), "@/\"half");
  EXPECT_EQ(read_as(" a.php"), "@/ a.php");
  EXPECT_EQ(read_as("a.php "), "@/a.php ");
  EXPECT_EQ(read_as("/"), "/");
}

TEST_F(BlacklistTest, FollowsLinksInWhatThereIs) {
  EXPECT_EQ(read_as("real/to_a.php"), "@/real/a.php");
  EXPECT_EQ(read_as("link/a.php"), "@/real/a.php");
  EXPECT_EQ(read_as("link/none.php"), "@/real/none.php");
  EXPECT_EQ(read_as("link/*.php"), "@/real/*.php");
  EXPECT_EQ(read_as("link"), "@/real");
  EXPECT_EQ(read_as("link/"), "@/real/");
  EXPECT_EQ(read_as("./link//../x.php"), "@/x.php");
}

TEST_F(BlacklistTest, ReadsAllListsThatANameMeans) {
  std::ofstream(folder_ + "/b.txt") << "two\n";
  std::ofstream(folder_ + "/a.txt") << "one";
  const Blacklist both = Blacklist::read(folder_ + "/*.txt");
  EXPECT_EQ(both.patterns(), (std::vector<std::string>{folder_ + "/one", folder_ + "/two"}));
  EXPECT_EQ(both.lists(), 2);
  EXPECT_EQ(Blacklist::read(folder_ + "/none").lists(), 0);
  EXPECT_TRUE(Blacklist::read(folder_).patterns().empty());
}

TEST(Blacklist, MatchesTheBeginningOfAPath) {  // SC-EXC-02
  const auto excludes = [](const char* pattern, const char* path) { return Blacklist({pattern}, "/").excludes(path); };
  EXPECT_TRUE(excludes("/pre", "/prefix.php"));
  EXPECT_FALSE(excludes("/pre", "/Prefix.php"));
  EXPECT_FALSE(excludes("/pre", "/a/pre"));
  EXPECT_TRUE(excludes("/q?.php", "/q1.php"));
  EXPECT_FALSE(excludes("/q?.php", "/q12.php"));
  EXPECT_FALSE(excludes("/q?php", "/q/php"));
  EXPECT_TRUE(excludes("/t_*.php", "/t_.php"));
  EXPECT_FALSE(excludes("/t*.php", "/t/a.php"));
  EXPECT_TRUE(excludes("/c/*", "/c/d/e.php"));
  EXPECT_TRUE(excludes("/z/**/y", "/z/a/b/y"));
  EXPECT_FALSE(excludes("/z/**/y", "/z/y"));
  EXPECT_FALSE(excludes("/lit.php", "/litxphp"));
  EXPECT_FALSE(Blacklist().excludes("/a.php"));
}

TEST(Blacklist, ManyRunsTakeNoLonger) {  // 2^30 ways to share forty letters among thirty runs
  std::string pattern = "/";
  for (int i = 0; i < 30; ++i) pattern += "a*";
  EXPECT_FALSE(Blacklist({pattern + "b"}, "/").excludes("/" + std::string(40, 'a')));
  EXPECT_TRUE(Blacklist({pattern + "b"}, "/").excludes("/" + std::string(40, 'a') + "b.php"));
}

}  // namespace
}  // namespace assay::reference
