// ST-FUL: what a full backend does under each choice, where a runtime can be started with any (static_cache.eviction).
#include "conformance/adapter/eviction_choice.h"
#include "conformance/registry/registration.h"
#include "conformance/suite/static/pinned.h"
#include "conformance/suite/static/scripted.h"
#include "conformance/suite/static/values.h"

using namespace assay::conformance;
using std::chrono::seconds;

namespace {

Value numbered(std::int64_t from, std::int64_t to) {
  Elements elements;
  for (std::int64_t i = from; i < to; ++i) elements.emplace_back("n" + std::to_string(i), i);
  return elements;
}

// A runtime with this choice. Six entries of `part` bytes fit into its backend, seven do not.
template <class Base>
class Evicting : public Base {
 public:
  Evicting(const Description& target, const char* choice) : Base(target), choice_(choice) {
    this->needs("static_cache.eviction");
    this->ini("opcache.static_cache.volatile_size_mb", "8");
    this->ini("opcache.static_cache.pinned_size_mb", "8");
    this->ini(kEvictionChoice, choice);
  }

 protected:
  static constexpr std::size_t part = 1'170'000;

  bool wipes() const { return choice_ == "wipe"; }
  void fill(WorkerHandle worker) {
    for (const char key : {'a', 'b', 'c', 'd', 'e', 'f'}) this->expect(worker.set({key}, text(part, key)), true);
  }
  void holds(WorkerHandle worker, const std::string& keys) {
    for (const char key : keys) this->expect(worker.get({key}, none), text(part, key));
  }
  void lost(WorkerHandle worker, const std::string& keys) {
    for (const char key : keys) this->expect(worker.get({key}, none), none);
  }

 private:
  std::string choice_;
};

using Full = Evicting<Scenario>;

class Refused final : public Full {
 public:
  using Full::Full;

 private:
  void steps() override {
    auto [one, two] = workers<2>();
    fill(one);
    auto before = one.cache_info();
    expect(two.set("g", text(part, 'g')), false);
    expect(two.set("a", text(part, 'x')), false);
    expect(two.cache_info(), same_as(before));
    holds(two, "abcdef");
    lost(two, "g");
  }
};

class Wiped final : public Full {
 public:
  using Full::Full;

 private:
  void steps() override {
    auto [one, two] = workers<2>();
    fill(one);
    expect(one.set("number", 1), true);
    expect(two.set("g", text(part, 'g')), true);
    expect(two.cache_info(), at({"entry_count"}, 1));
    lost(one, "abcdef");
    expect(one.has_key("number"), false);
    holds(one, "g");
    // All the room is there again.
    for (const char key : {'a', 'b', 'c', 'd', 'e'}) expect(two.set({key}, text(part, key)), true);
    holds(one, "gabcde");
  }
};

class LeastUsed final : public Full {
 public:
  using Full::Full;

 private:
  void steps() override {
    auto [one, two] = workers<2>();
    fill(one);
    // Each way to use an entry, by either worker: what is left of the first ones is b, then e.
    expect(two.get("a"), has_length(static_cast<std::int64_t>(part)));
    expect(one.has_key("c"), true);
    expect(two.get_multiple({"d"}), at({"d"}, has_length(static_cast<std::int64_t>(part))));
    expect(two.set("g", text(part, 'g')), true);
    expect(one.has_key("b"), false);
    expect(one.set("h", text(part, 'h')), true);
    expect(two.has_key("e"), false);
    // f was stored after e, and a was fetched before c and d were used.
    expect(two.set("i", text(part, 'i')), true);
    expect(one.has_key("f"), false);
    expect(two.set("j", text(part, 'j')), true);
    lost(one, "abef");
    holds(one, "cdghij");
  }
};

class ExpiredFirst final : public Full {
 public:
  using Full::Full;

 private:
  void steps() override {
    auto [one, two] = workers<2>();
    expect(one.set("old", 1), true);
    for (const char key : {'a', 'b', 'c', 'd', 'e'}) expect(one.set({key}, text(part, key)), true);
    expect(one.set("short", text(part, 's'), 5), true);
    advance_clock(seconds(10));
    expect(two.set("g", text(part, 'g')), true);
    expect(one.get("old"), 1);
    holds(one, "abcdeg");
  }
};

class PinnedStay final : public Full {
 public:
  using Full::Full;

 private:
  void steps() override {
    auto [one, two] = workers<2>();
    for (const char key : {'a', 'b', 'c', 'd', 'e', 'f'}) expect(pinned(one).set({key}, text(part, key)), true);
    expect(pinned(two).set("g", text(part, 'g')), false);
    expect(pinned(two).set("a", text(part, 'x')), false);
    for (const char key : {'a', 'b', 'c', 'd', 'e', 'f'}) expect(pinned(two).get({key}), text(part, key));
    // Nor when the other backend has its entries go.
    fill(one);
    expect(one.set("g", text(part, 'g')), true);
    for (const char key : {'a', 'b', 'c', 'd', 'e', 'f'}) expect(pinned(two).has_key({key}), true);
  }
};

class TooLarge final : public Full {
 public:
  using Full::Full;

 private:
  void steps() override {
    auto [one, two] = workers<2>();
    fill(one);
    expect(two.set("g", oversized()), false);
    expect(two.set("a", oversized()), false);
    holds(two, "abcdef");
  }
};

class TableFull final : public Full {
 public:
  using Full::Full;

