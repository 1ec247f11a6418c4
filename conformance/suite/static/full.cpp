// ST-FUL: a full backend. All of 8 MiB, so that little is enough to fill it.
#include "conformance/registry/registration.h"
#include "conformance/suite/static/directives.h"
#include "conformance/suite/static/values.h"

using namespace assay::conformance;
using std::chrono::seconds;

namespace {

// Many small entries: {"PREFIX0": 0, "PREFIX1": 1, ...}.
Value numbered(const std::string& prefix, int count) {
  Elements elements;
  for (int i = 0; i < count; ++i) elements.emplace_back(prefix + std::to_string(i), i);
  return elements;
}

std::vector<Value> names(const std::string& prefix, int count) {
  std::vector<Value> keys;
  for (int i = 0; i < count; ++i) keys.emplace_back(prefix + std::to_string(i));
  return keys;
}

}  // namespace

CLAUSE_TEST(Scenario, "ST-FUL-01/expired-first",
            "expired entries make room before a live one is lost or a store refused") {
  ini(volatile_size, "8");
  auto w = worker();
  const bool sweeps = choice("sweep", "yes") == "yes";
  expect(w.set("kept", "still here"), true);
  for (int i = 0; i < 6; ++i) expect(w.set("short " + std::to_string(i), text(1'000'000, 's'), 1), true);
  advance_clock(seconds(10));
  auto stored = w.set("large", text(4'000'000, 'l'));
  if (!sweeps) return not_asked("it declares sweep=no: what has expired need not make room");
  expect(stored, true);
  expect(w.get("large"), has_length(4'000'000));
  expect(w.get("kept"), "still here");
}

CLAUSE_TEST(Scenario, "ST-FUL-01/round-after-round", "ST-FUL-06",
            "each time that entries expire a full store takes new ones in their place") {
  ini(volatile_size, "8");
  auto w = worker();
  const bool sweeps = choice("sweep", "yes") == "yes";
  const bool refuses = choice("evict", "refuse") == "refuse";
  expect(w.set("kept", "still here"), true);
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 6; ++i) {
      const std::string key = std::to_string(round) + " short " + std::to_string(i);
      expect(w.set(key, text(1'000'000, 's'), 5), sweeps ? equals(true) : of_type("bool"));
    }
    const auto large = [&] { return w.set("large", text(4'000'000, 'l')); };
    expect(large(), sweeps && refuses ? equals(false) : of_type("bool"));
    advance_clock(seconds(10));
    expect(large(), sweeps ? equals(true) : of_type("bool"));
    expect(w.remove_key("large"), true);
  }
  if (refuses) expect(w.get("kept"), "still here");
}

CLAUSE_TEST(Scenario, "ST-FUL-02/fragmented",
            "a value that fits only if others move is stored or refused, and the others stay") {
  ini(volatile_size, "8");
  auto w = worker();
  for (const char* key : {"a", "b", "c", "d", "e"}) expect(w.set(key, text(1'200'000, key[0])), true);
  expect(w.remove_key("b"), true);
  expect(w.remove_key("d"), true);
  auto stored = w.set("large", text(2'000'000, 'l'));
  expect(stored, choice("compaction", "yes") == "yes" ? equals(true) : of_type("bool"));
  for (const char* key : {"a", "c", "e"}) expect(w.get(key), text(1'200'000, key[0]));
}

CLAUSE_TEST(Scenario, "ST-FUL-04/beyond-size",
            "stores beyond the size succeed or are refused, and nothing is mixed up") {
  ini(volatile_size, "8");
  auto [one, two] = workers<2>();
  const bool refuses = choice("evict", "refuse") == "refuse";
  ReplyRef last;
  for (int i = 0; i < 12; ++i) {
    last = one.set("k" + std::to_string(i), text(static_cast<std::size_t>(1'000'000 + i), 'v'));
    expect(last, i < 5 ? equals(true) : of_type("bool"));
  }
  // Under a policy that refuses, what was stored before stays a hit.
  for (int i = 0; i < 12; ++i) {
    const Matcher whole = has_length(1'000'000 + i);
    const bool must_be_there = refuses && i < 5;
    expect(two.get("k" + std::to_string(i), false), must_be_there ? whole : any_of({whole, equals(false)}));
  }
}

