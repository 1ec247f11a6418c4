// ST-PRC: workers that die.
#include "conformance/registry/registration.h"

using namespace assay::conformance;

CLAUSE_TEST(Scenario, "ST-PRC-01/idle-death", "the death of a worker outside any call changes nothing") {
  auto [one, two, three] = workers<3>();
  const Value value = Value::map({{"a", Value::list({1, 2})}});
  expect(one.set("k", value), true);
  expect(one.get("k"), value);
  kill(one);
  expect(two.get("k"), value);
  expect(two.set("l", 1), true);
  kill(two);
  expect(three.get_multiple({"k", "l"}), Value::map({{"k", value}, {"l", 1}}));
  expect(three.remove_key("k"), true);
  expect(one.has_key("k"), false);
  expect(two.cache_info(), at({"entry_count"}, 1));
}

CLAUSE_TEST(Scenario, "ST-PRC-01/reader-death", "ST-PRC-07",
            "a reader that dies holding a value leaves the entry to the others") {
  auto [reader, writer] = workers<2>();
  const std::string large(1'000'000, 'v');
  expect(writer.set("k", large), true);
  auto r = reader.background("reader");
  r.ends("died");
  r.get("k");
  r.rendezvous("held");
  wait_for_arrival("held");
  kill(reader);
  await("reader");
  expect(writer.get("k"), large);
  expect(writer.clear_cache(), true);
  expect(writer.set("again", std::string(5'000'000, 'w')), true);
  expect(reader.get("again"), has_length(5'000'000));
}
