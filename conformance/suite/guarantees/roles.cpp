#include "conformance/suite/guarantees/roles.h"
#include "conformance/vocabulary/status_paths.h"

namespace assay::conformance {
namespace {

using std::chrono::seconds;

using status_path::enabled;
const Value none = "none";

// Large enough for a block of its own; two of them differ in each part.
Value large(const std::string& mark) {
  return Value::list(std::vector<Value>(12, Value(mark)));
}

constexpr const char* other_spelling = "@/lib/../lib/leaf.php";

}  // namespace

const char* name_of(ScriptRole role) {
  constexpr const char* names[] = {"hit", "store", "alias", "revalidate", "invalidate", "reset", "restart", "status"};
  return names[static_cast<int>(role)];
}

const char* name_of(CacheRole role) {
  constexpr const char* names[] = {"get",    "get-list",    "set",   "set-list", "overwrite",
                                   "delete", "delete-list", "clear", "expire",   "get-expired",
                                   "has",    "lock",        "add",   "remember", "count"};
  return names[static_cast<int>(role)];
}

const char* feature_of(CacheRole role) {
  if (role == CacheRole::add) return "static_cache.add";
  if (role == CacheRole::remember) return "static_cache.remember";
  if (role == CacheRole::count) return "static_cache.counters";
  return role == CacheRole::lock ? "static_cache.locks" : "static_cache.volatile";
}

void ScriptRoles::prepare() {
  ini("opcache.memory_consumption", "16");
  ini("opcache.interned_strings_buffer", "2");
  ini("opcache.max_accelerated_files", "200");
  for (const char* name : {"held", "other", "third"}) write(std::string("@/") + name + ".php", returns(marked(name)));
  write("@/fresh.php", php("function f() { return 'text of ' . __FUNCTION__; }\nreturn [f(), 'fresh'];"));
  write("@/lib/leaf.php", returns("leaf"));
  write("@/changed.php", returns("old"));
  auto request = helper().request();
  expect(request.include("@/held.php"), marked("held"));
  expect(request.include("@/lib/leaf.php"), "leaf");
  expect(request.include("@/changed.php"), "old");
  write("@/changed.php", returns("new"), 500);
  advance_clock(seconds(5));
}

// A restart is scheduled just before the worker begins that is to perform it.
void ScriptRoles::before(int number) {
  if (roles_[number] != ScriptRole::restart || is_helped()) return;
  expect(help().reset(), of_type("bool"));
}

void ScriptRoles::work(int number, RequestBuilder& request) {
  about("GU-VAL-01");
  play(roles_[number], request);
}

void ScriptRoles::next(ScriptRole role) {
  about("GU-LIV-01");
  auto request = bounded(worker(1));
  if (role != ScriptRole::restart) return play(role, request);
  // The request after a reset is the one that restarts.
  play(ScriptRole::reset, request);
  auto restarting = bounded(worker(1));
  play(role, restarting);
}

void ScriptRoles::play(ScriptRole role, RequestBuilder& request) {
  switch (role) {
    case ScriptRole::hit:
      // Twice: what it was served stays (GU-VAL-06).
      for (int i = 0; i < 2; ++i) expect(request.include("@/held.php"), marked("held"));
      return;
    case ScriptRole::store:
      expect(request.include("@/fresh.php"), Value::list({"text of f", "fresh"}));
      return;
    case ScriptRole::alias:
      expect(request.include(other_spelling), "leaf");
      return;
    case ScriptRole::revalidate:
      expect(request.include("@/changed.php"), "new");
      return;
    case ScriptRole::invalidate:
      expect(request.invalidate("@/held.php", true), of_type("bool"));
      return;
    case ScriptRole::reset:
      expect(request.reset(), of_type("bool"));
      return;
    case ScriptRole::restart:
      // What is stored now lies where the old scripts lay.
      expect(request.include("@/other.php"), marked("other"));
      expect(request.include("@/third.php"), marked("third"));
      return;
    case ScriptRole::status:
      expect(request.status(), at(enabled, of_type("bool")));
      return;
  }
}

void ScriptRoles::right_results(WorkerHandle worker) {
  auto request = bounded(worker);
  for (const ScriptRole role :
       {ScriptRole::hit, ScriptRole::store, ScriptRole::alias, ScriptRole::revalidate, ScriptRole::restart})
    play(role, request);
}

void ScriptRoles::verify() {
  about("GU-VAL-02");
  for (const int number : {0, 1}) right_results(worker(number));
  works_again({worker(0), worker(1)});
}

void CacheRoles::prepare() {
  auto request = helper().request();
  expect(request.set("k", large("first")), true);
  expect(request.set("untouched", large("untouched")), true);
  expect(request.set("expired", large("expired"), 5), true);
  if (counts()) expect(request.set("number", 500), true);
  advance_clock(seconds(10));
}

void CacheRoles::work(int number, RequestBuilder& request) {
  about("GU-VAL-04");
  play(roles_[number], number, request);
}

RequestBuilder CacheRoles::bounded(int number) {
  auto request = worker(number).request();
  request.within(seconds(1));
  return request;
}

RequestBuilder CacheRoles::next_request() {
  about("GU-LIV-01");
  return bounded(1);
}

void CacheRoles::next(CacheRole role) {
  auto request = next_request();
  if (role != CacheRole::lock) return play(role, 1, request);
  // Of one that is dead nothing is reserved (ST-LCK-11).
  about("ST-LCK-11");
  expect(request.lock("k"), true);
  expect(request.unlock("k"), true);
}

void CacheRoles::next_info() {
  next_request().cache_info();
}

// Replies are judged by the order that must exist of them (GU-VAL-04).
void CacheRoles::play(CacheRole role, int number, RequestBuilder& request) {
  const std::string mark = number == 0 ? "of a" : "of b";
  switch (role) {
    case CacheRole::get:
      request.get("k", none);
      return;
    case CacheRole::get_list:
      // What a list shows of a clear, or of two stores in a row, is one state (ST-GET-10).
      request.get_multiple({"k", "new", "untouched"});
      return;
    case CacheRole::set:
      request.set("new", large(mark));
      return;
    case CacheRole::set_list:
      request.set_multiple(Value::map({{"k", large(mark)}, {"new", large(mark)}}));
      return;
    case CacheRole::overwrite:
      request.set("k", large(mark));
      return;
    case CacheRole::remove:
      request.remove_key("k");
      return;
    case CacheRole::remove_list:
      request.remove_keys({"k", "untouched"});
      return;
    case CacheRole::clear:
      // What is stored now lies where the old values lay.
      request.clear_cache();
      request.set("later", large(mark));
      return;
    case CacheRole::expire:
      request.set("expired", large(mark));
      return;
    case CacheRole::get_expired:
      request.get("expired", none);
      return;
    case CacheRole::has:
      request.has_key("k");
      request.has_key("expired");
      return;
    case CacheRole::lock:
      // One that a store ends and one that is given back. No lease: it would hold up the other beyond a death.
      request.lock("k");
      request.get("k", none);
      request.set("k", large(mark));
      request.lock("new");
      request.unlock("new");
      return;
    case CacheRole::add:
      request.add("new", large(mark));
      request.add("expired", large(mark));
      request.add("k", large(mark));
      return;
    case CacheRole::remember:
      request.remember("new", large(mark));
      request.remember("expired", large(mark));
      request.remember("k", large(mark));
      return;
    case CacheRole::count:
      request.increment("number", 3);
      request.increment("counted");
      return;
  }
}

void CacheRoles::right_values(RequestBuilder& request) {
  about("GU-VAL-02");
  const Value a = large("of a"), b = large("of b");
  expect(request.get("k", none), one_of({large("first"), a, b, none}));
  expect(request.get("new", none), one_of({a, b, none}));
  expect(request.get("later", none), one_of({a, b, none}));
  expect(request.get("expired", none), one_of({a, b, none}));
  expect(request.get("untouched", none), one_of({large("untouched"), none}));
  if (!counts()) return;
  expect(request.get("number", none), one_of({500, 503, 506, 3, 6, none}));
  expect(request.get("counted", none), one_of({1, 2, none}));
}

void CacheRoles::stores_again(RequestBuilder& request) {
  about("GU-LIV-02");
  expect(request.set("after", large("after")), true);
  expect(request.get("after"), large("after"));
  expect(request.remove_key("after"), true);
}

// Both read before one of them writes, which might repair what the other would have seen.
void CacheRoles::verify() {
  auto first = bounded(0);
  right_values(first);
  auto one = bounded(1);
  right_values(one);
  stores_again(one);
  auto zero = bounded(0);
  stores_again(zero);
  about("GU-RES-01");
  expect(zero.remove_keys({"k", "new", "later", "untouched", "expired", "number", "counted"}), true);
  expect(worker(1).cache_info(), at({"entry_count"}, 0));
}

}  // namespace assay::conformance
