// RP-ENT: what a resolution leaves in the cache.
#include "conformance/registry/test_case.h"

using namespace assay::conformance;

CLAUSE("RP-ENT-01", "a cold resolution adds one entry for each prefix") {
  auto w = worker();
  write("@/a/b/f.php", returns(1));
  auto r = w.request();
  r.clear_realpath_cache();
  expect(r.realpath_size(), 0);
  expect(r.realpath("@/a/b/f.php"), "@/a/b/f.php");
  expect(r.realpath_listing(), all_of({has({"@"}), has({"@/a"}), has({"@/a/b"}), has({"@/a/b/f.php"}), lacks({"/"})}));
}
