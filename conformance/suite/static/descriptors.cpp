// ST-PRC-13: descriptors of the cache, and of its users.
#include "conformance/registry/registration.h"
#include "conformance/suite/static/scripted.h"

using namespace assay::conformance;

namespace {

// Where the descriptors lead that a program inherits, but for the three that each has. The shell's own have ended when
// they are asked.
constexpr const char* inherited =
    "(string) shell_exec('for f in /proc/$$/fd/*; do n=${f##*/}; [ $n -gt 2 ] && readlink $f; done')";

}  // namespace

CLAUSE_TEST(ScriptedScenario, "ST-PRC-13/inherited",
            "a program that a script runs inherits nothing of the cache, and no more after it was used") {
  script("before", std::string("return ") + inherited + ";");
  script("after", std::string(R"(
Cache::set('k', [1, 2]);
Cache::lock('mine');
$found = [Cache::get('k'), )") +
                      inherited + "]; return $found;");
  auto [one, two] = workers<2>();
  auto first = one.request();
  auto before = first.include("@/before.php");
  // Memory and lock files without a name.
  const Matcher nothing_of_a_cache = negated(matches("\\(deleted\\)|/dev/zero|memfd:"));
  expect(before, nothing_of_a_cache);
  auto used = run(one, "after");
  expect(used, at({0}, Value::list({1, 2})));
  expect(used, at({1}, nothing_of_a_cache));
  auto again = one.request();
  expect(again.include("@/before.php"), same_as(before));
  expect(run(two, "after"), at({1}, nothing_of_a_cache));
}

CLAUSE_TEST(Scenario, "ST-PRC-13/closed-files", "ST-LCK-03",
            "files that a request opens and closes release nothing that it has reserved") {
  needs("static_cache.locks");
  needs("files");
  needs("rendezvous");
  auto [one, two] = workers<2>();
  write("@/a.txt", "a");
  auto held = one.background("holder");
  expect(held.lock("k"), true);
  for (int i = 0; i < 20; ++i) expect(held.read_file("@/a.txt"), "a");
  expect(held.put_file("@/w.txt", "w"), 1);
  expect(held.lock_file("@/a.txt"), true);
  expect(held.set("other", 1), true);
  held.rendezvous("held");
  wait_for_arrival("held");
  for (int i = 0; i < 5; ++i) expect(two.lock("k"), false);
  expect(two.get("other"), 1);
  release("held");
  await("holder");
  expect(two.lock("k"), true);
}
