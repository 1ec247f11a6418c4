// What no reservation holds up: reads, removals, and stores under other keys (ST-GET-11, ST-SET-16, ST-RST-03, ST-PRC-16);
// and what held values may (ST-SET-18).
#include "conformance/registry/registration.h"
#include "conformance/suite/static/values.h"

using namespace assay::conformance;
using std::chrono::seconds;

namespace {

struct Reserved : Scenario {
  explicit Reserved(const Description& target) : Scenario(target) { needs("static_cache.locks"); }

 protected:
  // A request that holds "k" from here to release("held"), and then stores what it has built.
  void hold(WorkerHandle worker) {
    auto builder = worker.background("builder");
    expect(builder.lock("k"), true);
    builder.rendezvous("held");
    expect(builder.set("k", "built"), true);
    wait_for_arrival("held");
  }
  void finish() {
    release("held");
    await("builder");
  }
  RequestBuilder at_once(WorkerHandle worker) {
    auto request = worker.request();
    request.within(seconds(1));
    return request;
  }
};

}  // namespace

CLAUSE_TEST(Reserved, "ST-GET-11/reserved-key", "ST-LCK-02", "no read waits for a reservation") {
  auto [one, two] = workers<2>();
  expect(one.set("k", "old"), true);
  hold(one);
  auto reader = at_once(two);
  expect(reader.get("k"), "old");
  expect(reader.get_multiple({"k", "other"}), at({"k"}, "old"));
  expect(reader.has_key("k"), true);
  expect(reader.cache_info(), at({"entry_count"}, 1));
  finish();
  expect(two.get("k"), "built");
}

CLAUSE_TEST(Reserved, "ST-SET-16/delete", "ST-LCK-07",
            "a delete does not wait, and does not stop the holder from storing") {
  auto [one, two] = workers<2>();
  expect(one.set("k", "old"), true);
  hold(one);
  auto other = at_once(two);
  expect(other.remove_key("k"), true);
  expect(other.remove_keys({"k", "other"}), true);
  expect(other.get("k", none), none);
  finish();
  expect(two.get("k"), "built");
}

CLAUSE_TEST(Reserved, "ST-SET-16/clear", "ST-LCK-17",
            "a clear does not wait, and does not stop a holder from storing") {
  auto [one, two] = workers<2>();
  expect(one.set("k", "old"), true);
  hold(one);
  auto other = at_once(two);
  expect(other.clear_cache(), true);
  expect(other.get("k", none), none);
  expect(other.lock("k"), false);
  finish();
  expect(two.get("k"), "built");
}

CLAUSE_TEST(Reserved, "ST-SET-16/reset", "ST-RST-03",
            "a reset does not wait, and does not stop a holder from storing") {
  needs("static_cache.reset");
  auto [one, two] = workers<2>();
  expect(one.set("k", "old"), true);
  hold(one);
  auto other = at_once(two);
  expect(other.reset(), true);
  expect(other.get("k", none), none);
  finish();
  expect(two.get("k"), "built");
}

CLAUSE_TEST(Reserved, "ST-PRC-16/blocked-store", "GU-LIV-06",
            "a store that waits for a reservation holds up nobody at other keys") {
  auto [one, two, three] = workers<3>();
  expect(one.set("other", 1), true);
  hold(one);
  auto waiting = two.background("waiting");
  expect(waiting.set("k", "of the one who waited"), true);
  for (int i = 0; i < 20; ++i) {
    auto other = at_once(three);
    expect(other.get("other"), i + 1);
    expect(other.set("other", i + 2), true);
    expect(other.get("k", none), none);
  }
  finish();
  await("waiting");
  expect(three.get("k"), "of the one who waited");
}

namespace {

struct Held : Scenario {
  using Scenario::Scenario;

 protected:
  // Half of the segment in the hands of a request, and gone from the cache.
  void hold(WorkerHandle worker, WorkerHandle other, const char* end = "completed") {
    ini("opcache.static_cache.volatile_size_mb", "8");
    expect(other.set("large", std::string(4'000'000, 'a')), true);
    auto holder = worker.background("holder");
    holder.ends(end);
    expect(holder.get("large"), has_length(4'000'000));
    holder.rendezvous("held");
    wait_for_arrival("held");
    expect(other.remove_key("large"), true);
    expect(other.set("larger", std::string(5'000'000, 'b')), of_type("bool"));
    expect(other.remove_key("larger"), true);
  }
  void all_is_free(WorkerHandle other) {
    expect(other.set("larger", std::string(5'000'000, 'c')), true);
    expect(other.get("larger"), has_length(5'000'000));
  }
};

}  // namespace

CLAUSE_TEST(Held, "ST-SET-18/holder-ends", "ST-SET-17", "what a request held is free again when it has ended") {
  auto [one, two] = workers<2>();
  hold(one, two);
  release("held");
  await("holder");
  all_is_free(two);
}

CLAUSE_TEST(Held, "ST-SET-18/holder-dies", "ST-PRC-07", "what a request held is free again when it has died") {
  needs("workers.processes");
  auto [one, two] = workers<2>();
  hold(one, two, "died");
  kill(one);
  await("holder");
  all_is_free(two);
}