CLAUSE_TEST(Scenario, "ST-FUL-04/last-byte", "ST-CFG-06 GU-RES-04",
            "a backend filled to its last byte gives back every value it took, and nothing beside it suffers") {
  ini(volatile_size, "8");
  auto [one, two] = workers<2>();
  write("@/a.php", returns("a"));
  expect(one.include("@/a.php"), "a");
  // Ever smaller ones, more of each than there is room for after the larger ones.
  const std::size_t sizes[] = {1'000'000, 100'000, 10'000, 1'000, 100, 10};
  const auto key = [](std::size_t size, int i) { return std::to_string(size) + " " + std::to_string(i); };
  const auto value = [](std::size_t size, int i) { return text(size, static_cast<char>('a' + i)); };
  const bool refuses = choice("evict", "refuse") == "refuse";
  for (const std::size_t size : sizes) {
    for (int i = 0; i < 12; ++i) expect(one.set(key(size, i), value(size, i)), of_type("bool"));
  }
  for (const std::size_t size : sizes) {
    for (int i = 0; i < 12; ++i) {
      const bool fits = refuses && size == sizes[0] && i < 5;
      expect(two.get(key(size, i), false), fits ? equals(value(size, i)) : one_of({value(size, i), Value(false)}));
    }
  }
  for (WorkerHandle worker : {one, two}) expect(worker.include("@/a.php"), "a");
  expect(two.clear_cache(), true);
  expect(one.set("again", text(5'000'000, 'z')), true);
}

CLAUSE_TEST(Scenario, "ST-FUL-07/single-entry", "a single entry can be replaced by one of its size again and again") {
  ini(volatile_size, "8");
  auto [one, two] = workers<2>();
  for (const char letter : {'a', 'b', 'c'}) {
    expect(one.set("k", text(2'400'000, letter)), true);
    expect(two.get("k"), text(2'400'000, letter));
  }
}

CLAUSE_TEST(Scenario, "ST-FUL-07/number", "a number can replace a number in a full backend") {
  ini(volatile_size, "8");
  auto w = worker();
  const bool in_line = choice("scalar-inline", "yes") == "yes" && choice("evict", "refuse") == "refuse";
  expect(w.set("number", 1), true);
  for (int i = 0; i < 9; ++i) expect(w.set("fill " + std::to_string(i), text(1'000'000, 'f')), of_type("bool"));
  for (int i = 0; i < 9; ++i) expect(w.set("rest " + std::to_string(i), text(100'000, 'f')), of_type("bool"));
  expect(w.set("number", 2), in_line ? equals(true) : of_type("bool"));
  expect(w.get("number"), in_line ? equals(2) : one_of({1, 2, nullptr}));
}

CLAUSE_TEST(Scenario, "ST-FUL-08/deleted-memory", "memory of deleted entries is used again") {
  ini(volatile_size, "8");
  auto w = worker();
  for (int i = 0; i < 6; ++i) {
    expect(w.set("k", text(2'400'000, 'k')), true);
    expect(w.remove_key("k"), true);
  }
  expect(w.clear_cache(), true);
  expect(w.set("k", text(5'000'000, 'k')), true);
}

CLAUSE_TEST(Scenario, "ST-FUL-09/all-slots", "a new key is refused and an old one accepted with all slots in use") {
  ini(volatile_size, "8");
  auto w = worker();
  expect(w.set("first", 1), true);
  expect(w.set_multiple(numbered("n", 40'000)), of_type("bool"));
  if (choice("evict", "refuse") != "refuse") return not_asked("it evicts: what a new key does then is ST-FUL-04's");
  expect(w.set("first", 2), true);
  expect(w.get_multiple({"first", "n0", "n9"}), Value::map({{"first", 2}, {"n0", 0}, {"n9", 9}}));
}

CLAUSE_TEST(Scenario, "ST-FUL-10/deleted-slots", "slots of deleted entries are used again") {
  ini(volatile_size, "8");
  auto w = worker();
  for (const char* prefix : {"a", "b", "c", "d"}) {
    expect(w.set_multiple(numbered(prefix, 10'000)), true);
    expect(w.remove_keys(names(prefix, 10'000)), true);
  }
  expect(w.set("after all of them", 1), true);
  expect(w.cache_info(), at({"entry_count"}, 1));
}
