// ST-LCK: reservations of keys by running requests, and by leases.
#include "conformance/registry/registration.h"
#include "conformance/suite/static/values.h"

using namespace assay::conformance;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

// A request that holds "k" while the others act, from held() to gone().
class WithHolder : public Scenario {
 public:
  using Scenario::Scenario;

 protected:
  RequestBuilder holding(WorkerHandle worker, std::int64_t lease = 0) {
    auto request = worker.background("holder");
    expect(request.lock("k", lease), true);
    request.rendezvous("held");
    return request;
  }
  void held() { wait_for_arrival("held"); }
  void gone() {
    release("held");
    await("holder");
  }
  // Another's key stays as it is for as long as it takes to look so often.
  void still(WorkerHandle reader, const Value& value) {
    for (int i = 0; i < 20; ++i) expect(reader.get("k", none), value);
  }
};

}  // namespace

CLAUSE_TEST(WithHolder, "ST-LCK-01/second-locker", "ST-LCK-02",
            "the second locker gets false at once, and readers see no difference") {
  auto [one, two, three] = workers<3>();
  expect(one.set("k", "stored"), true);
  holding(one);
  held();
  auto request = two.request();
  request.within(seconds(1));
  expect(request.lock("k"), false);
  expect(request.unlock("k"), false);
  expect(request.get("k", none), "stored");
  expect(three.lock("k"), false);
  gone();
  expect(two.lock("k"), true);
}

CLAUSE_TEST(Scenario, "ST-LCK-02/no-entry", "a reservation makes no entry") {
  auto [one, two] = workers<2>();
  auto request = one.request();
  expect(request.lock("k"), true);
  expect(request.has_key("k"), false);
  expect(request.get("k", none), none);
  expect(two.has_key("k"), false);
  expect(two.cache_info(), at({"entry_count"}, 0));
}

CLAUSE_TEST(Scenario, "ST-LCK-04/relock", "ST-LCK-05", "the holder may lock again, and one unlock is enough") {
  auto [one, two] = workers<2>();
  auto request = one.request();
  expect(request.unlock("k"), false);
  expect(request.lock("k"), true);
  expect(request.lock("k"), true);
  expect(request.unlock("k"), true);
  expect(request.unlock("k"), false);
  expect(two.lock("k"), true);
}

CLAUSE_TEST(WithHolder, "ST-LCK-06/store-waits",
            "a store by another waits until the holder has stored, then overwrites") {
  auto [one, two, three] = workers<3>();
  expect(one.set("k", "old"), true);
  auto holder = holding(one);
  expect(holder.get("k"), "old");
  expect(holder.set("k", "of the holder"), true);
  held();
  auto waiting = two.background("waiting");
  waiting.within(seconds(5));
  expect(waiting.set("k", "of the other"), true);
  still(three, "old");
  gone();
  await("waiting");
  expect(three.get("k"), "of the other");
}

CLAUSE_TEST(WithHolder, "ST-LCK-06/holder-dies", "ST-LCK-11", "a waiting store continues when the holder dies") {
  auto [one, two, three] = workers<3>();
  expect(one.set("k", "old"), true);
  holding(one).ends("died");
  held();
  auto waiting = two.background("waiting");
  waiting.within(seconds(5));
  expect(waiting.set_multiple(Value::map({{"k", "of the other"}, {"l", 2}})), true);
  still(three, "old");
  kill(one);
  await("waiting");
  await("holder");
  expect(three.get("k"), "of the other");
  expect(three.lock("k"), true);
}

CLAUSE_TEST(Scenario, "ST-LCK-07/own-store",
            "the holder's own store or delete ends the reservation; a refused store does not") {
  ini("opcache.static_cache.volatile_size_mb", "8");
  auto [one, two] = workers<2>();
  auto request = one.request();
  expect(request.lock("k"), true);
  expect(request.set("k", 1), true);
  expect(request.unlock("k"), false);
  expect(request.lock("k"), true);
  expect(request.remove_key("k"), true);
  expect(request.unlock("k"), false);
  expect(request.lock("k"), true);
  expect(request.set_multiple(Value::map({{"other", 1}, {"k", 2}})), true);
  expect(request.unlock("k"), false);
  expect(request.lock("k"), true);
  expect(request.remove_keys({"other", "k"}), true);
  expect(request.unlock("k"), false);
  expect(request.lock("k"), true);
  expect(request.set("k", oversized()), false);
  expect(request.unlock("k"), true);
  expect(two.lock("k"), true);
}

CLAUSE_TEST(WithHolder, "ST-LCK-10/without-lease", "ST-LCK-11",
            "a reservation without a lease ends with its request and with its process") {
  auto [one, two] = workers<2>();
  expect(one.lock("k"), true);
  expect(two.lock("k"), true);
  expect(one.unlock("k"), false);
  holding(one).ends("died");
  held();
  expect(two.lock("k"), false);
  kill(one);
  await("holder");
  expect(two.lock("k"), true);
}

