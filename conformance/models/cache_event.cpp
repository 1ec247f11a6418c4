#include "conformance/models/cache_event.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

namespace assay::conformance {

namespace {

bool is_plain(const Value& value) {
  if (value.is_object() || value.is_reference() || value.is_enum()) return false;
  if (!value.is_array()) return true;
  const Elements& elements = value.as_array();
  return std::all_of(elements.begin(), elements.end(), [](const auto& element) { return is_plain(element.second); });
}

// Keys that no implementation may refuse: of moderate length, and no possible name of a class (ST-KEY-01, -03, -08).
bool is_proper_key(const std::string& key) {
  if (key.empty() || key.size() > 40) return false;
  const bool plain = std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
  });
  if (!plain) return false;
  return key.size() <= 2 || key.find_first_of("0123456789.-") != std::string::npos;
}

std::string key_text(const Key& key) {
  if (const auto* number = std::get_if<std::int64_t>(&key)) return std::to_string(*number);
  return std::get<std::string>(key);
}

bool is_named(const Key& key, const std::string& text) {
  const auto* name = std::get_if<std::string>(&key);
  return name != nullptr ? *name == text : key_text(key) == text;
}

std::optional<std::string> key_text(const Value& value) {
  if (value.is_int()) return std::to_string(value.as_int());
  if (value.is_string()) return value.as_string();
  return std::nullopt;
}

// Takes one observation apart.
class Splitter {
 public:
  Splitter(CacheRun& run, std::size_t index, const Observation& observation, const KeyEvent& base)
      : run_(run), index_(index), o_(observation), base_(base), reply_(observation.reply.value) {}

  void split() {
    switch (o_.operation.kind()) {
      case OperationKind::cache_get:
        return get(o_.operation.text("key"), answered() ? &reply_ : nullptr, o_.operation.argument("default"));
      case OperationKind::cache_get_multiple:
        return get_multiple();
      case OperationKind::cache_has:
        return has();
      case OperationKind::cache_set:
        return set(o_.operation.text("key"), o_.operation.argument("value"), write_result(KeyEvent::Result::refused));
      case OperationKind::cache_set_multiple:
        return set_multiple();
      case OperationKind::cache_delete:
        return add(o_.operation.text("key"), event(KeyEvent::Kind::remove, write_result(KeyEvent::Result::refused)));
      case OperationKind::cache_delete_multiple:
        return remove_multiple();
      case OperationKind::cache_clear:
        return add("", event(KeyEvent::Kind::clear, write_result(KeyEvent::Result::refused)));
      case OperationKind::cache_add:
        return insert(o_.operation.argument("value"), write_result(KeyEvent::Result::refused));
      case OperationKind::cache_remember:
        return remember();
      case OperationKind::cache_keys:
        return keys();
      case OperationKind::cache_increment:
        return count(1);
      case OperationKind::cache_decrement:
        return count(-1);
      default:
        return;
    }
  }

 private:
  bool answered() const { return o_.reply.kind == Reply::Kind::value; }

  KeyEvent event(KeyEvent::Kind kind, KeyEvent::Result result) const {
    KeyEvent made = base_;
    made.kind = kind;
    made.result = result;
    return made;
  }
  void add(const std::string& key, KeyEvent made) {
    if (made.kind != KeyEvent::Kind::clear) made.proper = made.proper && is_proper_key(key);
    run_.calls.push_back({o_.operation.text("backend"), key, made, index_, false});
    ++part_;
  }

  // What the reply says of a write of one key; `if_false` is what false means.
  KeyEvent::Result write_result(KeyEvent::Result if_false) const {
    if (o_.reply.kind == Reply::Kind::not_run) return KeyEvent::Result::unknown;
    if (!answered()) return KeyEvent::Result::failed;
    return reply_ == Value(true) ? KeyEvent::Result::done : if_false;
  }

  void get(const std::string& key, const Value* shown, const Value& fallback) {
    if (o_.reply.kind == Reply::Kind::not_run) return;
    KeyEvent made = event(KeyEvent::Kind::get, KeyEvent::Result::failed);
    made.proper = is_plain(fallback);  // ST-GET-05
    if (shown) {
      made.result = *shown == fallback ? KeyEvent::Result::hit_or_miss : KeyEvent::Result::hit;
      made.value = run_.values.number(*shown);
    }
    add(key, made);
  }

  // What the reply has under the key, most likely in this place.
  const Value* shown_under(const std::string& key, std::size_t place) const {
    const Elements& shown = reply_.as_array();
    if (place < shown.size() && is_named(shown[place].first, key)) return &shown[place].second;
    for (const auto& [name, value] : shown)
      if (is_named(name, key)) return &value;
    return nullptr;
  }

  void get_multiple() {
    std::size_t next = 0;
    for (const auto& [position, element] : o_.operation.argument("keys").as_array()) {
      const std::optional<std::string> key = key_text(element);
      // One improper key spoils the list (ST-KEY-04, ST-KEY-11).
      if (!key || !is_proper_key(*key)) improper_list_ = true;
      if (!key) break;
      const Value* shown = nullptr;
      if (answered() && reply_.is_array()) {
        shown = shown_under(*key, next++);
        if (!shown) continue;  // the shape is judged by ST-GET-07, not here
      }
      get(*key, shown, o_.operation.argument("default"));
    }
    spoil_improper_list();
  }

