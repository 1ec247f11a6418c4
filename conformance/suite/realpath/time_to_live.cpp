// RP-TTL: until when an entry answers.
#include "conformance/registry/registration.h"

using namespace assay::conformance;
using std::chrono::seconds;

CLAUSE_TEST(Scenario, "RP-TTL-01/stamp", "an entry's stamp is the second of its resolution plus the TTL") {
  auto w = worker();
  write("@/a/f", "");
  make_link("@/link", "a");
  auto r = w.request();
  expect(r.realpath("@/link/f"), "@/a/f");
  const ReplyRef listing = r.realpath_listing();
  for (const char* path : {"@", "@/a", "@/link", "@/link/f"}) expect(listing, at({path, "expires"}, now() + 120));
}

CLAUSE_TEST(Scenario, "RP-TTL-01/from-resolution", "TTL starts at resolution, not at request start") {
  auto w = worker();
  make_directory("@/a");
  auto r = w.background("slow");
  expect(r.request_time(), now());
  expect(r.rendezvous("later"), true);
  wait_for_arrival("later");
  advance_clock(seconds(2));
  expect(r.realpath("@/a"), "@/a");
  expect(r.realpath_listing(), at({"@/a", "expires"}, now() + 120));
  release("later");
  await("slow");
}

CLAUSE_TEST(Scenario, "RP-TTL-02/last-second", "an entry is valid through the second of its expiry and not beyond") {
  for (const int ttl : {1, 2, 120}) {
    auto w = worker({{"realpath_cache_ttl", std::to_string(ttl)}});
    const std::string link = "@/current" + std::to_string(ttl);
    make_directory("@/r1");
    make_directory("@/r2");
    make_link(link, "r1");
    expect(w.realpath(link), "@/r1");
    swap_link(link, "r2");
    advance_clock(seconds(ttl));
    expect(w.realpath(link), "@/r1");
    advance_clock(seconds(1));
    expect(w.realpath(link), "@/r2");
  }
}

CLAUSE_TEST(Scenario, "RP-TTL-03/early-stamp", "a stamp may be one second early, never more") {
  auto w = worker();
  make_directory("@/a");
  auto r = w.request();
  expect(r.time(), now());
  expect(r.realpath("@/a"), "@/a");
  expect(r.realpath_listing(), at({"@/a", "expires"}, between(now() + 119, now() + 120)));
}

CLAUSE_TEST(Scenario, "RP-TTL-04/zero", "a TTL of zero means forever") {
  ini("realpath_cache_ttl", "0");
  auto w = worker();
  make_directory("@/r1");
  make_directory("@/r2");
  make_link("@/current", "r1");
  auto r = w.request();
  expect(r.realpath("@/current"), "@/r1");
  expect(r.realpath_listing(), at({"@/current", "expires"}, -1));
  swap_link("@/current", "r2");
  advance_clock(seconds(1'000'000));
  expect(w.realpath("@/current"), "@/r1");
}

CLAUSE_TEST(Scenario, "RP-TTL-05/negative", "a negative TTL stores entries that are expired and never hit") {
  ini("realpath_cache_ttl", "-5");
  auto w = worker();
  make_directory("@/r1");
  make_directory("@/r2");
  make_link("@/current", "r1");
  auto r = w.request();
  expect(r.realpath("@/current"), "@/r1");
  expect(r.realpath_listing(), at({"@/current", "expires"}, now() - 5));
  swap_link("@/current", "r2");
  expect(w.realpath("@/current"), "@/r2");
}

CLAUSE_TEST(Scenario, "RP-TTL-05/negative-size",
            "a negative TTL keeps the size constant however often a path is resolved") {
  ini("realpath_cache_ttl", "-1");
  auto w = worker();
  auto r = w.request();
  r.clear_realpath_cache();
  for (int i = 0; i < 3; ++i) {
    expect(r.realpath("/usr/share"), "/usr/share");
    expect(r.realpath_size(), 112);
  }
}

