// RP-SIZE: what an entry costs, and what a full cache does. Costs are exact with paths whose length is known: /usr is a
// directory of 4 bytes (48 + 5 = 53), /usr/share has 10 (59) and /usr/bin 8 (57).
#include "conformance/registry/registration.h"

using namespace assay::conformance;
using std::chrono::seconds;

CLAUSE_TEST(Scenario, "RP-SIZE-01/cost", "an entry costs 48 bytes, its path, and its real path where that differs") {
  auto w = worker();
  auto r = w.request();
  r.clear_realpath_cache();
  expect(r.realpath_size(), 0);
  expect(r.realpath("/usr"), "/usr");
  expect(r.realpath_size(), 53);
  expect(r.realpath("/usr/share"), "/usr/share");
  expect(r.realpath_size(), 53 + 59);
  expect(r.realpath("/usr/./share"), "/usr/share");
  expect(r.realpath_size(), 53 + 59 + (48 + 13 + 11));
  expect(r.realpath("//usr"), "/usr");
  expect(r.realpath_size(), 53 + 59 + (48 + 13 + 11) + (48 + 6 + 5));
}

CLAUSE_TEST(Scenario, "RP-SIZE-01/one-byte", "one more byte of a name costs one more byte") {
  auto w = worker();
  make_directory("@/a");
  make_directory("@/abcdefghijk");
  auto r = w.request();
  r.clear_realpath_cache();
  r.realpath("@/a");
  const ReplyRef short_name = r.realpath_size();
  r.clear_realpath_cache();
  r.realpath("@/abcdefghijk");
  expect(r.realpath_size(), grew({}, 10, short_name));
}

CLAUSE_TEST(Scenario, "RP-SIZE-01/expired", "expired entries count") {
  ini("realpath_cache_ttl", "-1");
  auto w = worker();
  auto r = w.request();
  r.clear_realpath_cache();
  r.realpath("/usr/share");
  expect(r.realpath_size(), 112);
}

CLAUSE_TEST(Scenario, "RP-SIZE-02/exact-fit", "an entry that fits exactly is admitted") {
  ini("realpath_cache_size", "53");
  auto w = worker();
  auto r = w.request();
  r.clear_realpath_cache();
  expect(r.realpath("/usr"), "/usr");
  expect(r.realpath_listing(), has_keys({"/usr"}));
  expect(r.realpath_size(), 53);
}

CLAUSE_TEST(Scenario, "RP-SIZE-02/one-byte-over", "an entry that is one byte too large is refused") {
  ini("realpath_cache_size", "52");
  auto w = worker();
  auto r = w.request();
  r.clear_realpath_cache();
  expect(r.realpath("/usr"), "/usr");
  expect(r.realpath_listing(), has_length(0));
  expect(r.realpath_size(), 0);
}

CLAUSE_TEST(Scenario, "RP-SIZE-03/full", "a full cache evicts nothing, refuses in silence and admits what still fits") {
  ini("realpath_cache_size", "111");
  auto w = worker();
  auto r = w.request();
  r.clear_realpath_cache();
  expect(r.realpath("/usr"), "/usr");
  const ReplyRef refused = r.realpath("/usr/share");
  expect(refused, "/usr/share");
  expect(refused, diagnoses(has_length(0)));
  expect(r.realpath_listing(), has_keys({"/usr"}));
  expect(r.realpath("/usr/bin"), "/usr/bin");
  expect(r.realpath_listing(), has_keys({"/usr", "/usr/bin"}));
  expect(r.realpath("/usr/share"), "/usr/share");
  expect(r.realpath("/etc"), "/etc");
  expect(r.realpath_listing(), has_keys({"/usr", "/usr/bin"}));
  expect(r.realpath_size(), 53 + 57);
}

CLAUSE_TEST(Scenario, "RP-SIZE-03/full-expired", "a full cache does not evict expired entries either") {
  ini("realpath_cache_size", "112");
  ini("realpath_cache_ttl", "-1");
  auto w = worker();
  auto r = w.request();
  r.clear_realpath_cache();
  r.realpath("/usr/share");
  expect(r.realpath("/etc"), "/etc");
  expect(r.realpath("/var"), "/var");
  expect(r.realpath_listing(), has_keys({"/usr", "/usr/share"}));
}

CLAUSE_TEST(Scenario, "RP-SIZE-05/zero", "a size of zero switches the cache off") {
  ini("realpath_cache_size", "0");
  auto w = worker();
  make_directory("@/r1");
  make_directory("@/r2");
  make_link("@/current", "r1");
  auto r = w.request();
  expect(r.realpath("@/current"), "@/r1");
  expect(r.realpath_listing(), has_length(0));
  expect(r.realpath_size(), 0);
  swap_link("@/current", "r2");
  expect(w.realpath("@/current"), "@/r2");
}

CLAUSE_TEST(Scenario, "RP-SIZE-06/unusable-limits", "negative, textual and tiny limits store nothing") {
  for (const char* limit : {"-1", "abc", "1", "50", "51", ""}) {
    auto w = worker({{"realpath_cache_size", limit}});
    auto r = w.request();
    r.clear_realpath_cache();  // a pool's setting comes after the first main script was resolved (RP-INI-02)
    expect(r.realpath("/usr/share"), "/usr/share");
    expect(r.realpath_size(), 0);
    expect(r.realpath_listing(), has_length(0));
    expect(r.ini_get("realpath_cache_size"), limit);
  }
}

CLAUSE_TEST(Scenario, "RP-SIZE-06/suffixes", "suffixes multiply, and the setting keeps its text") {
  for (const char* limit : {"1K", "1k", "1.5K", "1G", "2M", "9223372036854775807"}) {
    auto w = worker({{"realpath_cache_size", limit}});
    auto r = w.request();
    r.clear_realpath_cache();
    expect(r.realpath("/usr/share"), "/usr/share");
    expect(r.realpath_size(), 112);
    expect(r.ini_get("realpath_cache_size"), limit);
  }
}

CLAUSE_TEST(Scenario, "RP-SIZE-06/fraction", "a fraction before a suffix is cut") {
  auto w = worker({{"realpath_cache_size", "1.9K"}});
  auto r = w.request();
  r.clear_realpath_cache();
  // Spellings of /usr with 500 and 400 bytes more cost 558 and 458: 1016 in all, and a third of 20 bytes more is
  // refused.
  expect(r.realpath("/" + std::string(500, '/') + "usr"), "/usr");
  expect(r.realpath("/" + std::string(400, '/') + "usr"), "/usr");
  expect(r.realpath_size(), 558 + 458);
  expect(r.realpath("/" + std::string(20, '/') + "usr"), "/usr");
  expect(r.realpath_size(), 558 + 458);
}

CLAUSE_TEST(Scenario, "RP-SIZE-07/both-paths",
            "a path reached through another spelling or a link pays for both paths") {
  auto w = worker();
  write("@/releases/r1/f", "");
  make_link("@/current", "releases/r1");
  auto r = w.request();
  r.realpath("@/releases/r1/f");
  r.realpath("@/current");
  const ReplyRef before = r.realpath_size();
  r.realpath("@/current/f");
  const ReplyRef by_link = r.realpath_size();
  r.clear_stat_cache(true, "@/current/f");
  expect(r.realpath_size(), same_as(before));
  r.realpath("@/releases/r1//f");
  // Both pay the real path; the written one is 5 bytes longer.
  expect(r.realpath_size(), grew({}, 5, by_link));
}
