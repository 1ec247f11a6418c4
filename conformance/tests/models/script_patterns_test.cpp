#include "conformance/models/script_patterns.h"

#include <gmock/gmock-matchers.h>

namespace assay::conformance {
namespace {

using testing::ElementsAre;
using testing::Optional;

TEST(ScriptPatterns, MatchFromTheBeginning) {
  EXPECT_TRUE(excludes("/r/pre", "/r/prefix.php"));
  EXPECT_FALSE(excludes("/r/pre", "/pre"));
  EXPECT_TRUE(excludes("/r/q?.php", "/r/q1.php"));
  EXPECT_FALSE(excludes("/r/q?.php", "/r/q12.php"));
  EXPECT_FALSE(excludes("/r?q", "/r/q"));
  EXPECT_TRUE(excludes("/r/*/a", "/r/d/a.php"));
  EXPECT_FALSE(excludes("/r/*/a", "/r/d/e/a.php"));
  EXPECT_TRUE(excludes("/r/**/a", "/r/d/e/a.php"));
  EXPECT_FALSE(excludes("/z/**/y", "/z/y"));
}

TEST(ScriptPatterns, AListOfAnotherFormIsNotRead) {
  FileSystemModel files("/r");
  EXPECT_THAT(patterns_of("/r/a\n; none\n\n/r/b/", files), Optional(ElementsAre("/r/a", "/r/b/")));
  for (const char* line : {"a.php", "/r/../a", "/r//a", "\"/r/a\"", "/r/a "})
    EXPECT_EQ(patterns_of(line, files), std::nullopt) << line;
  files.make_link("/r/l", "d");
  EXPECT_EQ(patterns_of("/r/l/a", files), std::nullopt);
}

}  // namespace
}  // namespace assay::conformance
