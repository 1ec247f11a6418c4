#include "reference/server/kept_statics.h"

#include <algorithm>

#include "faults/points/point.h"
#include "reference/php/compiler/static_attributes.h"
#include "reference/php/compiler/text.h"
#include "reference/php/interpreter/machine.h"
#include "reference/php/value/convert.h"
#include "reference/server/script_objects.h"
#include "reference/server/worker.h"
#include "reference/static_cache/declared_keys.h"
#include "reference/static_cache/value_codec.h"

namespace assay::reference {
namespace {

using php::AttributeData;
using php::DeclaredStatic;
using php::Machine;
using php::RuntimeClass;
using php::StaticAttribute;

std::string_view prefix_of(Backend backend) {
  return backend == Backend::pinned ? declared_keys::kPinned : declared_keys::kVolatile;
}

std::int64_t time_to_live_of(Machine& machine, const Value& value, const std::string& shown) {
  if (!value.is_int()) machine.fatal("The time to live of " + shown + " must be an integer");
  const std::string_view complaint = php::time_to_live_complaint(value.as_int());
  if (!complaint.empty()) machine.fatal("Of " + shown + " " + std::string(complaint));
  return value.as_int();
}

bool is_tracking(Machine& machine, const Value& value, const std::string& shown) {
  const bool is_strategy = value.is_object() && value.as_object()->kind == ObjectKind::enum_case &&
                           value.as_object()->class_name == "OPcache\\CacheStrategy";
  if (!is_strategy) machine.fatal("The strategy of " + shown + " must be a case of OPcache\\CacheStrategy");
  return php::to_string(*value.as_object()->properties.find(ArrayKey::verbatim("name"))) == "Tracking";
}

}  // namespace

// ---- what the interpreter tells ----

bool KeptStatics::load(Machine& machine, const DeclaredStatic& which) {
  Entry* entry = entry_of(machine, which);
  if (entry == nullptr) return false;
  places_[which.cell.get()] = {entry, entry->members.size()};
  Member& member = entry->members.emplace_back(Member{which.member, which.cell, false, std::nullopt});
  std::optional<Value> kept;
  if (!entry->is_class) {
    kept = fetch(machine, *entry);
  } else if (const Value* found = entry->loaded.find(ArrayKey::verbatim(which.member))) {
    kept = *found;
  }
  if (!kept) return false;
  member.cell->value = kept->resolve();
  note_base(machine, *entry, member);
  return true;
}

void KeptStatics::initialised(Machine& machine, const Reference& cell) {
  const auto found = places_.find(&cell);
  if (found == places_.end()) return;
  note_base(machine, *found->second.entry, found->second.entry->members[found->second.member]);
}

void KeptStatics::written(Machine& machine, const Reference& cell, Write how) {
  const auto found = places_.empty() ? places_.end() : places_.find(&cell);
  if (found == places_.end()) return;
  const Entry& entry = *found->second.entry;
  const bool is_pinned = entry.policy.backend == Backend::pinned;
  if (entry.policy.is_tracked) return;
  if (how == Write::inside_object || (how == Write::element && !is_pinned)) return;  // ST-ATT-10, ST-ATT-11
  if (publish(machine, entry) || !is_pinned) return;                                 // ST-ATT-16
  machine.throw_error("OPcache\\StaticCacheException",
                      "the value of " + entry.members[found->second.member].name +
                          " cannot be kept in the pinned cache: make room, or leave out closures and resources");
}

// ---- entries ----

// ST-ATT-03: in a class with an attribute of its own those of its members have no effect.
KeptStatics::Entry* KeptStatics::entry_of(Machine& machine, const DeclaredStatic& which) {
  if (Entry* of_class = entry_of_class(machine, which.owner)) return of_class;
  const std::string shown = which.owner.name + "::" + which.member;
  const auto policy = policy_of(machine, which.attributes, which.owner, shown);
  if (!policy) return nullptr;
  auto entry = std::make_unique<Entry>();
  entry->policy = *policy;
  entry->key = declared_keys::of_member(prefix_of(policy->backend), php::lower(which.owner.name), which.member);
  return entries_.emplace_back(std::move(entry)).get();
}

KeptStatics::Entry* KeptStatics::entry_of_class(Machine& machine, RuntimeClass& owner) {
  if (const auto known = classes_.find(&owner); known != classes_.end()) return known->second;
  const auto policy = policy_of(machine, owner.data->attributes, owner, owner.name);
  Entry*& made = classes_[&owner];
  if (!policy) return made = nullptr;
  auto entry = std::make_unique<Entry>();
  entry->policy = *policy;
  entry->is_class = true;
  entry->key = declared_keys::of_class(prefix_of(policy->backend), php::lower(owner.name));
  if (const auto kept = fetch(machine, *entry); kept && kept->is_array()) entry->loaded = kept->as_array();
  return made = entries_.emplace_back(std::move(entry)).get();
}

// ST-ATT-04
std::optional<KeptStatics::Policy> KeptStatics::policy_of(Machine& machine, const php::List<AttributeData>& attributes,
                                                          RuntimeClass& owner, const std::string& shown) {
  const AttributeData* only = nullptr;
  for (const AttributeData& attribute : attributes) {
    if (php::static_attribute(attribute) == StaticAttribute::none) continue;
    if (only != nullptr) machine.fatal("Cannot use both OPcache\\VolatileStatic and OPcache\\PinnedStatic on " + shown);
    only = &attribute;
  }
  if (only == nullptr) return std::nullopt;
  return policy_of(machine, *only, owner, shown);
}

// Constant expressions whose value could not be seen when the script was compiled are checked now (ST-ATT-21).
KeptStatics::Policy KeptStatics::policy_of(Machine& machine, const AttributeData& attribute, RuntimeClass& owner,
                                           const std::string& shown) {
  if (php::static_attribute(attribute) == StaticAttribute::pinned) return {Backend::pinned, 0, false};
  Policy policy;
  if (const php::Node* given = php::static_attribute_argument(attribute, "ttl"))
    policy.time_to_live = time_to_live_of(machine, machine.evaluate_in(owner, *given), shown);
  if (const php::Node* given = php::static_attribute_argument(attribute, "strategy"))
    policy.is_tracked = is_tracking(machine, machine.evaluate_in(owner, *given), shown);
  return policy;
}

StaticCache* KeptStatics::cache_of(const Entry& entry) {
  return worker_.partition().cache(entry.policy.backend);
}

// Nothing: there is none, or it cannot be read (ST-ATT-08).
std::optional<Value> KeptStatics::fetch(Machine& machine, const Entry& entry) {
  StaticCache* cache = cache_of(entry);
  if (cache == nullptr) return std::nullopt;
  std::optional<Value> kept;
  const bool is_whole = machine.completes([&] {
    ScriptObjects objects(worker_, ScriptObjects::Caller::script);
    auto found = cache->get(entry.key, wall_clock_seconds(), worker_.request().heap, objects);
    if (found) kept = std::move(*found);
  });
  return is_whole ? kept : std::nullopt;
}

// ---- publication ----

std::optional<StoredValue> KeptStatics::encoded(Machine& machine, const Value& value) {
  std::optional<StoredValue> stored;
  const bool is_whole = machine.completes([&] {
    ScriptObjects objects(worker_, ScriptObjects::Caller::script);
    if (auto made = encode_value(value, objects)) stored = std::move(*made);
  });
  return is_whole ? stored : std::nullopt;
}

void KeptStatics::note_base(Machine& machine, const Entry& entry, Member& member) {
  member.is_set = true;
  if (entry.policy.is_tracked) member.base = encoded(machine, member.cell->value);
}

bool KeptStatics::has_changed(Machine& machine, const Entry& entry) {
  return std::any_of(entry.members.begin(), entry.members.end(), [&](const Member& member) {
    if (!member.is_set) return false;
    const auto now = encoded(machine, member.cell->value);
    return !now || !member.base || !is_same(*now, *member.base);
  });
}

bool KeptStatics::publish(Machine& machine, const Entry& entry) {
  StaticCache* cache = cache_of(entry);
  if (cache == nullptr) return true;
  points::point(worker_.context(), "static/declared/publish");
  Value value;
  if (entry.is_class) {
    Array all = entry.loaded;
    for (const Member& member : entry.members) {
      if (member.is_set) all.set(ArrayKey::verbatim(member.name), member.cell->value);
    }
    value = Value(std::move(all));
  } else {
    value = entry.members.front().cell->value;
  }
  bool is_stored = false;
  const bool is_whole = machine.completes([&] {
    ScriptObjects objects(worker_, ScriptObjects::Caller::script);
    is_stored =
        cache->publish(entry.key, value, entry.policy.time_to_live, wall_clock_seconds(), objects).value_or(false);
  });
  return is_whole && is_stored;
}

void KeptStatics::publish_tracked(Machine& machine) {
  for (std::size_t i = 0; i < entries_.size(); ++i) {  // hooks may use further ones
    const Entry& entry = *entries_[i];
    const bool is_wanted = entry.policy.is_tracked && !suppressed_[static_cast<std::size_t>(entry.policy.backend)];
    if (is_wanted && has_changed(machine, entry)) (void)publish(machine, entry);
  }
}

}  // namespace assay::reference
