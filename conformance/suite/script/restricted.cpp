// SC-API-13: control functions for the scripts of one folder only.
#include "conformance/suite/script/common.h"

using namespace assay::conformance;

namespace {

Matcher refused() {
  return all_of({equals(false),
                 diagnoses(all_of({has_length(1), at({0}, matches("^Warning: .*restricted by \"restrict_api\""))}))});
}

// A main script that prints 1 for each control function that serves it.
std::string main_script(const std::string& file) {
  return php(
      "error_reporting(0); echo (int) (opcache_get_status() !== false), (int) (opcache_get_configuration() !== "
      "false), (int) opcache_is_script_cached('" +
      file + "'), (int) opcache_invalidate('" + file + "'), (int) opcache_compile_file('" + file +
      "'), (int) opcache_reset();");
}

}  // namespace

CLAUSE_TEST(Scenario, "SC-API-13/outside", "SC-API-14",
            "each control function but compile warns once and is false outside") {
  needs("script_cache.restrict_api");
  ini("opcache.restrict_api", "@/inside");
  auto w = worker();
  write("@/a.php", returns(1));
  expect(w.include("@/a.php"), 1);
  expect(w.status(), refused());
  expect(w.configuration(), refused());
  expect(w.is_cached("@/a.php"), refused());
  expect(w.invalidate("@/a.php", true), refused());
  expect(w.reset(), refused());
  expect(w.compile_file("@/a.php"), all_of({equals(true), diagnoses(has_length(0))}));
}

CLAUSE_TEST(Scenario, "SC-API-13/main-script",
            "a main script is inside when its requested path begins with the setting") {
  needs("deploy");
  needs("script_cache.functions");
  needs("script_cache.restrict_api");
  ini("opcache.restrict_api", "@/d1");
  auto w = worker();
  write("@/a.php", returns(1));
  for (const char* path : {"@/d1/main.php", "@/d1x.php", "@/d2/main.php"}) write(path, main_script("@/a.php"));
  make_link("@/d1/to_d2.php", "../d2/main.php");
  make_link("@/d2/to_d1.php", "../d1/main.php");
  expect(w.include("@/a.php"), 1);
  about("SC-API-13");
  expect(w.serve("@/d2/main.php"), page("000010"));
  expect(w.serve("@/d2/to_d1.php"), page("000010"));
  expect(w.serve("@/d1x.php"), page("111111"));
  w.process_id();  // performs the restart
  expect(w.include("@/a.php"), 1);
  expect(w.serve("@/d1/to_d2.php"), page("111111"));
}