  void has() {
    if (o_.reply.kind == Reply::Kind::not_run) return;
    KeyEvent made = event(KeyEvent::Kind::has, KeyEvent::Result::failed);
    if (answered()) made.result = reply_ == Value(true) ? KeyEvent::Result::hit : KeyEvent::Result::miss;
    add(o_.operation.text("key"), made);
  }

  void set(const std::string& key, const Value& value, KeyEvent::Result result) {
    KeyEvent made = event(KeyEvent::Kind::set, result);
    made.value = run_.values.number(value);
    made.ttl = o_.operation.integer("ttl");
    made.proper = made.ttl >= 0 && is_plain(value);
    add(key, made);
  }

  void insert(const Value& value, KeyEvent::Result result, bool may_be_lost = false) {
    KeyEvent made = event(KeyEvent::Kind::insert, result);
    made.value = run_.values.number(value);
    made.ttl = o_.operation.integer("ttl");
    made.proper = made.ttl >= 0 && is_plain(value);
    made.may_be_lost = may_be_lost;
    add(o_.operation.text("key"), made);
  }

  // Who computed the value found none and stored it, if there was room; who did not, got that of an entry.
  void remember() {
    const std::string& key = o_.operation.text("key");
    const Value& value = o_.operation.argument("value");
    const bool throws = o_.operation.argument("throws").as_bool();
    if (o_.reply.kind == Reply::Kind::not_run) {
      if (!throws) insert(value, KeyEvent::Result::unknown);
      return;
    }
    if (throws && o_.reply.kind == Reply::Kind::thrown && o_.reply.error_class == "LogicException")
      return add(key, event(KeyEvent::Kind::has, KeyEvent::Result::miss));
    const bool is_told = answered() && reply_.is_array() && reply_.as_array().size() == 2;
    if (!is_told) return add(key, event(KeyEvent::Kind::get, KeyEvent::Result::failed));
    const Value& told = reply_.as_array()[0].second;
    if (reply_.as_array()[1].second == Value(true)) return insert(told, KeyEvent::Result::done, true);
    KeyEvent made = event(KeyEvent::Kind::get, KeyEvent::Result::hit);
    made.value = run_.values.number(told);
    add(key, made);
  }

  // Of the keys that the run has named so far.
  void keys() {
    if (!answered() || !reply_.is_array()) return;
    std::set<std::string> listed, named;
    for (const auto& [position, key] : reply_.as_array())
      if (const auto text = key_text(key)) listed.insert(*text);
    for (const CacheCall& call : run_.calls)
      if (call.backend == o_.operation.text("backend") && call.event.kind != KeyEvent::Kind::clear)
        named.insert(call.key);
    named.insert(listed.begin(), listed.end());
    for (const std::string& key : named) {
      const bool is_listed = listed.contains(key);
      add(key, event(KeyEvent::Kind::has, is_listed ? KeyEvent::Result::hit : KeyEvent::Result::miss));
    }
  }

  // Not atomic (ST-SET-08): after false each element is stored or not.
  void set_multiple() {
    const KeyEvent::Result result = write_result(KeyEvent::Result::unknown);
    for (const auto& [key, value] : o_.operation.argument("values").as_array()) {
      set(key_text(key), value, result);
      // Integer keys may be refused (ST-KEY-05), and one improper key spoils the list (ST-KEY-11).
      if (std::holds_alternative<std::int64_t>(key) || !is_proper_key(key_text(key))) improper_list_ = true;
    }
    spoil_improper_list();
  }

  void remove_multiple() {
    const KeyEvent::Result result = write_result(KeyEvent::Result::unknown);
    for (const auto& [position, element] : o_.operation.argument("keys").as_array()) {
      const std::optional<std::string> key = key_text(element);
      if (!key) improper_list_ = true;
      if (!key) break;
      add(*key, event(KeyEvent::Kind::remove, result));
      if (!is_proper_key(*key)) improper_list_ = true;
    }
    spoil_improper_list();
  }

  void spoil_improper_list() {
    if (!improper_list_) return;
    for (std::size_t i = run_.calls.size() - part_; i < run_.calls.size(); ++i) run_.calls[i].event.proper = false;
  }

  void count(std::int64_t sign) {
    KeyEvent made = event(KeyEvent::Kind::add, write_result(KeyEvent::Result::refused));
    if (answered() && reply_.is_int()) {
      made.result = KeyEvent::Result::done;
      made.shown = reply_.as_int();
      made.value = run_.values.number(reply_);
    }
    const std::int64_t by = o_.operation.integer("step");
    // Two's complement, as ST-CNT-05 has it: the negative of the smallest number is itself.
    made.step_by = sign > 0 ? by : static_cast<std::int64_t>(0 - static_cast<std::uint64_t>(by));
    add(o_.operation.text("key"), made);
  }

