// ST-SET-05 to -07, ST-GET-05: values that nobody can store.
#include "conformance/registry/registration.h"
#include "conformance/suite/static/pinned.h"
#include "conformance/suite/static/values.h"

using namespace assay::conformance;

namespace {

class Forbidden : public Scenario {
 public:
  Forbidden(const Description& target, Value (*make)()) : Scenario(target), make_(make) {}

 protected:
  Value value() const { return make_(); }

 private:
  Value (*make_)();
};

struct StoredItself final : Forbidden {
  using Forbidden::Forbidden;
  void steps() override {
    auto [one, two] = workers<2>();
    expect(one.set("k", "old"), true);
    expect(one.set("k", value()), throws("TypeError"));
    expect(one.set("new", value()), throws("TypeError"));
    expect(two.get("k"), "old");
    expect(two.has_key("new"), false);
    expect(two.set("k", "new"), true);
  }
};

struct StoredInside final : Forbidden {
  using Forbidden::Forbidden;
  void steps() override {
    auto [one, two] = workers<2>();
    expect(one.set("k", "old"), true);
    for (const Value& outer : {Value::list({1, value()}), Value::map({{"a", Value::list({Value::list({value()})})}}),
                               Value::list({"long enough", value(), 2})}) {
      expect(one.set("k", outer), false);
      expect(one.set("new", outer), false);
    }
    expect(two.get("k"), "old");
    expect(two.has_key("new"), false);
  }
};

struct InsideObject final : Forbidden {
  using Forbidden::Forbidden;
  void steps() override {
    needs("static_cache.objects");
    auto w = worker();
    Value inner = value();
    inner.own_object().number = 2;
    expect(w.set("k", "old"), true);
    expect(w.set("k", object_of(1, "stdClass", {{"fine", 1}, {"not", inner}})), false);
    expect(w.set("k", Value::list({object_of(1, "stdClass", {{"list", Value::list({inner})}})})), false);
    expect(w.get("k"), "old");
  }
};

struct AnElement final : Forbidden {
  using Forbidden::Forbidden;
  void steps() override {
    auto w = worker();
    expect(w.set("third", "old"), true);
    expect(w.set_multiple(Value::map({{"first", 1}, {"second", value()}, {"third", 3}})), false);
    expect(w.get_multiple({"first", "second", "third"}),
           Value::map({{"first", 1}, {"second", nullptr}, {"third", "old"}}));
  }
};

struct AsDefault final : Forbidden {
  using Forbidden::Forbidden;
  void steps() override {
    auto w = worker();
    expect(w.get("k", value()), throws("TypeError"));
    expect(w.set("k", 1), true);
    expect(w.get("k", value()), throws("TypeError"));
    expect(w.get_multiple({"k"}, Value::list({value()})), Value::map({{"k", 1}}));
  }
};

struct WhereOff final : Forbidden {
  using Forbidden::Forbidden;
  void steps() override {
    needs("static_cache.forbidden_values");
    ini("opcache.static_cache.volatile_size_mb", "0");
    auto w = worker();
    expect(w.set("k", value()), throws("TypeError"));
    expect(w.get("k", value()), throws("TypeError"));
  }
};

struct OnPinned final : Forbidden {
  using Forbidden::Forbidden;
  void steps() override {
    needs("static_cache.pinned");
    auto w = worker();
    expect(pinned(w).set("k", "old"), true);
    expect(pinned(w).set("k", value()), throws("TypeError"));
    expect(pinned(w).set("k", Value::list({value()})), false);
    expect(pinned(w).set_multiple(Value::map({{"k", value()}})), false);
    expect(pinned(w).get("k"), "old");
  }
};

[[maybe_unused]] const bool forbidden_values_registered = register_tests({
    clause_test<StoredItself>("ST-SET-05/closure", "a closure is refused with an exception and stores nothing",
                              with(closure)),
    clause_test<StoredItself>("ST-SET-05/resource", "a resource is refused with an exception and stores nothing",
                              with(resource)),
    clause_test<OnPinned>("ST-SET-05/pinned", "ST-SET-06 ST-SET-07 ST-AVL-13",
                          "the pinned backend refuses a closure as the volatile one does", with(closure)),
    clause_test<StoredInside>("ST-SET-06/closure-in-array", "a closure in an array is refused with false",
                              with(closure)),
    clause_test<StoredInside>("ST-SET-06/resource-in-array", "a resource in an array is refused with false",
                              with(resource)),
    clause_test<InsideObject>("ST-SET-06/closure-in-object", "a closure in a property is refused with false",
                              with(closure)),
    clause_test<InsideObject>("ST-SET-06/resource-in-object", "a resource in a property is refused with false",
                              with(resource)),
    clause_test<AnElement>("ST-SET-07/closure", "setMultiple stops with false at a closure", with(closure)),
    clause_test<AnElement>("ST-SET-07/resource", "setMultiple stops with false at a resource", with(resource)),
    clause_test<AsDefault>("ST-GET-05/closure", "a closure as the default is refused, whether there is an entry or not",
                           with(closure)),
    clause_test<AsDefault>("ST-GET-05/resource",
                           "a resource as the default is refused, whether there is an entry or not", with(resource)),
    clause_test<WhereOff>("ST-AVL-06/closure", "a closure is refused with an exception also where the backend is off",
                          with(closure)),
});

}  // namespace
