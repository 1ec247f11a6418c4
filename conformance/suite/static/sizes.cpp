// ST-CFG-05, ST-CFG-08: what a size decides, for the life of a runtime.
#include "conformance/registry/registration.h"
#include "conformance/suite/static/directives.h"

using namespace assay::conformance;

CLAUSE_TEST(Scenario, "ST-CFG-05/at-run-time", "ST-CFG-06", "a script cannot change the size") {
  ini(volatile_size, "8");
  auto w = worker();
  auto request = w.request();
  auto before = request.cache_info();
  expect(request.ini_set(volatile_size, "16"), false);
  expect(request.cache_info(), same_as(before));
  expect(w.cache_info(), same_as(before));
}

CLAUSE_TEST(Scenario, "ST-CFG-04/too-small", "ST-CFG-01", "no size makes a backend of less than 8 MiB") {
  ini(volatile_size, "1");
  auto w = worker();
  expect(w.cache_info(),
         any_of({at({"configured_memory"}, 0), at({"configured_memory"}, between(8'388'608, 1 << 30))}));
}

CLAUSE_TEST(Scenario, "ST-CFG-08/slots", "ST-FUL-09", "the table takes no more entries than the declared capacity") {
  ini(volatile_size, "8");
  auto [one, two] = workers<2>();
  expect(one.set("first", 1), true);
  const std::string capacity = choice("capacity", "32767");
  // Where none is declared, or others make room, the least that there has to be: 127, with the first.
  const bool is_bounded = choice("evict", "refuse") == "refuse" && capacity != "unlimited";
  const std::int64_t slots = is_bounded ? std::stoll(capacity) : 126;
  Elements elements;
  for (std::int64_t i = 0; i < slots; ++i) elements.emplace_back("n" + std::to_string(i), i);
  expect(one.set_multiple(elements), !is_bounded);
  if (is_bounded) expect(two.cache_info(), at({"entry_count"}, between(127, slots)));
  expect(two.get_multiple({"first", "n0", "n125"}), Value::map({{"first", 1}, {"n0", 0}, {"n125", 125}}));
}
