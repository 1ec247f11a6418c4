#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "reference/php/interpreter/statics_keeper.h"
#include "reference/static_cache/entry_store.h"
#include "reference/static_cache/static_cache.h"

namespace assay::reference {

class Worker;

// What one request does with statics that an attribute keeps in the static cache (static-cache.md 12). An entry of the
// cache is a property, a static variable of a method, or all of these of a class together (ST-ATT-02). It is loaded at
// its first use and then the request's own (ST-ATT-07); it is published as a whole, so that of two requests the later
// one wins (ST-ATT-14): at each assignment, or, where changes are tracked, once at the end of the request.
//
// Where a backend is off its attributes have no effect (ST-ATT-08).
class KeptStatics final : public php::StaticsKeeper {
 public:
  explicit KeptStatics(Worker& worker) : worker_(worker) {}

  bool load(php::Machine& machine, const php::DeclaredStatic& which) override;
  void initialised(php::Machine& machine, const Reference& cell) override;
  void written(php::Machine& machine, const Reference& cell, Write how) override;

  // Whether this request has used any.
  bool is_used() const { return !entries_.empty(); }
  // The request is over, whatever ended it (ST-ATT-26): what is tracked and has changed is published. Runs the hooks of
  // objects: to be called where code may run.
  void publish_tracked(php::Machine& machine);
  // The request has emptied the backend: what it loaded before must not come back at its end (ST-ATT-19).
  void suppress(Backend backend) { suppressed_[static_cast<std::size_t>(backend)] = true; }

 private:
  struct Policy {
    Backend backend = Backend::volatile_;
    std::int64_t time_to_live = 0;
    bool is_tracked = false;
  };
  struct Member {
    std::string name;
    std::shared_ptr<Reference> cell;
    bool is_set = false;              // it has its loaded or initial value
    std::optional<StoredValue> base;  // that value, where changes are tracked and it can be stored
  };
  struct Entry {
    std::string key;
    Policy policy;
    bool is_class = false;
    Array loaded;  // of a class: what was kept, by member
    std::vector<Member> members;
  };
  struct Place {
    Entry* entry;
    std::size_t member;
  };

  std::optional<Policy> policy_of(php::Machine& machine, const php::List<php::AttributeData>& attributes,
                                  php::RuntimeClass& owner, const std::string& shown);
  Policy policy_of(php::Machine& machine, const php::AttributeData& attribute, php::RuntimeClass& owner,
                   const std::string& shown);
  Entry* entry_of(php::Machine& machine, const php::DeclaredStatic& which);
  Entry* entry_of_class(php::Machine& machine, php::RuntimeClass& owner);
  std::optional<Value> fetch(php::Machine& machine, const Entry& entry);
  std::optional<StoredValue> encoded(php::Machine& machine, const Value& value);
  void note_base(php::Machine& machine, const Entry& entry, Member& member);
  bool has_changed(php::Machine& machine, const Entry& entry);
  // False: it could not be stored, and what was stored stays.
  bool publish(php::Machine& machine, const Entry& entry);
  StaticCache* cache_of(const Entry& entry);

  Worker& worker_;
  std::vector<std::unique_ptr<Entry>> entries_;
  std::map<const php::RuntimeClass*, Entry*> classes_;  // nullptr: the class has no attribute
  std::unordered_map<const Reference*, Place> places_;
  std::array<bool, kBackends> suppressed_ = {};
};

}  // namespace assay::reference
