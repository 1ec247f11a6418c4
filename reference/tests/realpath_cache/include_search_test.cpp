#include "reference/realpath_cache/include_search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reference/tests/realpath_cache/rooted_file_system.h"

namespace assay::reference {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

class IncludeSearchTest : public ::testing::Test {
 protected:
  void SetUp() override {
    files_.file("/p/two/found.php");
    files_.file("/p/script/beside.php");
    files_.symbolic_link("found.php", "/p/two/link.php");
    files_.directory("/p/one");
    files_.current = "/p";
  }

  std::vector<std::string> keys() const {
    std::vector<std::string> keys;
    for (const auto& entry : cache_.list()) keys.push_back(entry.raw_path);
    return keys;
  }

  static bool never(const std::string&) { return false; }

  RootedFileSystem files_;
  RealpathCache cache_{{}};
  PathResolver resolver_{files_, cache_, [] { return std::int64_t{1'000'000}; }};
  IncludeSearch search_{resolver_};
  IncludeContext context_{{"one", "/p/two"}, "/p/script"};
};

TEST(SplitIncludePath, ColonsEndElements) {
  EXPECT_THAT(split_include_path(".:/usr/share/php"), ElementsAre(".", "/usr/share/php"));
  EXPECT_THAT(split_include_path("::d"), ElementsAre("", "", "d"));
  EXPECT_THAT(split_include_path("a:"), ElementsAre("a"));
  EXPECT_THAT(split_include_path(""), IsEmpty());
}

TEST_F(IncludeSearchTest, RP_USE_06_FoundInTheSecondElement) {
  EXPECT_EQ(search_.resolve_plain("found.php", context_).value(), "/p/two/found.php");
  EXPECT_THAT(keys(), UnorderedElementsAre("/p", "/p/two", "/p/two/found.php"));
}

TEST_F(IncludeSearchTest, RP_USE_06_ThenBesideTheScript) {
  EXPECT_EQ(search_.find("beside.php", context_).value(), "/p/script/beside.php");
  EXPECT_THAT(keys(), UnorderedElementsAre("/p", "/p/script", "/p/script/beside.php"));
}

TEST_F(IncludeSearchTest, RP_USE_06_NowhereLeavesThePrefixesOfTheWorkingDirectory) {
  EXPECT_EQ(search_.resolve_plain("nowhere.php", context_).value(), "/p/nowhere.php");
  EXPECT_THAT(keys(), UnorderedElementsAre("/p"));
  cache_.clear();
  EXPECT_FALSE(search_.find("nowhere.php", context_));
  EXPECT_THAT(keys(), IsEmpty());
}

TEST_F(IncludeSearchTest, RP_USE_06_DottedAndAbsoluteNamesAreNotSearched) {
  for (const char* name : {"./found.php", "../found.php", "/found.php"}) EXPECT_FALSE(search_.find(name, context_));
  EXPECT_TRUE(search_.find("..", context_)) << "searched: the parent of the first element";
}

TEST_F(IncludeSearchTest, RP_USE_03_DotsOfTheIncludePathStay) {
  context_.include_path = {"."};
  EXPECT_EQ(search_.find("two/found.php", context_).value(), "/p/two/found.php");
  EXPECT_THAT(keys(), Contains("/p/./two/found.php"));
}

TEST_F(IncludeSearchTest, RP_USE_07_OnceIncludesResolveTwice) {
  EXPECT_EQ(search_.resolve_plain("/p/two/link.php", context_).value(), "/p/two/found.php");
  const std::vector<std::string> plain = keys();
  cache_.clear();
  const auto target = search_.resolve_once("/p/two/../two/link.php", context_, never);
  EXPECT_EQ(target->path, "/p/two/found.php");
  EXPECT_FALSE(target->already_included);
  EXPECT_THAT(keys(), Contains("/p/two/found.php")) << "the real path has an entry of its own";
  cache_.clear();
  const auto again = search_.resolve_once("/p/two/../two/link.php", context_,
                                          [](const std::string& p) { return p == "/p/two/found.php"; });
  EXPECT_TRUE(again->already_included);
  EXPECT_THAT(keys(), Not(Contains("/p/two/found.php")));
}

TEST_F(IncludeSearchTest, RP_USE_07_AFirstMissIsResolvedLeniently) {
  EXPECT_EQ(search_.resolve_once("/p/two/missing.php", context_, never)->path, "/p/two/missing.php");
  EXPECT_THAT(keys(), UnorderedElementsAre("/p", "/p/two"));
}

TEST_F(IncludeSearchTest, RP_PATH_13_AbsoluteElementsServeWithoutAWorkingDirectory) {
  files_.current.clear();
  EXPECT_EQ(search_.resolve_plain("found.php", context_).value(), "/p/two/found.php");
  EXPECT_FALSE(search_.resolve_plain("nowhere.php", context_));
}

}  // namespace
}  // namespace assay::reference
