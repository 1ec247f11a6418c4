// SC-SIZ-04, SC-RST-07: the size of the key table, and what happens when it is full.
#include "conformance/execution/executor.h"
#include "conformance/exploration/campaign.h"
#include "conformance/exploration/trace_list.h"
#include "conformance/registry/registration.h"
#include "conformance/vocabulary/status_paths.h"

using namespace assay::conformance;

namespace {

class TableOf final : public Scenario {
 public:
  TableOf(const Description& target, std::int64_t configured, std::int64_t capacity)
      : Scenario(target), configured_(configured), capacity_(capacity) {}

 private:
  void steps() override {
    ini("opcache.max_accelerated_files", std::to_string(configured_));
    auto w = worker();
    expect(w.status(), at(status_path::max_keys, capacity_));
  }

  std::int64_t configured_, capacity_;
};

// 48 bytes of shared memory or more for each element: the array stands where it cannot be folded away.
std::string big_script(int elements) {
  std::string code = "<?php\nif (false) {\n  function big() {\n    return ['big'";
  for (int i = 1; i < elements; ++i) code += ",[" + std::to_string(i) + "]";
  return code + "];\n  }\n}\nreturn 'big';\n";
}

}  // namespace

BODY_TEST("property", "SC-SIZ-04/smallest-sufficient", "", "the table has the smallest size of the list that suffices",
          {"script_cache"}) {
  constexpr std::int64_t sizes[] = {223,   463,   983,    1979,   3907,   7963,   16229,
                                    32531, 65407, 130987, 262237, 524521, 1048793};
  constexpr std::int64_t largest_setting = 1'000'000;
  std::vector<Trace> traces;
  const auto add = [&](std::int64_t configured, std::int64_t capacity) {
    traces.push_back(TableOf(context.target.description(), configured, capacity)
                         .build("table for " + std::to_string(configured), {"SC-SIZ-04"}));
  };
  for (std::size_t i = 0; i < std::size(sizes); ++i) {
    add(std::min(sizes[i], largest_setting), sizes[i]);
    if (i + 1 < std::size(sizes)) add(sizes[i] + 1, sizes[i + 1]);
  }
  const std::uint64_t all = traces.size();
  return Campaign(context.target, context.folder, {.least = all}).run(TraceList(std::move(traces)));
}

namespace {

// The smallest table, files for all of it, and one large enough to be waste enough.
class SmallTable : public Scenario {
 public:
  using Scenario::Scenario;

 protected:
  static constexpr int table = 223;
  WorkerHandle small_table() {
    ini("opcache.max_accelerated_files", "200");
    ini("opcache.memory_consumption", "8");
    ini("opcache.interned_strings_buffer", "1");
    ini("opcache.max_wasted_percentage", "1");
    write("@/big.php", big_script(5000));
    for (int i = 0; i < table; ++i) write("@/" + std::to_string(i) + ".php", returns(i));
    return worker();
  }
};

}  // namespace

CLAUSE_TEST(SmallTable, "SC-RST-07/full-table-waste", "a full table with enough waste restarts and counts as such") {
  auto w = small_table();
  auto r = w.request();
  expect(r.include("@/big.php"), "big");
  expect(r.invalidate("@/big.php", true), true);
  for (int i = 1; i < table; ++i) expect(r.include("@/" + std::to_string(i) + ".php"), i);
  expect(r.status(), all_of({at(status_path::pending, false), at(status_path::keys, table)}));
  expect(r.include("@/0.php"), 0);
  expect(r.status(), at(status_path::pending, true));
  expect(w.status(),
         all_of({at(status_path::pending, false), at(status_path::hash_restarts, 1), at(status_path::oom_restarts, 0),
                 at(status_path::manual_restarts, 0), at(status_path::keys, 0)}));
  expect(w.include("@/0.php"), 0);
  expect(w.is_cached("@/0.php"), true);
}

CLAUSE_TEST(SmallTable, "SC-RST-06/full-cache",
            "an invalidation in a full cache that makes enough waste schedules the restart") {
  auto w = small_table();
  auto r = w.request();
  expect(r.include("@/big.php"), "big");
  for (int i = 0; i < table; ++i) expect(r.include("@/" + std::to_string(i) + ".php"), i);
  expect(r.status(), all_of({at(status_path::full, true), at(status_path::pending, false)}));
  expect(r.invalidate("@/big.php", true), true);
  expect(r.status(), at(status_path::pending, true));
  expect(w.status(), all_of({at(status_path::pending, false), at(status_path::hash_restarts, 1),
                             at(status_path::oom_restarts, 0)}));
}

CLAUSE_TEST(Scenario, "SC-RST-06/not-full",
            "an invalidation in a cache that is not full schedules nothing, whatever its waste") {
  ini("opcache.memory_consumption", "8");
  ini("opcache.interned_strings_buffer", "1");
  ini("opcache.max_wasted_percentage", "1");
  auto w = worker();
  write("@/big.php", big_script(5000));
  expect(w.include("@/big.php"), "big");
  auto r = w.request();
  expect(r.invalidate("@/big.php", true), true);
  expect(r.status(), all_of({at(status_path::full, false), at(status_path::pending, false),
                             at(status_path::wasted_percentage, between(1.0, 100.0))}));
  expect(w.status(), at(status_path::oom_restarts, 0));
}
