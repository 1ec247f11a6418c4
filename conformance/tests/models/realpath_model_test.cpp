#include "conformance/models/realpath_model.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "conformance/vocabulary/trace.h"

namespace assay::conformance {
namespace {

// The examples of realpath-cache.md, below the root "/srv/app".
class RealpathModelTest : public testing::Test {
 protected:
  static constexpr auto strict = RealpathModel::Mode::strict;
  static constexpr auto lenient = RealpathModel::Mode::lenient;

  void SetUp() override {
    directory("/srv/app/releases/r1");
    directory("/srv/app/releases/r2");
    file("/srv/app/releases/r1/index.php");
    link("/srv/app/current", "releases/r1");
  }
  void directory(const char* path) { files.apply(make_action(ActionKind::make_directory, {{"path", path}}), now); }
  void file(const char* path) { files.apply(make_action(ActionKind::write, {{"path", path}, {"content", "x"}}), now); }
  void link(const char* path, const char* target) {
    files.apply(make_action(ActionKind::swap_link, {{"path", path}, {"target", target}}), now);
  }
  void remove(const char* path) { files.apply(make_action(ActionKind::remove, {{"path", path}}), now); }
  std::string get(const std::string& path, RealpathModel::Mode mode = strict) {
    return cache.resolve(path, mode, files, now).value_or("false");
  }
  std::vector<std::string> keys() {
    std::vector<std::string> names;
    for (const auto* entry : cache.entries()) names.push_back(entry->raw);
    std::sort(names.begin(), names.end());
    return names;
  }
  using Keys = std::vector<std::string>;

