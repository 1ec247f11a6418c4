// SC-VAL: time stamps and freshness.
#include "conformance/registry/test_case.h"

using namespace assay::conformance;
using namespace std::chrono_literals;

CLAUSE("SC-VAL-02", "an entry is not looked at again until the window has passed") {
  ini("opcache.revalidate_freq", "2");
  auto [one, two] = workers<2>();
  write("@/a.php", returns("old"));
  expect(one.include("@/a.php"), "old");
  write_at("@/a.php", returns("new"), now() - 500);
  advance_clock(2s);
  expect(two.include("@/a.php"), "old");
  advance_clock(1s);
  expect(two.include("@/a.php"), "new");
}
