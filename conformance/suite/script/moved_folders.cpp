// SC-KEY: what the keys of a folder that has become a link lead to.
#include "conformance/registry/registration.h"
#include "conformance/scenario/scenario.h"
#include "conformance/suite/script/common.h"

using namespace assay::conformance;
using namespace std::chrono_literals;

// PHP 8.2: the worker dies. The key of the old entry becomes one of the new entry, and other keys led to it.
CLAUSE_TEST(Scenario, "SC-KEY-12/moved-folder", "SC-KEY-08 GU-VAL-01",
            "every name of a script in a folder that has become a link leads to the script") {
  auto one = worker();
  write("@/release/a.php", php("return __FILE__;"));
  expect(one.include("@/./release/a.php"), "@/release/a.php");
  move("@/release", "@/store");
  make_link("@/release", "store");
  advance_clock(130s);
  expect(one.include("@/release/a.php"), "@/store/a.php");
  expect(one.include("@/./release/a.php"), "@/store/a.php");
}

// PHP 8.2: two slots for one key.
CLAUSE_TEST(Scenario, "SC-KEY-12/once-key", "SC-KEY-10", "a relative key that a once-include adds takes one slot") {
  ini("opcache.revalidate_freq", "0");
  auto one = worker();
  write_at("@/a.php", returns(1), now() - 1000);
  expect(one.include_once("./a.php"), 1);
  auto before = one.status();
  write_at("@/a.php", returns(2), now() - 900);
  expect(one.include_once("./a.php"), 2);
  expect(one.status(), grew(keys, 1, before));
}
