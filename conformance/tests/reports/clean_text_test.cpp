#include "conformance/reports/clean_text.h"

#include <gtest/gtest.h>

namespace assay::conformance {
namespace {

TEST(CleanText, LeavesPlainTextAsItIs) {
  EXPECT_EQ(clean_text("Grüße, 世界 🎉\n\tend"), "Grüße, 世界 🎉\n\tend");
}

TEST(CleanText, ShowsWhatIsNoTextByteByByte) {
  EXPECT_EQ(clean_text(std::string_view("a\0b", 3)), "a\\x00b");
  EXPECT_EQ(clean_text("\x1b[31m\x7f\r"), "\\x1b[31m\\x7f\\x0d");
  EXPECT_EQ(clean_text("\xff\xc3"), "\\xff\\xc3");
  EXPECT_EQ(clean_text("\xe2\x80\xae"), "\\xe2\\x80\\xae");  // right-to-left override
  EXPECT_EQ(clean_text("\xef\xbf\xbf"), "\\xef\\xbf\\xbf");  // U+FFFF
  EXPECT_EQ(clean_text("\xc2\x9b"), "\\xc2\\x9b");           // C1: another way to begin an escape sequence
}

TEST(CleanLine, CutsOnlyBetweenCharacters) {
  EXPECT_EQ(clean_line("a\nb\tc\n"), "a b c");
  EXPECT_EQ(clean_line("ééé", 3), "é...");
  EXPECT_EQ(clean_line("abc", 3), "abc");
}

TEST(EscapeMarkup, LeavesNoMarkup) {
  EXPECT_EQ(escape_markup("<a b=\"c\">&'"), "&lt;a b=&quot;c&quot;&gt;&amp;&#39;");
}

TEST(EscapeMarkdown, LeavesNoMarkupInOneLine) {
  EXPECT_EQ(escape_markdown("a|b `*c*`\n[d](#e)"), "a\\|b \\`\\*c\\*\\` \\[d\\](\\#e)");
}

TEST(SlugOf, IsSafeInANameOfAFile) {
  EXPECT_EQ(slug_of("SC-VAL-02/../a b!"), "sc-val-02-a-b");
}

}  // namespace
}  // namespace assay::conformance
