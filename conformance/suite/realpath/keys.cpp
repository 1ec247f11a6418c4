// RP-KEY: the hash key and its buckets, and what follows from them: the order of the listing, of insertion and of
// reclaiming.
//
// The sandbox's own path is not known, so these tests use spellings of /usr and /usr/share, which are known to the last
// byte: each spelling is a raw path of its own (RP-ENT-04). Those named here share the bucket of /usr, number 150.
#include "conformance/registry/registration.h"

using namespace assay::conformance;

namespace {
const char* const kUsr = "/usr";
const char* const kNeighbour = "/.//./////./usr";
const char* const kThird = "/././/././//./././././usr";
const char* const kOwnPrefix = "/usr//././././///share";
const char* const kMissingNeighbour = "/assay-aej";
}  // namespace

CLAUSE_TEST(Scenario, "RP-KEY-01/fnv", "a path's key is its FNV-1 hash with the 32-bit constants") {
  auto w = worker();
  auto r = w.request();
  r.clear_realpath_cache();
  expect(r.realpath("/usr/./share"), "/usr/share");
  expect(r.realpath("/usr//share"), "/usr/share");
  expect(r.realpath("/usr/share"), "/usr/share");
  const ReplyRef listing = r.realpath_listing();
  expect(listing, at({"/usr/share", "key"}, std::int64_t{6535054275978418810}));
  expect(listing, at({"/usr/./share", "key"}, std::int64_t{6432273064945460461}));
  expect(listing, at({"/usr//share", "key"}, std::int64_t{4559475897411601345}));
}

CLAUSE_TEST(Scenario, "RP-KEY-03/float", "a key above the largest integer is shown as a float") {
  auto w = worker();
  auto r = w.request();
  r.clear_realpath_cache();
  expect(r.realpath("/usr"), "/usr");
  expect(r.realpath("/etc"), "/etc");
  const ReplyRef listing = r.realpath_listing();
  expect(listing, at({"/usr", "key"}, 1.6709846468608512E+19));
  expect(listing, at({"/etc", "key"}, 1.67143502872651e+19));
}

CLAUSE_TEST(Scenario, "RP-KEY-04/shared-bucket", "paths that share a bucket keep their own results") {
  auto w = worker();
  auto r = w.request();
  r.clear_realpath_cache();
  expect(r.realpath(kUsr), "/usr");
  expect(r.realpath(kOwnPrefix), "/usr/share");
  expect(r.realpath(kNeighbour), "/usr");
  expect(r.realpath(kUsr), "/usr");
  expect(r.realpath(kOwnPrefix), "/usr/share");
  expect(r.realpath(kMissingNeighbour), false);
  const ReplyRef listing = r.realpath_listing();
  expect(listing, at({kUsr, "realpath"}, "/usr"));
  expect(listing, at({kOwnPrefix, "realpath"}, "/usr/share"));
  expect(listing, at({kNeighbour, "realpath"}, "/usr"));
}

CLAUSE_TEST(Scenario, "RP-ENT-11/bucket-order", "RP-KEY-04",
            "the listing goes through the buckets, the newest entry of each first") {
  auto w = worker();
  auto r = w.request();
  r.clear_realpath_cache();
  // Buckets: /usr and its neighbours 150, /usr//share 961, /usr/./share 237, /etc 418, /usr/share 634.
  expect(r.realpath("/usr"), "/usr");
  expect(r.realpath(kThird), "/usr");
  expect(r.realpath(kNeighbour), "/usr");
  expect(r.realpath("/usr//share"), "/usr/share");
  expect(r.realpath("/usr/share"), "/usr/share");
  expect(r.realpath("/etc"), "/etc");
  expect(r.realpath("/usr/./share"), "/usr/share");
  expect(r.realpath_listing(),
         has_keys({kNeighbour, kThird, kUsr, "/usr/./share", "/etc", "/usr/share", "/usr//share"}));
}

CLAUSE_TEST(Scenario, "RP-ENT-11/expired", "expired entries are listed like live ones") {
  ini("realpath_cache_ttl", "-1");
  auto w = worker();
  auto r = w.request();
  r.clear_realpath_cache();
  expect(r.realpath("/usr/share"), "/usr/share");
  expect(r.realpath_listing(), has_keys({"/usr", "/usr/share"}));
  expect(r.realpath_listing(), has_keys({"/usr", "/usr/share"}));
}