CLAUSE_TEST(Scenario, "ST-LCK-12/lease", "ST-LCK-15 ST-LCK-16",
            "a lease outlives its request, refuses all others and ends in time") {
  needs("clock.virtual");
  auto [one, two] = workers<2>();
  expect(one.lock("k", 10), true);
  expect(two.lock("k"), false);
  expect(one.unlock("k"), false);
  expect(one.lock("k"), false);
  advance_clock(seconds(9));
  expect(two.lock("k"), false);
  advance_clock(seconds(2));
  auto request = two.request();
  expect(request.lock("k"), true);
  expect(request.unlock("k"), true);
}

CLAUSE_TEST(WithHolder, "ST-LCK-12/lease-process", "a lease outlives its process") {
  needs("clock.virtual");
  auto [one, two] = workers<2>();
  holding(one, 10).ends("died");
  held();
  kill(one);
  await("holder");
  expect(two.lock("k"), false);
  advance_clock(seconds(11));
  expect(two.lock("k"), true);
}

CLAUSE_TEST(WithHolder, "ST-LCK-13/expired-lease",
            "unlocking an expired lease does not release the next holder's lock") {
  needs("clock.virtual");
  auto [one, two, three] = workers<3>();
  auto late = holding(one, 5);
  late.unlock("k");
  held();
  advance_clock(seconds(10));
  // May be false while the first owner lives; then nobody has it once that one is gone.
  auto next = two.lock("k", 100);
  gone();
  expect(three.lock("k"), differs_from(next));
  advance_clock(seconds(200));
  expect(three.lock("k"), true);
}

CLAUSE_TEST(WithHolder, "ST-LCK-14/store-waits", "a store by another waits for a lease, and no longer") {
  needs("clock.virtual");
  auto [one, two, three] = workers<3>();
  expect(one.set("k", "old"), true);
  expect(one.lock("k", 10), true);
  auto waiting = two.background("waiting");
  waiting.within(seconds(5));
  expect(waiting.set("k", "of the other"), true);
  still(three, "old");
  advance_clock(seconds(11));
  await("waiting");
  expect(three.get("k"), "of the other");
}

CLAUSE_TEST(Scenario, "ST-LCK-15/owner-ends-lease",
            "the owner ends a lease by unlock, store or clear in the same request") {
  auto [one, two] = workers<2>();
  {
    auto request = one.request();
    expect(request.lock("k", 60), true);
    expect(request.unlock("k"), true);
    expect(request.lock("l", 60), true);
    expect(request.set("l", 1), true);
    expect(request.lock("m", 60), true);
    expect(request.clear_cache(), true);
  }
  for (const char* key : {"k", "l", "m"}) expect(two.lock(key), true);
}

CLAUSE_TEST(Scenario, "ST-LCK-16/negative", "a negative lease throws") {
  auto w = worker();
  auto request = w.request();
  expect(request.lock("k", -1), throws("ValueError"));
  expect(request.unlock("k"), false);
}

CLAUSE_TEST(WithHolder, "ST-LCK-17/clear",
            "clear ends the caller's reservations and ownerless leases, not those of a running request") {
  auto [one, two, three] = workers<3>();
  {
    auto request = two.request();
    expect(request.lock("own"), true);
    expect(request.clear_cache(), true);
    expect(request.unlock("own"), false);
  }
  expect(one.lock("k", 60), true);
  expect(two.lock("k"), false);
  expect(two.clear_cache(), true);
  expect(two.lock("k"), true);
  holding(one, 60);
  held();
  expect(two.clear_cache(), true);
  expect(three.lock("k"), false);
  gone();
  expect(two.clear_cache(), true);
  expect(three.lock("k"), true);
}

CLAUSE_TEST(Scenario, "ST-LCK-17/reset", "opcache_reset ends ownerless leases as clear does") {
  needs("static_cache.reset");
  auto [one, two] = workers<2>();
  expect(one.lock("k", 60), true);
  expect(two.lock("k"), false);
  expect(one.reset(), true);
  expect(two.lock("k"), true);
}

CLAUSE_TEST(WithHolder, "ST-LCK-18/stampede", "only one of several concurrent misses rebuilds the value") {
  auto [one, two, three] = workers<3>();
  auto builder = holding(one);
  expect(builder.set("k", "built"), true);
  expect(builder.unlock("k"), false);
  held();
  // Who is refused reads with a default instead of building.
  for (WorkerHandle other : {two, three}) {
    auto request = other.request();
    expect(request.get("k", none), none);
    expect(request.lock("k"), false);
    expect(request.get("k", none), none);
  }
  gone();
  for (WorkerHandle other : {two, three}) expect(other.get("k", none), "built");
}

// So many that some of them share a group where reservations are kept for 256 groups.
CLAUSE_TEST(Scenario, "ST-LCK-09/many-keys", "ST-LCK-21",
            "one request reserves many keys and stores under them, and unlock replies for each") {
  auto [one, two] = workers<2>();
  std::vector<std::string> keys;
  for (int i = 0; i < 60; ++i) keys.push_back("key-" + std::to_string(i));
  auto request = one.request();
  request.within(seconds(5));
  for (const std::string& key : keys) expect(request.lock(key), true);
  for (std::size_t i = 0; i < keys.size(); i += 2) expect(request.set(keys[i], static_cast<std::int64_t>(i)), true);
  for (std::size_t i = 0; i < keys.size(); ++i) expect(request.unlock(keys[i]), i % 2 == 1);
  for (const std::string& key : keys) expect(two.lock(key), true);
}
