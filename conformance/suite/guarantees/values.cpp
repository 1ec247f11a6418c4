// GU-VAL, GU-RES, GU-IDN: what any shared cache owes its users, asked of the data cache and of the script cache.
#include <algorithm>

#include "conformance/registry/registration.h"
#include "conformance/suite/static/directives.h"
#include "conformance/suite/static/values.h"

using namespace assay::conformance;
using std::chrono::seconds;

namespace {

// A value that shows where it comes from at every place.
Value marked(const std::string& mark) {
  std::vector<Value> rows;
  for (int i = 0; i < 20; ++i) rows.push_back(Value::list({mark, i, mark + std::to_string(i)}));
  return Value::map({{"mark", mark}, {"rows", Value::list(rows)}});
}

}  // namespace

CLAUSE_TEST(Scenario, "GU-VAL-01/static-keys", "each key gives its stored value, whole, in every worker") {
  auto [one, two, three] = workers<3>();
  const std::vector<std::string> keys = {"a", "aa", "ab", "A", "a ", "1", "01"};
  for (const std::string& key : keys) expect(one.set(key, marked(key)), true);
  expect(two.set("ab", marked("ab again")), true);
  expect(two.remove_key("aa"), true);
  for (const std::string& key : keys) {
    auto got = three.get(key, "missing");
    expect(got, key == "ab" ? marked("ab again") : key == "aa" ? Value("missing") : marked(key));
  }
}

CLAUSE_TEST(Scenario, "GU-VAL-01/script-files", "each file gives its written content, whole, in every worker") {
  needs("script_cache");
  auto [one, two] = workers<2>();
  for (const char* name : {"a", "b", "c"}) write("@/" + std::string(name) + ".php", returns(marked(name)));
  for (const char* name : {"a", "b", "c"}) expect(one.include("@/" + std::string(name) + ".php"), marked(name));
  for (const char* name : {"c", "a", "b"}) expect(two.include("@/" + std::string(name) + ".php"), marked(name));
  for (const char* name : {"a", "b", "c"}) expect(one.include("@/" + std::string(name) + ".php"), marked(name));
}

CLAUSE_TEST(Scenario, "GU-VAL-02/static-refused-store", "a refused store changes nothing") {
  ini(volatile_size, "8");
  auto [one, two] = workers<2>();
  expect(one.set("k", marked("old")), true);
  expect(one.set("k", oversized()), false);
  expect(two.get("k"), marked("old"));
  expect(one.set("k", marked("new")), true);
  expect(two.get("k"), marked("new"));
  expect(two.get("k"), marked("new"));
}

CLAUSE_TEST(Scenario, "GU-VAL-03/static-own-write", "a request reads what it wrote") {
  auto w = worker();
  auto r = w.request();
  for (const Value& value : {marked("first"), Value(1), Value(), marked("second")}) {
    expect(r.set("k", value), true);
    expect(r.get("k", "missing"), value);
    expect(r.has_key("k"), true);
    expect(r.get_multiple({"k"}), Value::map({{"k", value}}));
  }
  expect(r.remove_key("k"), true);
  expect(r.get("k", "missing"), "missing");
  expect(r.set("k", 5), true);
  expect(r.clear_cache(), true);
  expect(r.get("k", "missing"), "missing");
}

CLAUSE_TEST(Scenario, "GU-VAL-03/script-second-include",
            "a second include of an unchanged file gives an equal result") {
  needs("script_cache");
  auto w = worker();
  write("@/f.php", returns(marked("f")));
  auto r = w.request();
  expect(r.include("@/f.php"), marked("f"));
  expect(r.include("@/f.php"), marked("f"));
  expect(w.include("@/f.php"), marked("f"));
}

CLAUSE_TEST(Scenario, "GU-VAL-05/static-private-change",
            "a request's change to a fetched value is seen by no other request") {
  auto [one, two] = workers<2>();
  expect(one.set("k", marked("stored")), true);
  auto r = one.request();
  expect(r.get("k"), marked("stored"));
  expect(r.mutate(0, "mark", "changed"), at({"mark"}, "changed"));
  expect(r.mutate(0, "rows", nullptr), at({"rows"}, nullptr));
  expect(two.get("k"), marked("stored"));
  expect(one.get("k"), marked("stored"));
}

