// SC-KEY-07, SC-KEY-08, SC-VAL-07: names whose file went, or that became links.
#include "conformance/registry/registration.h"
#include "conformance/scenario/scenario.h"
#include "conformance/suite/script/common.h"

using namespace assay::conformance;
using namespace std::chrono_literals;

CLAUSE_TEST(Scenario, "SC-KEY-08/folder-becomes-link", "SC-VAL-11 GU-IDN-03",
            "a folder that was moved and replaced by a link is followed at the next check") {
  auto [one, two] = workers<2>();
  write("@/store/a.php", php("return __FILE__;"));
  expect(one.include("@/store/a.php"), "@/store/a.php");
  move("@/store", "@/d");
  make_link("@/store", "d");
  advance_clock(130s);  // past the realpath cache's TTL too
  expect(two.is_cached("@/store/a.php"), false);
  expect(one.include("@/store/a.php"), "@/d/a.php");
  expect(two.include("@/store/a.php"), "@/d/a.php");
}

CLAUSE_TEST(Scenario, "SC-VAL-07/once-new-spelling", "SC-STA-05 GU-VAL-07",
            "include_once by a new spelling of a file that is gone is false, also within the window") {
  auto [one, two] = workers<2>();
  write("@/d/b.php", returns(1));
  expect(one.include("@/d/b.php"), 1);
  auto before = one.status();
  remove("@/d/b.php");
  auto r = two.request();
  expect(r.include_once("@/d/../d/b.php"), all_of({equals(false), diagnoses(has_length(2))}));
  expect(r.included_files(), Value::list({}));
  expect(r.include_once("@/d/../d/b.php"), false);
  expect(two.status(), all_of({grew(misses, 0, before), grew(hits, 0, before), has({"scripts", "@/d/b.php"})}));
}

CLAUSE_TEST(Scenario, "SC-VAL-07/once-dangling-link", "GU-VAL-07",
            "include_once through a link whose target went is false") {
  auto w = worker();
  write("@/r2/b.php", php("return __FILE__;"));
  make_link("@/current", "r2");
  expect(w.include_once("@/r2/b.php"), "@/r2/b.php");
  move("@/r2", "@/store");
  auto r = w.request();
  expect(r.realpath("@/current/b.php"), false);
  expect(r.include_once("@/current/b.php"), false);
  expect(w.include("@/current/b.php"), false);
  expect(w.include_once("@/current/b.php"), false);
}

CLAUSE_TEST(Scenario, "SC-KEY-07/once-gone", "SC-VAL-07",
            "with revalidate_path include_once of a file that is gone is false") {
  ini("opcache.revalidate_path", "1");
  auto [one, two] = workers<2>();
  write("@/r2/b.php", returns(1));
  expect(one.include("@/r2/b.php"), 1);
  remove("@/r2");
  expect(two.include_once("@/r2/b.php"), false);
}
