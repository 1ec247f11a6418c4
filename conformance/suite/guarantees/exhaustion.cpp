// GU-RES-04: memory, table and strings really run out; before, during and after, answers are right, and what was stored
// stays a hit until a restart makes room.
#include "conformance/registry/registration.h"
#include "conformance/vocabulary/status_paths.h"

using namespace assay::conformance;

namespace {

using status_path::full;
using status_path::hash_restarts;
using status_path::hits;
using status_path::oom_restarts;
using status_path::pending;
using status_path::wasted;

std::string file(const std::string& name, int number) {
  return "@/" + name + std::to_string(number) + ".php";
}

// At least 16 bytes of shared memory for each element; see restarting.cpp.
std::string big_script(int elements, int marker) {
  const std::string name = "big" + std::to_string(marker);
  std::string code = "<?php\nif (!function_exists('" + name + "')) { function " + name + "() { return [0";
  for (int i = 1; i < elements; ++i) code += "," + std::to_string(i);
  return code + "]; } }\nreturn " + std::to_string(marker) + ";\n";
}

class Exhausted : public Scenario {
 public:
  using Scenario::Scenario;

 protected:
  // What is stored under a name is a hit for this worker (GU-RES-04).
  void is_a_hit(WorkerHandle worker, const std::string& path, Value value) {
    about("GU-RES-04");
    auto request = worker.request();
    expect(request.is_cached(path), true);
    auto before = request.status();
    expect(request.include(path), std::move(value));
    expect(request.status(), grew(hits, 1, before));
  }
};

constexpr int big_scripts = 12;

}  // namespace

CLAUSE_TEST(Exhausted, "GU-RES-04/memory-full", "GU-LIV-02 SC-RST-01",
            "scripts run right when memory is full, and waste makes room again") {
  ini("opcache.memory_consumption", "8");
  ini("opcache.interned_strings_buffer", "1");
  ini("opcache.max_accelerated_files", "200");
  ini("opcache.max_wasted_percentage", "5");
  auto [one, two] = workers<2>();
  write("@/first.php", returns("first"));
  expect(one.include("@/first.php"), "first");
  for (int i = 0; i < big_scripts; ++i) write(file("big", i), big_script(60'000, i));
  // Before and during: some are stored, some are not, and nobody can tell from the results.
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < big_scripts; ++i) expect((i % 2 == 0 ? one : two).include(file("big", i)), i);
  }
  expect(two.is_cached(file("big", 0)), true);
  expect(two.is_cached(file("big", big_scripts - 1)), false);
  is_a_hit(two, "@/first.php", "first");
  is_a_hit(one, file("big", 0), 0);
  expect(one.status(), all_of({at(pending, false), at(oom_restarts, 0), at(wasted, 0)}));
  // After: enough of it becomes waste, and the next one that finds no room restarts the cache.
  about("SC-RST-01");
  expect(one.invalidate(file("big", 0), true), true);
  expect(two.include(file("big", big_scripts - 1)), big_scripts - 1);
  expect(one.status(), all_of({at(pending, false), at(oom_restarts, 1), at(wasted, 0), at(full, false)}));
  about("GU-LIV-02");
  for (WorkerHandle worker : {one, two}) expect(worker.include(file("big", big_scripts - 1)), big_scripts - 1);
  for (WorkerHandle worker : {one, two}) is_a_hit(worker, file("big", big_scripts - 1), big_scripts - 1);
}

CLAUSE_TEST(Exhausted, "GU-RES-04/table-full", "GU-LIV-02 SC-RST-07",
            "scripts run right when the table is full, and a reset makes room again") {
  ini("opcache.max_accelerated_files", "200");
  auto [one, two] = workers<2>();
  constexpr int slots = 223, scripts = 240;
  for (int i = 0; i < scripts; ++i) write(file("s", i), returns(i));
  for (WorkerHandle worker : {one, two}) {
    auto request = worker.request();
    for (int i = 0; i < scripts; ++i) expect(request.include(file("s", i)), i);
  }
  expect(one.status(),
         all_of({at(full, true), at(pending, false), at(hash_restarts, 0), at(status_path::keys, slots)}));
  for (WorkerHandle worker : {one, two}) is_a_hit(worker, file("s", 0), 0);
  expect(two.is_cached(file("s", scripts - 1)), false);
  // Another spelling of what is stored has no slot either; it is a hit all the same.
  expect(one.include("@/./s0.php"), 0);
  about("GU-LIV-02");
  expect(one.reset(), true);
  expect(two.include(file("s", scripts - 1)), scripts - 1);
  is_a_hit(one, file("s", scripts - 1), scripts - 1);
  expect(two.status(), all_of({at(full, false), at(pending, false)}));
}

CLAUSE_TEST(Exhausted, "GU-RES-04/strings-full", "SC-INT-01",
            "scripts run right and are stored when the interned strings are full") {
  ini("opcache.interned_strings_buffer", "1");
  auto [one, two] = workers<2>();
  constexpr int scripts = 24;
  const auto text = [](int number, int part) { return std::string(2000, 'x') + std::to_string(number * 100 + part); };
  const auto value = [&](int number) {
    std::vector<Value> parts;
    for (int part = 0; part < 30; ++part) parts.emplace_back(text(number, part));
    return Value::list(std::move(parts));
  };
  for (int i = 0; i < scripts; ++i) write(file("strings", i), returns(value(i)));
  for (WorkerHandle worker : {one, two}) {
    for (int i = 0; i < scripts; ++i) expect(worker.include(file("strings", i)), value(i));
  }
  expect(one.status(), at(status_path::strings_free, between(0, 30000)));
  for (WorkerHandle worker : {one, two}) {
    is_a_hit(worker, file("strings", 0), value(0));
    is_a_hit(worker, file("strings", scripts - 1), value(scripts - 1));
  }
}

CLAUSE_TEST(Exhausted, "GU-SYS-03/log-device-full", "a verbose log on a full device changes no reply and no hit") {
  ini("opcache.log_verbosity_level", "4");
  ini("opcache.error_log", "/dev/full");
  ini("opcache.max_accelerated_files", "200");
  auto [one, two] = workers<2>();
  constexpr int scripts = 230;  // more than there are slots: what is refused is logged
  for (int i = 0; i < scripts; ++i) write(file("s", i), returns(i));
  auto request = one.request();
  for (int i = 0; i < scripts; ++i) expect(request.include(file("s", i)), i);
  for (WorkerHandle worker : {one, two}) is_a_hit(worker, file("s", 0), 0);
  about("GU-SYS-03");
  expect(two.invalidate(file("s", 0), true), true);
  expect(one.reset(), true);
  expect(two.include(file("s", scripts - 1)), scripts - 1);
  is_a_hit(one, file("s", scripts - 1), scripts - 1);
}
