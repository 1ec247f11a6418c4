#include "reference/server/script_objects.h"

#include <functional>

#include "reference/php/interpreter/machine.h"
#include "reference/php/library/inner_classes.h"
#include "reference/server/worker.h"

namespace assay::reference {
namespace {

using php::Machine;
using php::RuntimeClass;
using State = ObjectHooks::State;

State own_state(Machine& machine, const std::shared_ptr<Object>& object) {
  Value state = machine.call_method(object, "__serialize", {});
  if (!state.is_array()) machine.throw_error("TypeError", object->class_name + "::__serialize() must return an array");
  return {false, true, state.as_array(), false};
}

// The properties that __sleep names and the object has.
State slept_state(Machine& machine, const std::shared_ptr<Object>& object) {
  const Value names = machine.call_method(object, "__sleep", {});
  State state{false, true, {}, false};
  if (!names.is_array()) return state;
  const Array& list = names.as_array();
  for (std::size_t at = list.first(); at != list.end(); at = list.next(at)) {
    const Value& name = list.at(at).value.resolve();
    if (!name.is_string()) continue;
    const ArrayKey key = ArrayKey::verbatim(name.as_string());
    if (const Value* value = object->properties.find(key)) state.elements.set(key, *value);
  }
  return state;
}

State state_in(Machine& machine, const std::shared_ptr<Object>& object, RuntimeClass& type) {
  if (type.find_method("__serialize") != nullptr) return own_state(machine, object);
  return type.find_method("__sleep") != nullptr ? slept_state(machine, object) : State{};
}

// Mostly these are the properties of a new object, in their order.
void give(Array& properties, Array state) {
  std::size_t own = properties.first();
  for (std::size_t at = state.first(); at != state.end(); at = state.next(at)) {
    const ArrayKey& key = state.at(at).key;
    if (key.is_int()) continue;
    if (own != properties.end() && properties.at(own).key == key) {
      properties.value_at(own) = std::move(state.value_at(at));
      own = properties.next(own);
    } else {
      properties.set(key, std::move(state.value_at(at)));
    }
  }
}

tl::unexpected<Error> missing(const std::string& name) {
  return failure(name + " cannot be found: declare it, or delete the key");
}

}  // namespace

template <class Result>
Expected<Result> ScriptObjects::run(const std::function<Expected<Result>(Machine&)>& code) {
  Machine& machine = worker_.machine();
  if (caller_ == Caller::script) return code(machine);
  Expected<Result> result = failure("a method of the object did not come to its end: see what it threw");
  php::RunResult ended = machine.guarded([&] {
    result = code(machine);
    return Value();
  });
  if (ended.error || ended.exited) end_ = std::move(ended);
  return result;
}

std::uint64_t ScriptObjects::most_bytes() {
  const std::int64_t limit = worker_.request_settings().memory_limit;
  return limit < 0 ? kUnlimited : static_cast<std::uint64_t>(limit);
}

Expected<State> ScriptObjects::state_of(const std::shared_ptr<Object>& object) {
  return run<State>([&](Machine& machine) -> Expected<State> {
    RuntimeClass* type = machine.find_class(object->class_name, false);
    if (type == nullptr) return State{};
    if (type->name.find("@anonymous") != std::string::npos)
      return failure("an object of an anonymous class cannot be stored: give the class a name");
    State state = state_in(machine, object, *type);
    const php::InnerState inner = php::inner_state_of(*type);
    state.is_inner = inner != php::InnerState::none;
    // Dates are stored as dates whatever hooks they have.
    state.by_hook = state.by_hook && inner != php::InnerState::date;
    return state;
  });
}

Expected<std::shared_ptr<Object>> ScriptObjects::make(const std::string& class_name) {
  using Made = std::shared_ptr<Object>;
  return run<Made>([&](Machine& machine) -> Expected<Made> {
    if (class_name != made_name_ || made_type_ == nullptr) {
      made_type_ = machine.find_class(class_name);
      made_name_ = class_name;
    }
    if (made_type_ == nullptr || made_type_->data->kind != php::ClassKind::class_)
      return missing("the class " + class_name);
    return machine.new_object(*made_type_);
  });
}

Expected<std::shared_ptr<Object>> ScriptObjects::enum_case(const std::string& class_name, const std::string& name) {
  using Made = std::shared_ptr<Object>;
  return run<Made>([&](Machine& machine) -> Expected<Made> {
    RuntimeClass* type = machine.find_class(class_name);
    const bool is_enum = type != nullptr && type->data->kind == php::ClassKind::enum_;
    const auto constant = is_enum ? type->constants.find(name) : decltype(type->constants.find(name)){};
    if (!is_enum || constant == type->constants.end() || (constant->second.data->flags & php::kEnumCase) == 0)
      return missing("the enum case " + class_name + "::" + name);
    return machine.enum_case(*type, name);
  });
}

Expected<void> ScriptObjects::restore(const std::shared_ptr<Object>& object, Array state) {
  return run<void>([&](Machine& machine) -> Expected<void> {
    const RuntimeClass& type = machine.class_of(*object);
    if (type.find_method("__unserialize") != nullptr) {
      machine.call_method(object, "__unserialize", {Value(std::move(state))});
      return {};
    }
    give(object->properties, std::move(state));
    if (type.find_method("__wakeup") != nullptr) machine.call_method(object, "__wakeup", {});
    return {};
  });
}

}  // namespace assay::reference