CLAUSE_TEST(Scenario, "RP-TTL-06/levels", "each level below a stale link starts a TTL of its own") {
  ini("realpath_cache_ttl", "2");
  auto w = worker();
  write("@/r1/a/b/f", "one");
  write("@/r2/a/b/f", "two");
  make_link("@/cur", "r1");
  expect(w.realpath("@/cur"), "@/r1");
  swap_link("@/cur", "r2");
  advance_clock(seconds(2));
  expect(w.realpath("@/cur/a"), "@/r1/a");
  advance_clock(seconds(2));
  expect(w.realpath("@/cur"), "@/r2");
  expect(w.realpath("@/cur/a/b"), "@/r1/a/b");
  advance_clock(seconds(2));
  expect(w.read_file("@/cur/a/b/f"), "one");
  advance_clock(seconds(2));
  expect(w.read_file("@/cur/a/b/f"), "one");  // (3 + 1) times 2 seconds after the link was cached
  advance_clock(seconds(1));
  expect(w.read_file("@/cur/a/b/f"), "two");
}

CLAUSE_TEST(Scenario, "RP-TTL-07/clock-step", "a clock step back extends an entry's life; a step forward ends it") {
  auto w = worker();
  make_directory("@/r1");
  make_directory("@/r2");
  make_link("@/current", "r1");
  expect(w.realpath("@/current"), "@/r1");
  swap_link("@/current", "r2");
  advance_clock(seconds(-3600));
  expect(w.realpath("@/current"), "@/r1");
  advance_clock(seconds(3600 + 120));
  expect(w.realpath("@/current"), "@/r1");
  advance_clock(seconds(3600));
  expect(w.realpath("@/current"), "@/r2");
}

CLAUSE_TEST(Scenario, "RP-TTL-07/revived", "an expired entry not yet passed is valid again when the clock steps back") {
  ini("realpath_cache_ttl", "-100");
  auto w = worker();
  make_directory("@/r1");
  make_directory("@/r2");
  make_link("@/current", "r1");
  expect(w.realpath("@/current"), "@/r1");
  swap_link("@/current", "r2");
  advance_clock(seconds(-100));
  expect(w.realpath("@/current"), "@/r1");
  advance_clock(seconds(1));
  expect(w.realpath("@/current"), "@/r2");
}

CLAUSE_TEST(Scenario, "RP-TTL-08/hits", "hits do not extend an entry's life") {
  ini("realpath_cache_ttl", "3");
  auto w = worker();
  make_directory("@/r1");
  make_directory("@/r2");
  make_link("@/current", "r1");
  expect(w.realpath("@/current"), "@/r1");
  swap_link("@/current", "r2");
  const std::int64_t expiry = now() + 3;
  for (int i = 0; i < 3; ++i) {
    advance_clock(seconds(1));
    auto r = w.request();
    expect(r.realpath("@/current"), "@/r1");
    expect(r.realpath_listing(), at({"@/current", "expires"}, expiry));
  }
  advance_clock(seconds(1));
  auto r = w.request();
  expect(r.realpath("@/current"), "@/r2");
  expect(r.realpath_listing(), at({"@/current", "expires"}, now() + 3));
}

CLAUSE_TEST(Scenario, "RP-TTL-09/odd-values", "a TTL of text is zero, a fraction is cut, a suffix multiplies") {
  const std::pair<const char*, std::int64_t> cases[] = {{"1.5", 1}, {"1K", 1024}, {"2k", 2048}, {"7", 7}};
  for (const auto& [text, ttl] : cases) {
    auto w = worker({{"realpath_cache_ttl", text}});
    auto r = w.request();
    r.realpath("@");
    expect(r.realpath_listing(), at({"@", "expires"}, now() + ttl));
    expect(r.ini_get("realpath_cache_ttl"), text);
  }
  auto w = worker({{"realpath_cache_ttl", "abc"}});
  auto r = w.request();
  r.realpath("@");
  expect(r.realpath_listing(), at({"@", "expires"}, -1));
  expect(r.ini_get("realpath_cache_ttl"), "abc");
}
