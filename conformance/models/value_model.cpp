#include "conformance/models/value_model.h"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>

namespace assay::conformance {
namespace {

using K = OperationKind;

// How often each reference occurs in a value.
void count_uses(const Value& value, std::map<int, int>& uses) {
  if (value.is_reference()) {
    ++uses[value.as_reference().number];
    for (const Value& content : value.as_reference().content) count_uses(content, uses);
  }
  const Elements* inside = value.is_array()    ? &value.as_array()
                           : value.is_object() ? &value.as_object().properties
                                               : nullptr;
  if (inside == nullptr) return;
  for (const auto& [key, element] : *inside) count_uses(element, uses);
}

// For people: bytes that are no plain text as dots.
std::string shown(const Value& value) {
  std::string text = to_text(value, 300);
  for (char& c : text) c = c < ' ' || c > '~' ? '.' : c;
  return text;
}

class Entries {
 public:
  std::optional<Refusal> observe(const Observation& seen) {
    const Operation& asked = seen.operation;
    switch (asked.kind()) {
      case K::cache_set:
        return store({{asked.text("key"), asked.argument("value")}}, seen);
      case K::cache_set_multiple:
        return store(asked.argument("values").as_array(), seen);
      case K::cache_get: {
        FetchedValues fetched;
        return expect(entry(asked.text("key"), asked.argument("default"), fetched), seen);
      }
      case K::cache_get_multiple:
        return get_multiple(seen);
      case K::cache_delete:
        values_.erase(asked.text("key"));
        return std::nullopt;
      case K::cache_clear:
        values_.clear();
        return std::nullopt;
      default:
        return std::nullopt;
    }
  }

  std::uint64_t judged = 0;

 private:
  Value entry(const std::string& key, const Value& fallback, FetchedValues& fetched) const {
    const auto found = values_.find(key);
    return found == values_.end() ? fallback : fetched.of(found->second);
  }

  std::optional<Refusal> get_multiple(const Observation& seen) {
    FetchedValues fetched;
    Elements all;
    for (const auto& [position, key] : seen.operation.argument("keys").as_array())
      all.emplace_back(Key(key.as_string()), entry(key.as_string(), seen.operation.argument("default"), fetched));
    return expect(std::move(all), seen);
  }

  std::optional<Refusal> store(const Elements& values, const Observation& seen) {
    for (const auto& [key, value] : values) values_[std::get<std::string>(key)] = value;
    return expect(true, seen);
  }

  std::optional<Refusal> expect(const Value& expected, const Observation& seen) {
    ++judged;
    if (seen.reply.kind == Reply::Kind::value && seen.reply.value == expected) return std::nullopt;
    const bool is_store = expected == Value(true);
    Refusal refusal{is_store ? "ST-SET-01" : "ST-GET-01",
                    fmt::format("{} instead of {}", shown(seen.reply.value), shown(expected))};
    refusal.step = seen.step;
    refusal.exchange = seen.exchange;
    refusal.expected = equals(expected);
    return refusal;
  }

  std::map<std::string, Value> values_;
};

}  // namespace

Value FetchedValues::of(const Value& stored) {
  objects_.clear();
  references_.clear();
  uses_.clear();
  count_uses(stored, uses_);
  return copy(stored);
}

Value FetchedValues::copy(const Value& value) {
  if (value.is_array()) return copy(value.as_array());
  if (value.is_object()) {
    const Object& object = value.as_object();
    const auto [number, is_first] = objects_.try_emplace(object.number, next_object_);
    if (!is_first) return Object{number->second, true, "", {}};
    ++next_object_;
    return Object{number->second, false, object.class_name, copy(object.properties)};
  }
  if (!value.is_reference()) return value;
  const Reference& reference = value.as_reference();
  if (reference.content.empty() && !references_.contains(reference.number)) return nullptr;  // no value at all
  if (uses_[reference.number] == 1) return copy(reference.content.front());
  const auto [number, is_first] = references_.try_emplace(reference.number, next_reference_);
  if (!is_first) return Reference{number->second, {}};
  ++next_reference_;
  return Reference{number->second, {copy(reference.content.front())}};
}

Elements FetchedValues::copy(const Elements& elements) {
  Elements copied;
  for (const auto& [key, element] : elements) copied.emplace_back(key, copy(element));
  return copied;
}

Judgement judge_values(const Trace&, std::span<const Observation> observations) {
  Judgement judgement;
  std::map<std::string, Entries> backends;
  for (const Observation& seen : observations) {
    if (std::string_view(seen.operation.spec->name).substr(0, 6) != "cache_") continue;
    Entries& entries = backends[seen.operation.text("backend")];
    judgement.refusal = entries.observe(seen);
    judgement.judged += std::exchange(entries.judged, 0);
    if (judgement.refusal) break;
  }
  return judgement;
}

}  // namespace assay::conformance
