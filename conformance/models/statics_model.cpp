#include "conformance/models/statics_model.h"

#include <algorithm>

namespace assay::conformance {
namespace {

using Held = StaticsModel::Held;
using HeldKind = Held::Kind;
using Local = StaticsModel::Local;
using Request = StaticsModel::Request;
using State = StaticsModel::State;
using Spec = DeclaredStaticSpec;

enum class Write { none, whole, element, inside };

// A class that inherits a property shares it (ST-ATT-05).
std::string name_of(const Spec& spec) {
  return std::string(spec.name) == "inherited" ? "imm" : spec.name;
}
bool is_property(const Spec& spec) {
  return std::string(spec.access).find('$') != std::string::npos;
}
std::string entry_of(const Spec& spec) {
  return spec.is_class ? spec.class_name : name_of(spec);
}

Value shown_list(const Held& held) {
  Elements elements;
  std::int64_t index = 0;
  for (const auto& [is_named, number] : held.items)
    elements.emplace_back(is_named ? Key("k") : Key(index++), Value(number));
  return elements;
}

Value shown_queue(const Held& held) {
  std::vector<Value> shown = {"queue"};
  for (const auto& [is_named, number] : held.items) shown.emplace_back(number);
  return Value::list(std::move(shown));
}

Value shown(const Held& held) {
  switch (held.kind) {
    case HeldKind::initial:
      return initial_value;
    case HeldKind::number:
      return held.number;
    case HeldKind::list:
      return shown_list(held);
    case HeldKind::box:
      return Value::list({"box", held.number});
    case HeldKind::date:
      return Value::list({"date", held.number});
    case HeldKind::queue:
      return shown_queue(held);
    case HeldKind::closure:
      return "closure";
  }
  return {};
}

StaticsModel::Content fetch(const State& state, const std::string& entry, std::int64_t now) {
  const auto found = state.kept.find(entry);
  const bool is_there = found != state.kept.end() && (found->second.expires == 0 || now < found->second.expires);
  return is_there ? found->second.content : StaticsModel::Content{};
}

void load_one(State& state, Request& request, const Spec& spec, std::int64_t now) {
  const std::string name = name_of(spec);
  if (request.locals.contains(name)) return;
  StaticsModel::Content content;
  if (spec.is_class) {
    if (!request.loaded.contains(spec.class_name)) request.loaded[spec.class_name] = fetch(state, entry_of(spec), now);
    content = request.loaded[spec.class_name];
  } else if (spec.form != Spec::Form::plain) {
    content = fetch(state, entry_of(spec), now);
  }
  const Held value = content[name];
  request.locals[name] = {value, value, value, false};
}

// ST-ATT-06
void load(State& state, Request& request, const Spec& spec, std::int64_t now) {
  if (is_property(spec) && request.classes.insert(spec.class_name).second) {
    for (const Spec& other : declared_statics()) {
      const bool is_of_class = std::string(other.class_name) == spec.class_name && is_property(other);
      if (is_of_class) load_one(state, request, other, now);
    }
  }
  load_one(state, request, spec, now);
}

Write change(Held& held, const StaticAction& action) {
  const std::string& verb = action.verb;
  const auto whole = [&](Held made) {
    held = std::move(made);
    return Write::whole;
  };
  if (verb == "int") return whole({HeldKind::number, action.number});
  if (verb == "list") return whole({HeldKind::list, 0, {{false, action.number}}});
  if (verb == "box") return whole({HeldKind::box, action.number});
  if (verb == "date") return whole({HeldKind::date, action.number});
  if (verb == "queue") return whole({HeldKind::queue, 0, {{false, action.number}}});
  if (verb == "closure") return whole({HeldKind::closure});
  if (verb == "inc" && held.kind == HeldKind::number) return whole({HeldKind::number, held.number + 1});
  if (verb == "append" && held.kind == HeldKind::list) {
    held.items.emplace_back(false, action.number);
    return Write::element;
  }
  if (verb == "key" && held.kind == HeldKind::list) {
    const auto found = std::find_if(held.items.begin(), held.items.end(), [](const auto& item) { return item.first; });
    if (found != held.items.end())
      found->second = action.number;
    else
      held.items.emplace_back(true, action.number);
    return Write::element;
  }
  if (verb == "mutate" && (held.kind == HeldKind::box || held.kind == HeldKind::date)) {
    held.number = action.number;
    return Write::inside;
  }
  if (verb == "mutate" && held.kind == HeldKind::queue) {
    held.items.emplace_back(false, action.number);
    return Write::inside;
  }
  return Write::none;
}

std::vector<Spec> members_of(const Spec& spec) {
  if (!spec.is_class) return {spec};
  std::vector<Spec> members;
  for (const Spec& each : declared_statics()) {
    if (std::string(each.class_name) == spec.class_name) members.push_back(each);
  }
  return members;
}

// All entries that this publication may leave. `assigned`: the static whose present value is published in any case; empty:
// all are (at the end of a request).
std::vector<State> published(const State& state, int worker, const Spec& spec, const std::string& assigned,
                             std::int64_t now) {
  const Request& request = state.requests.at(worker);
  std::vector<State> next = {state};
  StaticsModel::Content rest = spec.is_class ? request.loaded.at(spec.class_name) : StaticsModel::Content{};
  for (State& each : next) each.kept[entry_of(spec)] = {rest, spec.ttl == 0 ? 0 : now + spec.ttl};
  for (const Spec& member : members_of(spec)) {
    const std::string name = name_of(member);
    const auto found = request.locals.find(name);
    if (found == request.locals.end()) continue;
    const Local& local = found->second;
    const std::vector<State> before = std::exchange(next, {});
    std::set<Held> values = {local.value};
    if (!assigned.empty() && name != assigned) values.insert(local.snapshot);
    for (const State& each : before) {
      for (const Held& value : values) {
        next.push_back(each);
        next.back().kept[entry_of(spec)].content[name] = value;
        next.back().requests.at(worker).locals.at(name).snapshot = value;
      }
    }
  }
  return next;
}

}  // namespace

std::vector<State> StaticsModel::act(State state, int worker, const StaticAction& action, std::int64_t now,
                                     Value& reply) {
  Request& request = state.requests[worker];
  request.has_library = true;
  const Spec& spec = declared_static(action.target);
  load(state, request, spec, now);
  Local& local = request.locals.at(name_of(spec));
  const Write write = change(local.value, action);
  local.is_written = local.is_written || write != Write::none;
  reply = shown(local.value);
  const bool is_pinned = std::string(spec.backend) == "pinned";
  // ST-ATT-09, ST-ATT-11
  const bool publishes = !spec.is_tracked && spec.form != Spec::Form::plain &&
                         (write == Write::whole || (write == Write::element && is_pinned));
  if (!publishes) return {state};
  if (local.value.kind == HeldKind::closure) {  // ST-ATT-15, ST-ATT-16, ST-ATT-23
    if (is_pinned) reply = "refused";
    return {state};
  }
  return published(state, worker, spec, name_of(spec), now);
}

// ST-ATT-12, ST-ATT-13
std::vector<State> StaticsModel::end(const State& state, int worker, std::int64_t now) {
  std::vector<State> states = {state};
  const auto ending = state.requests.find(worker);
  if (ending == state.requests.end()) return states;
  std::set<std::string> done;
  for (const Spec& spec : declared_statics()) {
    if (!spec.is_tracked || ending->second.suppressed.contains(spec.backend) || !done.insert(entry_of(spec)).second)
      continue;
    bool is_written = false, has_changed = false, is_refused = false;
    for (const Spec& member : members_of(spec)) {
      const auto found = ending->second.locals.find(name_of(member));
      if (found == ending->second.locals.end()) continue;
      is_written = is_written || found->second.is_written;
      has_changed = has_changed || found->second.value != found->second.base;
      is_refused = is_refused || found->second.value.kind == HeldKind::closure;
    }
    if (!is_written || is_refused) continue;
    std::vector<State> next;
    for (const State& each : states) {
      for (State& made : published(each, worker, spec, "", now)) next.push_back(std::move(made));
      if (!has_changed) next.push_back(each);
    }
    states = std::move(next);
  }
  for (State& each : states) each.requests.erase(worker);
  return states;
}

State StaticsModel::died(State state, int worker) {
  state.requests.erase(worker);
  return state;
}

State StaticsModel::cleared(State state, int worker, const std::string& backend) {
  for (const Spec& spec : declared_statics()) {
    if (backend == spec.backend) state.kept.erase(entry_of(spec));
  }
  state.requests[worker].suppressed.insert(backend);
  return state;
}

State StaticsModel::without_class(State state, const std::string& class_name, const std::string& backend) {
  for (const Spec& spec : declared_statics()) {
    if (class_name == spec.class_name && backend == spec.backend) state.kept.erase(entry_of(spec));
  }
  return state;
}

State StaticsModel::invalidated(State state, int worker) {
  return cleared(cleared(std::move(state), worker, "volatile"), worker, "pinned");
}

}  // namespace assay::conformance
