#include "conformance/suite/guarantees/counter_roles.h"

#include "conformance/suite/static/pinned.h"

namespace assay::conformance {
namespace {

using std::chrono::seconds;

// What the roles below can make of the counter: one or two of its steps, or what `set` puts in its place.
const std::vector<Value>& possible_counts() {
  static const std::vector<Value> all = [] {
    std::vector<Value> values = {"none"};
    for (const std::int64_t start : {0, 500, 1000, 1001})
      for (int up = 0; up <= 2; ++up)
        for (int back = 0; back <= 2; ++back) values.emplace_back(start + 3 * up - 7 * back);
    return values;
  }();
  return all;
}

}  // namespace

const char* name_of(CounterRole role) {
  constexpr const char* names[] = {"count", "create",   "subtract", "refused", "set",
                                   "get",   "get-list", "delete",   "clear",   "lock"};
  return names[static_cast<int>(role)];
}

const char* feature_of(CounterRole role) {
  return role == CounterRole::lock ? "static_cache.locks" : "static_cache.pinned";
}

bool counts(CounterRole role) {
  return role <= CounterRole::count_text;
}

void CounterRoles::prepare() {
  needs("static_cache.pinned");
  auto request = helper().request();
  expect(pinned(request).set("n", 500), true);
  expect(pinned(request).set("text", "no number"), true);
  expect(pinned(request).set("untouched", Value::list({"untouched", 1})), true);
}

void CounterRoles::work(int number, RequestBuilder& request) {
  about("GU-VAL-04");
  play(roles_[number], number, request);
}

RequestBuilder CounterRoles::bounded(WorkerHandle worker) {
  auto request = worker.request();
  request.within(seconds(1));
  return request;
}

void CounterRoles::next(CounterRole role) {
  about("GU-LIV-01");
  auto request = bounded(worker(1));
  play(role, 1, request);
}

void CounterRoles::play(CounterRole role, int number, RequestBuilder& request) {
  auto cache = pinned(request);
  switch (role) {
    case CounterRole::count:
      cache.increment("n", 3);
      return;
    case CounterRole::count_new:
      cache.increment("new", 1);
      return;
    case CounterRole::count_back:
      cache.decrement("n", 7);
      return;
    case CounterRole::count_text:
      cache.increment("text");
      return;
    case CounterRole::set:
      cache.set("n", 1000 + number);
      return;
    case CounterRole::get:
      cache.get("n", "none");
      cache.get("new", "none");
      return;
    case CounterRole::get_list:
      cache.get_multiple({"n", "new", "untouched"});
      return;
    case CounterRole::remove:
      cache.remove_key("n");
      return;
    case CounterRole::clear:
      cache.clear_cache();
      return;
    case CounterRole::lock:
      // One that a count ends and one that is given back.
      cache.lock("n");
      cache.increment("n", 3);
      cache.lock("new");
      cache.unlock("new");
      return;
  }
}

void CounterRoles::right_values(RequestBuilder& request) {
  about("GU-VAL-02");
  expect(pinned(request).get("n", "none"), one_of(possible_counts()));
  expect(pinned(request).get("new", "none"), one_of({1, 2, "none"}));
  expect(pinned(request).get("text", "none"), one_of({"no number", 1, 2, "none"}));
  expect(pinned(request).get("untouched", "none"), one_of({Value::list({"untouched", 1}), "none"}));
}

void CounterRoles::counts_again(RequestBuilder& request) {
  about("GU-LIV-02");
  expect(pinned(request).set("after", 10), true);
  expect(pinned(request).increment("after"), 11);
  expect(pinned(request).increment("n", 0), negated(equals(false)));
  expect(pinned(request).remove_key("after"), true);
}

// Both read before one of them writes, which might repair what the other would have seen.
void CounterRoles::verify() {
  auto first = bounded(worker(0));
  right_values(first);
  auto one = bounded(worker(1));
  right_values(one);
  counts_again(one);
  auto zero = bounded(worker(0));
  counts_again(zero);
  about("GU-RES-01");
  expect(pinned(zero).remove_keys({"n", "new", "text", "untouched"}), true);
  expect(pinned(worker(1)).cache_info(), at({"entry_count"}, 0));
}

}  // namespace assay::conformance
