#include "reference/config/user_ini.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace assay::reference {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

TEST(UserIni, ReadsSettingsAndSkipsTheRest) {
  EXPECT_THAT(parse_user_ini("; a comment\n[section]\nopen_basedir = /srv ; one folder\n\nnonsense\r\n"
                             "include_path=\".:/usr;x\"\nopen_basedir=/"),
              ElementsAre(Pair("include_path", ".:/usr;x"), Pair("open_basedir", "/")));
}

TEST(UserIni, EmptyValuesAndFilesAreFine) {
  EXPECT_THAT(parse_user_ini(""), IsEmpty());
  EXPECT_THAT(parse_user_ini("\n\n"), IsEmpty());
  EXPECT_THAT(parse_user_ini("open_basedir ="), ElementsAre(Pair("open_basedir", "")));
  EXPECT_THAT(parse_user_ini("open_basedir = \"/unfinished"), ElementsAre(Pair("open_basedir", "/unfinished")));
}

}  // namespace
}  // namespace assay::reference
