// RP-KEY: the hash key and its buckets, and what follows from them: the order of the listing, of insertion and of
// reclaiming.
//
// The sandbox's own path is not known, so these tests use spellings of /usr and /usr/share, which are known to the last
// byte: each spelling is a raw path of its own (RP-ENT-04). Those named here share the bucket of /usr, number 150.
#include "conformance/registry/test_case.h"

using namespace assay::conformance;

namespace {
const char* const kUsr = "/usr";
const char* const kNeighbour = "/.//./////./usr";
const char* const kThird = "/././/././//./././././usr";
const char* const kOwnPrefix = "/usr//././././///share";
const char* const kMissingNeighbour = "/assay-aej";
}  // namespace

CLAUSE("RP-KEY-01", "the key of a path is its FNV-1 hash with the 32-bit constants") {
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

CLAUSE("RP-KEY-03", "a key above the largest integer is shown as a float") {
  auto w = worker();
  auto r = w.request();
  r.clear_realpath_cache();
  expect(r.realpath("/usr"), "/usr");
  expect(r.realpath("/etc"), "/etc");
  const ReplyRef listing = r.realpath_listing();
  expect(listing, at({"/usr", "key"}, 1.6709846468608512E+19));
  expect(listing, at({"/etc", "key"}, 1.67143502872651e+19));
}

CLAUSE("RP-KEY-04", "paths that share a bucket keep their own answers") {
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

CLAUSE("RP-ENT-11 RP-KEY-04", "the listing goes through the buckets, the newest entry of each first") {
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

CLAUSE("RP-ENT-11", "expired entries are listed like live ones") {
  ini("realpath_cache_ttl", "-1");
  auto w = worker();
  auto r = w.request();
  r.clear_realpath_cache();
  expect(r.realpath("/usr/share"), "/usr/share");
  expect(r.realpath_listing(), has_keys({"/usr", "/usr/share"}));
  expect(r.realpath_listing(), has_keys({"/usr", "/usr/share"}));
}

CLAUSE("RP-ENT-12", "a longer path of the same bucket is listed before its own prefix") {
  auto w = worker();
  auto r = w.request();
  r.clear_realpath_cache();
  expect(r.realpath(kOwnPrefix), "/usr/share");
  expect(r.realpath_listing(), has_keys({kOwnPrefix, kUsr}));
}

CLAUSE("RP-ENT-12", "with little room the directory nearest to the root is admitted and the leaf is refused") {
  ini("realpath_cache_size", "111");
  auto w = worker();
  auto r = w.request();
  r.clear_realpath_cache();
  expect(r.realpath("/usr/share"), "/usr/share");
  expect(r.realpath_listing(), has_keys({"/usr"}));
  expect(r.realpath_size(), 53);
}

CLAUSE("RP-ENT-12 RP-SIZE-04", "what a resolution reclaims makes room for all that it inserts") {
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

CLAUSE("RP-ENT-13 RP-SIZE-04", "a resolution that fails reclaims the expired entries that it passed") {
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

CLAUSE("RP-SIZE-04", "an expired entry is passed and freed on the way to an older one") {
  ini("realpath_cache_ttl", "-1");
  auto w = worker();
  auto r = w.request();
  r.clear_realpath_cache();
  expect(r.realpath(kUsr), "/usr");
  expect(r.realpath("/etc"), "/etc");
  expect(r.realpath(kNeighbour), "/usr");  // reclaims the first
  expect(r.realpath_listing(), has_keys({kNeighbour, "/etc"}));
}

CLAUSE("RP-SIZE-04", "an expired entry of another bucket is left alone, whatever is resolved") {
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

CLAUSE("RP-SIZE-04 RP-CLR-03", "clearing one name and listing reclaim nothing else") {
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