  CacheRun& run_;
  std::size_t index_;
  const Observation& o_;
  KeyEvent base_;
  const Value& reply_;
  std::size_t part_ = 0;
  bool improper_list_ = false;
};

// The step at which a request is over: its own, or for one in the background the one that awaits it.
std::size_t end_step(const Trace& trace, std::size_t step) {
  const auto& request = std::get<Request>(trace.steps[step]);
  if (request.background.empty()) return step;
  for (std::size_t i = step + 1; i < trace.steps.size(); ++i) {
    const auto* action = std::get_if<Action>(&trace.steps[i]);
    if (action && action->kind() == ActionKind::await && action->text("request") == request.background) return i;
  }
  return trace.steps.size() - 1;
}

}  // namespace

std::int32_t ValueTable::number(const Value& value) {
  if (!is_plain(value)) return opaque;
  const std::size_t hash = hash_of(value);
  const auto [first, last] = numbers_.equal_range(hash);
  for (auto known = first; known != last; ++known) {
    if (values_[static_cast<std::size_t>(known->second)] == value) return known->second;
  }
  values_.push_back(value);
  return numbers_.emplace(hash, static_cast<std::int32_t>(values_.size() - 1))->second;
}

std::string ValueTable::text(std::int32_t number) const {
  return number < 0 ? "a value" : to_text(value(number), 60);
}

std::string to_text(const KeyEvent& event, const ValueTable& values) {
  static constexpr std::array kinds = {"get", "has", "set", "delete", "clear", "count", "add"};
  static constexpr std::array results = {"hit", "miss", "", "", "refused", "unknown", "failed"};
  std::string out = kinds[static_cast<std::size_t>(event.kind)];
  const bool stores = event.kind == KeyEvent::Kind::set || event.kind == KeyEvent::Kind::insert;
  if (stores) out += " " + values.text(event.value);
  if (stores && event.ttl != 0) out += fmt::format(" for {} s", event.ttl);
  if (event.kind == KeyEvent::Kind::add) out += fmt::format(" {}", event.step_by);
  std::string result = results[static_cast<std::size_t>(event.result)];
  const bool shows = event.result == KeyEvent::Result::hit || event.result == KeyEvent::Result::hit_or_miss;
  if (event.kind == KeyEvent::Kind::get && shows) result = values.text(event.value);
  if (event.shown) result = std::to_string(*event.shown);
  return result.empty() ? out : out + " -> " + result;
}

namespace {

bool may_refuse(const std::string& effect) {
  return effect == "fail" || effect == "kill";
}

}  // namespace

void CacheRunBuilder::act(std::size_t step, const Action& action) {
  last_step_ = std::max(last_step_, step);
  // Who is only held up, or counted, is refused nothing.
  if (action.kind() == ActionKind::arm) run_.faults = run_.faults || may_refuse(action.text("effect"));
  if (action.kind() == ActionKind::advance_clock) {
    run_.timeline.advance(action.integer("seconds"));
    clock_at_[step] = run_.timeline.last();
  }
  if (action.kind() != ActionKind::reload) return;
  KeyEvent emptied;
  emptied.kind = KeyEvent::Kind::clear;
  emptied.from = emptied.to = run_.timeline.last();
  for (const char* backend : {"volatile", "pinned"}) run_.calls.push_back({backend, "", emptied, observed_, true});
}

void CacheRunBuilder::observe(const Observation& observation) {
  if (observation.step < last_step_) run_.overlapping = true;
  last_step_ = std::max(last_step_, observation.step);
  const auto next_move = clock_at_.lower_bound(observation.step);
  KeyEvent base;
  base.from = next_move == clock_at_.begin() ? 0 : std::prev(next_move)->second;
  base.to = run_.timeline.last();
  restart_asked_ = restart_asked_ || observation.operation.kind() == OperationKind::reset;
  base.lossy = restart_asked_;
  if (observation.reply.kind != Reply::Kind::unsupported) Splitter(run_, observed_, observation, base).split();
  ++observed_;
}

CacheRun CacheRunBuilder::finish() {
  if (run_.overlapping) {
    bool lossy = restart_asked_;
    for (CacheCall& call : run_.calls) {
      lossy = lossy || call.is_reload;
      call.event.lossy = lossy;
    }
    std::erase_if(run_.calls, [](const CacheCall& call) { return call.is_reload; });
  }
  // A reload stands with what was observed next: one that nothing followed changes nothing that anybody saw.
  std::erase_if(run_.calls, [this](const CacheCall& call) { return call.observation == observed_; });
  return std::move(run_);
}

CacheRun cache_run(const Trace& trace, std::span<const Observation> observations) {
  CacheRunBuilder builder;
  std::size_t next = 0;
  for (const Observation& observation : observations) {
    const bool in_background = !std::get<Request>(trace.steps[observation.step]).background.empty();
    const std::size_t end = in_background ? end_step(trace, observation.step) + 1 : observation.step;
    for (; next < end; ++next)
      if (const auto* action = std::get_if<Action>(&trace.steps[next])) builder.act(next, *action);
    builder.observe(observation);
  }
  return builder.finish();
}

}  // namespace assay::conformance