CLAUSE_TEST(Scenario, "GU-VAL-05/static-private-change-running",
            "a request's change to a fetched value is not even seen while it runs") {
  auto [one, two] = workers<2>();
  expect(one.set("k", marked("stored")), true);
  auto r = one.background("changer");
  r.get("k");
  r.mutate(0, "mark", "changed");
  r.rendezvous("changed");
  expect(r.recall(1), at({"mark"}, "changed"));
  wait_for_arrival("changed");
  expect(two.get("k"), marked("stored"));
  release("changed");
  await("changer");
}

CLAUSE_TEST(Scenario, "GU-VAL-05/script-static-variable", "a static variable starts anew in each request") {
  needs("script_cache");
  auto [one, two] = workers<2>();
  write("@/f.php",
        php("function count_up() { static $n = 0; $n = $n + 1; return $n; }\ncount_up();\nreturn count_up();"));
  for (int round = 0; round < 2; ++round) {
    expect(one.include("@/f.php"), 2);
    expect(two.include("@/f.php"), 2);
  }
}

CLAUSE_TEST(Scenario, "GU-VAL-05/script-constant-array",
            "a constant array that a request changes is whole in the next") {
  needs("script_cache");
  auto [one, two] = workers<2>();
  write("@/f.php",
        php("$a = ['x' => [1, 2, 3], 'y' => 'text'];\n$b = $a;\n$b['x'][1] = 'changed';\n$b['z'] = 1;\nreturn $a;"));
  const Value value = Value::map({{"x", Value::list({1, 2, 3})}, {"y", "text"}});
  for (int round = 0; round < 2; ++round) {
    auto r = one.request();
    expect(r.include("@/f.php"), value);
    expect(r.mutate(0, "x", "changed"), at({"x"}, "changed"));
    expect(two.include("@/f.php"), value);
  }
}

CLAUSE_TEST(Scenario, "GU-VAL-06/static-held-value", "a value held by a request is stable, whatever others do") {
  auto [reader, writer, other] = workers<3>();
  for (const char* key : {"deleted", "overwritten", "cleared", "expired"})
    expect(writer.set(key, marked(key), std::string(key) == "expired" ? 5 : 0), true);
  auto r = reader.background("reader");
  for (const char* key : {"deleted", "overwritten", "cleared", "expired"}) expect(r.get(key), marked(key));
  r.rendezvous("held");
  int operation = 0;
  for (const char* key : {"deleted", "overwritten", "cleared", "expired"}) expect(r.recall(operation++), marked(key));
  wait_for_arrival("held");
  expect(writer.remove_key("deleted"), true);
  expect(other.set("overwritten", marked("something else")), true);
  advance_clock(seconds(10));
  expect(writer.set("expired", marked("again")), true);
  expect(other.clear_cache(), true);
  for (int i = 0; i < 40; ++i) expect(writer.set("fill" + std::to_string(i), marked("fill")), true);
  release("held");
  await("reader");
}

CLAUSE_TEST(Scenario, "GU-VAL-06/script-held-result",
            "a result held by a request is stable over invalidation and restart") {
  needs("script_cache");
  auto [reader, writer] = workers<2>();
  write("@/f.php", returns(marked("old")));
  expect(reader.include("@/f.php"), marked("old"));
  auto r = reader.background("reader");
  expect(r.include("@/f.php"), marked("old"));
  r.rendezvous("held");
  expect(r.recall(0), marked("old"));
  expect(r.include("@/f.php"), one_of({marked("old"), marked("new")}));
  wait_for_arrival("held");
  write("@/f.php", returns(marked("new")), 500);
  writer.invalidate("@/f.php", true);
  writer.reset();
  for (int i = 0; i < 5; ++i) {
    write("@/other.php", returns(marked("other" + std::to_string(i))), 900 - i);
    writer.invalidate("@/other.php", true);
    writer.include("@/other.php");
  }
  release("held");
  await("reader");
}

