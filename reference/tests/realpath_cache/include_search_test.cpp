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
    files_.File("/p/two/found.php");
    files_.File("/p/script/beside.php");
    files_.SymbolicLink("found.php", "/p/two/link.php");
    files_.Directory("/p/one");
    files_.working_directory = "/p";
  }

  std::vector<std::string> Keys() const {
    std::vector<std::string> keys;
    for (const auto& entry : cache_.List()) keys.push_back(entry.raw_path);
    return keys;
  }

  static bool Never(const std::string&) { return false; }

  RootedFileSystem files_;
  RealpathCache cache_{{}};
  PathResolver resolver_{files_, cache_, [] { return std::int64_t{1'000'000}; }};
  IncludeSearch search_{resolver_};
  IncludeContext context_{{"one", "/p/two"}, "/p/script"};
};

TEST(SplitIncludePath, ColonsEndElements) {
  EXPECT_THAT(SplitIncludePath(".:/usr/share/php"), ElementsAre(".", "/usr/share/php"));
  EXPECT_THAT(SplitIncludePath("::d"), ElementsAre("", "", "d"));
  EXPECT_THAT(SplitIncludePath("a:"), ElementsAre("a"));
  EXPECT_THAT(SplitIncludePath(""), IsEmpty());
}

TEST_F(IncludeSearchTest, RP_USE_06_FoundInTheSecondElement) {
  EXPECT_EQ(search_.ResolvePlain("found.php", context_).value(), "/p/two/found.php");
  EXPECT_THAT(Keys(), UnorderedElementsAre("/p", "/p/two", "/p/two/found.php"));
}

TEST_F(IncludeSearchTest, RP_USE_06_ThenBesideTheScript) {
  EXPECT_EQ(search_.Find("beside.php", context_).value(), "/p/script/beside.php");
  EXPECT_THAT(Keys(), UnorderedElementsAre("/p", "/p/script", "/p/script/beside.php"));
}

TEST_F(IncludeSearchTest, RP_USE_06_NowhereLeavesThePrefixesOfTheWorkingDirectory) {
  EXPECT_EQ(search_.ResolvePlain("nowhere.php", context_).value(), "/p/nowhere.php");
  EXPECT_THAT(Keys(), UnorderedElementsAre("/p"));
  cache_.Clear();
  EXPECT_FALSE(search_.Find("nowhere.php", context_));
  EXPECT_THAT(Keys(), IsEmpty());
}

TEST_F(IncludeSearchTest, RP_USE_06_DottedAndAbsoluteNamesAreNotSearched) {
  for (const char* name : {"./found.php", "../found.php", "/found.php"}) EXPECT_FALSE(search_.Find(name, context_));
  EXPECT_TRUE(search_.Find("..", context_)) << "searched: the parent of the first element";
}

TEST_F(IncludeSearchTest, RP_USE_03_DotsOfTheIncludePathStay) {
  context_.include_path = {"."};
  EXPECT_EQ(search_.Find("two/found.php", context_).value(), "/p/two/found.php");
  EXPECT_THAT(Keys(), Contains("/p/./two/found.php"));
}

TEST_F(IncludeSearchTest, RP_USE_07_OnceIncludesResolveTwice) {
  EXPECT_EQ(search_.ResolvePlain("/p/two/link.php", context_).value(), "/p/two/found.php");
  const std::vector<std::string> plain = Keys();
  cache_.Clear();
  const auto target = search_.ResolveOnce("/p/two/../two/link.php", context_, Never);
  EXPECT_EQ(target->path, "/p/two/found.php");
  EXPECT_FALSE(target->already_included);
  EXPECT_THAT(Keys(), Contains("/p/two/found.php")) << "the real path has an entry of its own";
  cache_.Clear();
  const auto again = search_.ResolveOnce("/p/two/../two/link.php", context_,
                                         [](const std::string& p) { return p == "/p/two/found.php"; });
  EXPECT_TRUE(again->already_included);
  EXPECT_THAT(Keys(), Not(Contains("/p/two/found.php")));
}

TEST_F(IncludeSearchTest, RP_USE_07_AFirstMissIsResolvedLeniently) {
  EXPECT_EQ(search_.ResolveOnce("/p/two/missing.php", context_, Never)->path, "/p/two/missing.php");
  EXPECT_THAT(Keys(), UnorderedElementsAre("/p", "/p/two"));
}

TEST_F(IncludeSearchTest, RP_PATH_13_AbsoluteElementsServeWithoutAWorkingDirectory) {
  files_.working_directory.clear();
  EXPECT_EQ(search_.ResolvePlain("found.php", context_).value(), "/p/two/found.php");
  EXPECT_FALSE(search_.ResolvePlain("nowhere.php", context_));
}

}  // namespace
}  // namespace assay::reference