 private:
  void steps() override {
    auto [one, two] = workers<2>();
    const std::int64_t capacity = std::stoll(choice("capacity", "32767"));
    expect(one.set("counted", 1), true);
    expect(one.set_multiple(numbered(1, capacity)), true);
    // Nothing goes for what needs no slot, and the first one was used now.
    expect(two.set("counted", 2), true);
    expect(two.cache_info(), at({"entry_count"}, capacity));
    expect(two.set("new", 1), true);
    expect(one.cache_info(), at({"entry_count"}, wipes() ? 1 : capacity));
    expect(one.get("counted", none), wipes() ? none : Value(2));
    expect(one.get("n1", none), none);
    expect(one.get("n2", none), wipes() ? none : Value(2));
    expect(one.get("new"), 1);
  }
};

class Reserved final : public Full {
 public:
  using Full::Full;

 private:
  void steps() override {
    needs("static_cache.locks");
    needs("rendezvous");
    auto [holder, writer, other] = workers<3>();
    fill(writer);
    auto held = holder.background("holder");
    expect(held.lock("reserved"), true);
    held.rendezvous("held");
    wait_for_arrival("held");
    for (const char key : {'g', 'h'}) expect(writer.set({key}, text(part, key)), true);
    expect(other.lock("reserved"), false);
    release("held");
    await("holder");
    expect(other.lock("reserved"), true);
  }
};

// More than there is room for in one call: what is stored first may go for what is stored last.
class ListTooLong final : public Full {
 public:
  using Full::Full;

 private:
  void steps() override {
    auto [one, two] = workers<2>();
    Elements elements;
    for (const char key : {'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'})
      elements.emplace_back(std::string{key}, text(part, key));
    expect(one.set_multiple(std::move(elements)), true);
    holds(two, wipes() ? "gh" : "cdefgh");
    lost(two, wipes() ? "abcdef" : "ab");
  }
};

class StaticsGo final : public Evicting<ScriptedScenario> {
 public:
  using Evicting::Evicting;

 private:
  void steps() override {
    needs("static_cache.attributes");
    const std::string classes =
        "class V { #[\\OPcache\\VolatileStatic] public static $v = 'initial'; } "
        "class P { #[\\OPcache\\PinnedStatic] public static $p = 'initial'; } ";
    script("assign", classes + "V::$v = 'kept'; P::$p = 'kept'; return 1;");
    script("read", classes + "return [V::$v, P::$p];");
    auto [one, two] = workers<2>();
    expect(run(one, "assign"), 1);
    expect(run(two, "read"), Value::list({"kept", "kept"}));
    fill(one);
    expect(one.set("g", text(part, 'g')), true);
    expect(run(two, "read"), Value::list({"initial", "kept"}));
  }
};

template <class Test>
TestCase under(const char* choice, const char* id, const char* more, const char* title, int line = __builtin_LINE()) {
  return clause_test<Test>(id, more, title, with(choice), __FILE__, line);
}

[[maybe_unused]] const bool registered = register_tests({
    under<Refused>("refuse", "ST-FUL-04/refuse", "ST-FUL-11", "under refuse a full backend refuses and stays as it is"),
    under<Wiped>("wipe", "ST-FUL-04/wipe", "", "under wipe all entries go at once, and the new one is stored"),
    under<LeastUsed>("lru", "ST-FUL-04/lru", "", "under lru those go that were used longest ago"),
    under<ExpiredFirst>("wipe", "ST-FUL-01/before-wipe", "ST-FUL-04", "expired entries go before a wipe"),
    under<ExpiredFirst>("lru", "ST-FUL-01/before-lru", "ST-FUL-04", "expired entries go before one that lives"),
    under<PinnedStay>("wipe", "ST-FUL-03/beside-wipe", "", "pinned entries stay where volatile ones are wiped"),
    under<PinnedStay>("lru", "ST-FUL-03/beside-lru", "", "pinned entries stay where volatile ones are evicted"),
    under<TooLarge>("wipe", "ST-FUL-06/no-wipe", "", "a value that fits no empty backend wipes nothing"),
    under<TooLarge>("lru", "ST-FUL-06/no-victims", "", "a value that fits no empty backend evicts nothing"),
    under<TableFull>("wipe", "ST-FUL-09/wiped-table", "ST-FUL-04", "a new key wipes a full table, an old one does not"),
    under<TableFull>("lru", "ST-FUL-09/one-slot", "ST-FUL-04", "a new key takes the slot that was used longest ago"),
    under<Reserved>("wipe", "ST-LCK-02/wiped", "ST-FUL-04", "a reservation outlives a wipe"),
    under<Reserved>("lru", "ST-LCK-02/evicted", "ST-FUL-04", "a reservation outlives evictions"),
    under<ListTooLong>("wipe", "ST-SET-08/wiped", "ST-FUL-04", "a list beyond the room wipes its own beginning"),
    under<ListTooLong>("lru", "ST-SET-08/evicted", "ST-FUL-04", "a list beyond the room evicts its own beginning"),
    under<StaticsGo>("wipe", "ST-ATT-08/wiped", "ST-FUL-04", "a volatile static that was wiped begins anew"),
    under<StaticsGo>("lru", "ST-ATT-08/evicted", "ST-FUL-04", "a volatile static that was evicted begins anew"),
});

}  // namespace