CLAUSE_TEST(Scenario, "GU-RES-04/static-full",
            "a full cache refuses or evicts as documented and never gives a wrong value") {
  ini(volatile_size, "8");
  auto [one, two] = workers<2>();
  const bool refuses = choice("evict", "refuse") == "refuse";
  expect(one.set("before", marked("before")), true);
  for (int i = 0; i < 11; ++i)
    expect(one.set("k" + std::to_string(i), std::string(static_cast<std::size_t>(1'000'000 + i), 'v')),
           of_type("bool"));
  expect(two.get("before", false), refuses ? one_of({marked("before")}) : one_of({marked("before"), false}));
  for (int i = 0; i < 11; ++i)
    expect(two.get("k" + std::to_string(i), false), any_of({has_length(1'000'000 + i), equals(false)}));
  expect(two.clear_cache(), true);
  expect(two.set("after", marked("after")), true);
  expect(one.get("after"), marked("after"));
}

CLAUSE_TEST(Scenario, "GU-IDN-01/static-similar-keys", "nearly equal keys name different entries") {
  using namespace std::string_literals;
  auto [one, two] = workers<2>();
  const std::string stem(std::min<std::size_t>(200, longest_key() - 1), 'n');
  // With equal hashes in the usual families, equal beginnings and endings, equal up to a zero byte.
  const std::vector<std::string> keys = {stem + "1", stem + "2", "1" + stem, "2" + stem, "Ez",    "FY",
                                         "EzEz",     "EzFY",     "FYEz",     "FYFY",     "k\0a"s, "k\0b"s,
                                         "k",        "K",        "0",        "00",       "1.0",   "1"};
  for (const std::string& key : keys) expect(one.set(key, marked(key)), true);
  for (const std::string& key : keys) expect(two.get(key), marked(key));
  for (const std::string& key : keys) {
    expect(two.remove_key(key), true);
    expect(one.has_key(key), false);
  }
  for (const std::string& key : keys) expect(one.has_key(key), false);
}

CLAUSE_TEST(Scenario, "GU-IDN-01/script-similar-files", "files of one name or one content are different scripts") {
  needs("script_cache");
  auto [one, two] = workers<2>();
  for (const char* folder : {"a", "b", "a/a"}) {
    make_directory("@/" + std::string(folder));
    write("@/" + std::string(folder) + "/f.php", php("return __FILE__;"));
    write("@/" + std::string(folder) + "/g.php", returns(folder));
  }
  for (const WorkerHandle& worker : {one, two}) {
    WorkerHandle w = worker;
    for (const char* folder : {"a", "b", "a/a"}) {
      expect(w.include("@/" + std::string(folder) + "/f.php"), "@/" + std::string(folder) + "/f.php");
      expect(w.include("@/" + std::string(folder) + "/g.php"), folder);
    }
  }
}

CLAUSE_TEST(Scenario, "GU-IDN-04/clock-step-back", "a clock step back revives no entry that was reported expired") {
  needs("static_cache.ttl");
  auto [one, two] = workers<2>();
  expect(one.set("told", "v", 5), true);
  expect(one.set_multiple(Value::map({{"in a list", 1}, {"by has", 2}}), 5), true);
  advance_clock(seconds(10));
  expect(one.get("told", "expired"), "expired");
  expect(one.get_multiple({"in a list"}), Value::map({{"in a list", nullptr}}));
  expect(two.has_key("by has"), false);
  advance_clock(seconds(-9));
  expect(two.get("told", "expired"), "expired");
  expect(two.has_key("in a list"), false);
  expect(one.has_key("by has"), false);
}

CLAUSE_TEST(Scenario, "GU-IDN-04/clock-step-immortal", "no clock step makes an entry immortal") {
  needs("static_cache.ttl");
  auto [one, two] = workers<2>();
  expect(one.set("before the step", "v", 10), true);
  advance_clock(seconds(-1000));
  expect(one.set("after the step", "v", 10), true);
  advance_clock(seconds(12));
  expect(two.get("after the step", "expired"), "expired");
  advance_clock(seconds(1000));
  expect(two.get("before the step", "expired"), "expired");
}