  std::int64_t now = clock_start;
  FileSystemModel files{"/srv/app"};
  RealpathModel cache{RealpathRules{}};
};

TEST_F(RealpathModelTest, KeysOfTheSpecification) {
  EXPECT_EQ(realpath_key("/home"), 4353355791257440477u);
  EXPECT_EQ(realpath_key("/var/www/html"), 1438560323331296433u);
  EXPECT_EQ(realpath_key("/usr/share"), 6535054275978418810u);
  EXPECT_EQ(realpath_key("/srv/app"), 2203434383530388631u);
  EXPECT_EQ(realpath_key("/srv/app/current/index.php"), 5378228622592524166u);
  EXPECT_EQ(realpath_key("/srv/\xc3\xa9"), 1192842639147795470u);
  EXPECT_EQ(realpath_key("/usr"), 16709846468608511126u);
  EXPECT_EQ(shown_key(16709846468608511126u), Value(1.6709846468608512E+19));
  EXPECT_EQ(realpath_key("/srv") % 1024, 199u);
  EXPECT_EQ(realpath_key("/cig") % 1024, 199u);
}

TEST_F(RealpathModelTest, Quantities) {
  EXPECT_EQ(quantity("4096K"), 4096 * 1024);
  EXPECT_EQ(quantity("1.5K"), 1024);
  EXPECT_EQ(quantity("1g"), 1 << 30);
  EXPECT_EQ(quantity("abc"), 0);
  EXPECT_EQ(quantity(""), 0);
  EXPECT_EQ(quantity("-5"), -5);
}

TEST_F(RealpathModelTest, ReferenceCase) {
  EXPECT_EQ(get("/srv/app/current/index.php"), "/srv/app/releases/r1/index.php");
  EXPECT_EQ(keys(), Keys({"/srv", "/srv/app", "/srv/app/current", "/srv/app/current/index.php", "/srv/app/releases",
                          "/srv/app/releases/r1"}));
  EXPECT_EQ(cache.size(), 437);
  EXPECT_EQ(*cache.listing().at({"/srv/app/current/index.php", "key"}), Value(std::int64_t{5378228622592524166}));
  EXPECT_EQ(*cache.listing().at({"/srv/app/current", "is_dir"}), Value(true));
  EXPECT_EQ(*cache.listing().at({"/srv/app/current", "expires"}), Value(now + 120));
}

TEST_F(RealpathModelTest, RootHasNoEntry) {
  EXPECT_EQ(get("/"), "/");
  EXPECT_EQ(get("/.."), "/");
  EXPECT_EQ(cache.size(), 0);
  EXPECT_EQ(get("//srv//"), "/srv");
  EXPECT_EQ(keys(), Keys({"//srv"}));
}

TEST_F(RealpathModelTest, SpellingsStayInTheKey) {
  EXPECT_EQ(get("/srv/app/releases/../releases/./r1//index.php"), "/srv/app/releases/r1/index.php");
  for (const char* key : {"/srv/app/releases/../releases", "/srv/app/releases/../releases/./r1",
                          "/srv/app/releases/../releases/./r1//index.php"})
    EXPECT_NE(cache.listing().find(Key(key)), nullptr) << key;
}

TEST_F(RealpathModelTest, RelativeLinksAreJoinedToTheRawParent) {
  directory("/srv/app/w");
  link("/srv/app/w/l", "../releases");
  EXPECT_EQ(get("/srv/app/w//l"), "/srv/app/releases");
  EXPECT_NE(cache.listing().find(Key("/srv/app/w//../releases")), nullptr);
}

TEST_F(RealpathModelTest, ChainsMapToTheEnd) {
  link("/srv/app/k1", "releases/r1/index.php");
  link("/srv/app/k2", "k1");
  link("/srv/app/k3", "/srv/app/k2");
  EXPECT_EQ(get("/srv/app/k3"), "/srv/app/releases/r1/index.php");
  EXPECT_EQ(cache.entries().size(), 8u);
  EXPECT_EQ(*cache.listing().at({"/srv/app/k2", "realpath"}), Value("/srv/app/releases/r1/index.php"));
}

TEST_F(RealpathModelTest, MissingIsNotCached) {
  EXPECT_EQ(get("/srv/app/none"), "false");
  EXPECT_EQ(cache.size(), 0);
  file("/srv/app/none");
  EXPECT_EQ(get("/srv/app/none"), "/srv/app/none");
}

TEST_F(RealpathModelTest, LenientModeCachesThePrefixes) {
  EXPECT_EQ(get("/srv/app/none/x", lenient), "/srv/app/none/x");
  EXPECT_EQ(keys(), Keys({"/srv", "/srv/app"}));
  EXPECT_EQ(get("/srv/app/none/../current", lenient), "/srv/app/current");
  EXPECT_EQ(get("/srv/app/none/../current"), "false");
  cache.clear();
  EXPECT_EQ(get("/srv/app/releases/r1/index.php/x", lenient), "false");
  EXPECT_EQ(cache.size(), 0);
}

TEST_F(RealpathModelTest, DanglingLinks) {
  link("/srv/app/l", "gone");
  EXPECT_EQ(get("/srv/app/l"), "false");
  EXPECT_EQ(get("/srv/app/l/x", lenient), "/srv/app/gone/x");
  EXPECT_EQ(keys(), Keys({"/srv", "/srv/app", "/srv/app/l"}));
  EXPECT_EQ(get("/srv/app/l"), "/srv/app/gone");
  directory("/srv/app/gone");
  file("/srv/app/gone/x");
  EXPECT_EQ(get("/srv/app/l/x", lenient), "false");
  cache.clear();
  EXPECT_EQ(get("/srv/app/l/x"), "/srv/app/gone/x");
}

TEST_F(RealpathModelTest, TypeOfTheEntryDecides) {
  EXPECT_EQ(get("/srv/app/releases/r1/index.php"), "/srv/app/releases/r1/index.php");
  remove("/srv/app/releases/r1/index.php");
  directory("/srv/app/releases/r1/index.php");
  EXPECT_EQ(get("/srv/app/releases/r1/index.php/"), "false");
  EXPECT_EQ(get("/srv/app/releases/r1/index.php/."), "false");
  cache.clear();
  EXPECT_EQ(get("/srv/app/releases/r1/index.php/"), "/srv/app/releases/r1/index.php");
}

TEST_F(RealpathModelTest, ExpiryIsInclusive) {
  EXPECT_EQ(get("/srv/app/current"), "/srv/app/releases/r1");
  link("/srv/app/current", "releases/r2");
  now += 120;
  EXPECT_EQ(get("/srv/app/current"), "/srv/app/releases/r1");
  now += 1;
  EXPECT_EQ(get("/srv/app/current"), "/srv/app/releases/r2");
}

TEST_F(RealpathModelTest, MixedAnswerUnderAStaleLink) {
  file("/srv/app/releases/r1/old");
  file("/srv/app/releases/r2/new");
  get("/srv/app/current");
  link("/srv/app/current", "releases/r2");
  EXPECT_EQ(get("/srv/app/current/new"), "/srv/app/releases/r1/new");
  EXPECT_EQ(get("/srv/app/current/old"), "false");
  EXPECT_EQ(get("/srv/app/current/old", lenient), "/srv/app/releases/r1/old");
}

TEST_F(RealpathModelTest, DotDotIsPhysical) {
  EXPECT_EQ(get("/srv/app/current/.."), "/srv/app/releases");
  EXPECT_EQ(cache.listing().find(Key("/srv/app/current/..")), nullptr);
  EXPECT_EQ(get("/srv/app/releases/r1/index.php/../x"), "false");
}

TEST_F(RealpathModelTest, LoopsAndTooManyLinks) {
  link("/srv/app/a", "b");
  link("/srv/app/b", "a");
  EXPECT_EQ(get("/srv/app/a"), "false");
  EXPECT_EQ(get("/srv/app/a", lenient), "false");
  EXPECT_EQ(cache.size(), 0);
  link("/srv/app/k1", "releases");
  for (int i = 2; i <= 40; ++i) link(fmt::format("/srv/app/k{}", i).c_str(), fmt::format("k{}", i - 1).c_str());
  EXPECT_EQ(get("/srv/app/k33"), "false");
  EXPECT_EQ(get("/srv/app/k32"), "/srv/app/releases");
  EXPECT_EQ(get("/srv/app/k40"), "/srv/app/releases");
}

TEST_F(RealpathModelTest, TheLimitAdmitsTheShallowFirst) {
  cache = RealpathModel(RealpathRules{.limit = 53, .ttl = 120});
  EXPECT_EQ(get("/srv/app/current"), "/srv/app/releases/r1");
  EXPECT_EQ(keys(), Keys({"/srv"}));
  cache = RealpathModel(RealpathRules{.limit = 52, .ttl = 120});
  get("/srv/app/current");
  EXPECT_EQ(cache.size(), 0);
  cache = RealpathModel(RealpathRules{.limit = -1, .ttl = 120});
  get("/srv/app/current");
  EXPECT_EQ(cache.size(), 0);
}

TEST_F(RealpathModelTest, TtlZeroNeverExpires) {
  cache = RealpathModel(RealpathRules{.ttl = 0});
  get("/srv/app/current");
  now += 1'000'000;
  link("/srv/app/current", "releases/r2");
  EXPECT_EQ(get("/srv/app/current"), "/srv/app/releases/r1");
  EXPECT_EQ(*cache.listing().at({"/srv", "expires"}), Value(-1));
}

TEST_F(RealpathModelTest, NegativeTtlListsButNeverAnswers) {
  cache = RealpathModel(RealpathRules{.ttl = -1});
  get("/srv/app/current");
  const auto size = cache.size();
  link("/srv/app/current", "releases/r2");
  EXPECT_EQ(get("/srv/app/current"), "/srv/app/releases/r2");
  EXPECT_GT(size, 0);
}

TEST_F(RealpathModelTest, OnlyAWalkReclaims) {
  FileSystemModel two("/srv");
  two.make_directory("/cig");
  cache = RealpathModel(RealpathRules{.ttl = 1});
  cache.resolve("/srv", strict, two, now);
  cache.resolve("/cig", strict, two, now + 1);
  EXPECT_EQ(cache.entries().front()->raw, "/cig");
  EXPECT_EQ(cache.size(), 106);
  cache.resolve("/cig", strict, two, now + 2);  // the match is found before the expired one behind it
  EXPECT_EQ(cache.size(), 106);
  cache.resolve("/none", strict, two, now + 2);
  EXPECT_EQ(cache.size(), 106);
  cache.resolve("/srv", strict, two, now + 2);
  EXPECT_EQ(cache.entries().front()->raw, "/srv");
  EXPECT_EQ(cache.size(), 106);
  cache.clear_one("/srv");
  EXPECT_EQ(cache.size(), 53);
}

TEST_F(RealpathModelTest, KernelWalks) {
  EXPECT_EQ(files.walk("/srv/app/current/index.php", false).path, "/srv/app/releases/r1/index.php");
  EXPECT_TRUE(files.walk("/srv/app/current", false).is(FileSystemModel::Node::Kind::link));
  EXPECT_TRUE(files.walk("/srv/app/current/", false).is(FileSystemModel::Node::Kind::directory));
  EXPECT_FALSE(files.walk("/srv/app/none/..", false).found());
  EXPECT_FALSE(files.walk("/srv/app/releases/r1/index.php/", false).found());
  EXPECT_TRUE(files.rename("/srv/app/releases", "/srv/app/moved"));
  EXPECT_EQ(files.walk("/srv/app/moved/r1/index.php", true).path, "/srv/app/moved/r1/index.php");
  EXPECT_FALSE(files.walk("/srv/app/current", true).found());
  EXPECT_FALSE(files.remove_directory("/srv/app/moved"));
  EXPECT_TRUE(files.remove_directory("/srv/app/moved/r2"));
}

}  // namespace
}  // namespace assay::conformance
