// RP-PATH-04: at most 32 links in one resolution, not counting those that the cache answers.
#include "conformance/registry/registration.h"

using namespace assay::conformance;

namespace {

std::string link(int number) {
  return "@/l" + std::to_string(number);
}

// "l1" -> "f", "l2" -> "l1" and so on: link(n) is n links away from the file.
template <class MakeLink>
void chain_of(int length, MakeLink make_link) {
  make_link(link(1), "f");
  for (int i = 2; i <= length; ++i) make_link(link(i), "l" + std::to_string(i - 1));
}

}  // namespace

CLAUSE_TEST(Scenario, "RP-PATH-04/chain-of-32", "a chain of 32 links resolves") {
  auto w = worker();
  write("@/f", "text");
  chain_of(32, [&](auto path, auto target) { make_link(path, target); });
  expect(w.realpath(link(32)), "@/f");
  w.clear_realpath_cache();
  expect(w.read_file(link(32)), "text");
}

CLAUSE_TEST(Scenario, "RP-PATH-04/chain-of-33",
            "a chain of 33 links does not resolve, although the kernel follows 40") {
  auto w = worker();
  write("@/f", "text");
  chain_of(41, [&](auto path, auto target) { make_link(path, target); });
  auto r = w.request();
  r.clear_realpath_cache();
  expect(r.realpath(link(33)), false);
  expect(r.read_file(link(33)), false);
  expect(r.realpath_size(), 0);
  expect(r.is_file(link(33)), true);
  expect(r.is_file(link(40)), true);
  expect(r.is_file(link(41)), false);
}

CLAUSE_TEST(Scenario, "RP-PATH-04/cached-links", "links resolved from the cache do not count") {
  auto w = worker();
  write("@/f", "text");
  chain_of(45, [&](auto path, auto target) { make_link(path, target); });
  auto r = w.request();
  r.clear_realpath_cache();
  expect(r.realpath(link(40)), false);
  expect(r.realpath(link(20)), "@/f");
  expect(r.realpath(link(40)), "@/f");
  expect(r.realpath(link(45)), "@/f");
  expect(r.read_file(link(45)), "text");
  expect(r.is_file(link(45)), false);
}

CLAUSE_TEST(Scenario, "RP-PATH-04/directory-links", "links in place of directories and the last one count together") {
  auto w = worker();
  write("@/d/f", "text");
  make_link("@/d/l1", "f");
  for (int i = 2; i <= 21; ++i) make_link("@/d/l" + std::to_string(i), "l" + std::to_string(i - 1));
  make_link("@/d1", "d");
  for (int i = 2; i <= 12; ++i) make_link("@/d" + std::to_string(i), "d" + std::to_string(i - 1));
  auto r = w.request();
  r.clear_realpath_cache();
  expect(r.realpath("@/d12/l21"), false);
  expect(r.realpath("@/d11/l21"), "@/d/f");
}