CLAUSE_TEST(Scenario, "RP-ENT-12/longer-path", "a longer path is listed before its own prefix in the same bucket") {
  auto w = worker();
  auto r = w.request();
  r.clear_realpath_cache();
  expect(r.realpath(kOwnPrefix), "/usr/share");
  expect(r.realpath_listing(), has_keys({kOwnPrefix, kUsr}));
}

CLAUSE_TEST(Scenario, "RP-ENT-12/little-room",
            "the directory nearest the root is admitted and the leaf refused where room is short") {
  ini("realpath_cache_size", "111");
  auto w = worker();
  auto r = w.request();
  r.clear_realpath_cache();
  expect(r.realpath("/usr/share"), "/usr/share");
  expect(r.realpath_listing(), has_keys({"/usr"}));
  expect(r.realpath_size(), 53);
}

CLAUSE_TEST(Scenario, "RP-ENT-12/reclaimed-room", "RP-SIZE-04",
            "room reclaimed by a resolution serves all that it inserts") {
  ini("realpath_cache_ttl", "-1");
  ini("realpath_cache_size", "112");
  auto w = worker();
  auto r = w.request();
  r.clear_realpath_cache();
  for (int i = 0; i < 3; ++i) {
    expect(r.realpath("/usr/share"), "/usr/share");
    expect(r.realpath_listing(), has_keys({"/usr", "/usr/share"}));
    expect(r.realpath_size(), 112);
  }
}

CLAUSE_TEST(Scenario, "RP-ENT-13/failure-reclaims", "RP-SIZE-04",
            "a failed resolution reclaims the expired entries it passed") {
  ini("realpath_cache_ttl", "-1");
  auto w = worker();
  auto r = w.request();
  r.clear_realpath_cache();
  expect(r.realpath("/usr"), "/usr");
  expect(r.realpath("/etc"), "/etc");
  expect(r.realpath_listing(), has_keys({"/usr", "/etc"}));
  expect(r.realpath(kMissingNeighbour), false);
  expect(r.realpath_listing(), has_keys({"/etc"}));
  expect(r.realpath_size(), 53);
}

CLAUSE_TEST(Scenario, "RP-SIZE-04/passed-entry", "an expired entry is freed when passed on the way to an older one") {
  ini("realpath_cache_ttl", "-1");
  auto w = worker();
  auto r = w.request();
  r.clear_realpath_cache();
  expect(r.realpath(kUsr), "/usr");
  expect(r.realpath("/etc"), "/etc");
  expect(r.realpath(kNeighbour), "/usr");  // reclaims the first
  expect(r.realpath_listing(), has_keys({kNeighbour, "/etc"}));
}

CLAUSE_TEST(Scenario, "RP-SIZE-04/other-bucket",
            "an expired entry of another bucket is left alone, whatever is resolved") {
  ini("realpath_cache_ttl", "-1");
  ini("realpath_cache_size", "112");
  auto w = worker();
  auto r = w.request();
  r.clear_realpath_cache();
  expect(r.realpath("/usr/share"), "/usr/share");
  expect(r.realpath("/etc"), "/etc");
  expect(r.realpath_listing(), has_keys({"/usr", "/usr/share"}));
  expect(r.realpath_size(), 112);
}

CLAUSE_TEST(Scenario, "RP-SIZE-04/clear-and-listing", "RP-CLR-03",
            "clearing one name and listing reclaim nothing else") {
  ini("realpath_cache_ttl", "-1");
  auto w = worker();
  auto r = w.request();
  r.clear_realpath_cache();
  // In one bucket, newest first: the name below /usr, then /usr itself. Both are expired when they are stored.
  expect(r.realpath(kOwnPrefix), "/usr/share");
  expect(r.realpath_listing(), has_keys({kOwnPrefix, kUsr}));
  r.clear_stat_cache(true, kUsr);
  expect(r.realpath_listing(), has_keys({kOwnPrefix}));
  r.clear_stat_cache(true, kMissingNeighbour);
  expect(r.file_exists(kMissingNeighbour), false);
  expect(r.is_dir(kUsr), true);
  expect(r.realpath_listing(), has_keys({kOwnPrefix}));
}
