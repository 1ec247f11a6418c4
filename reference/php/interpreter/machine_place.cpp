#include <algorithm>
#include <cmath>

#include "reference/php/compiler/text.h"
#include "reference/php/interpreter/machine.h"
#include "reference/php/value/convert.h"

// Reading and writing variables, elements and properties.
namespace assay::reference::php {

Value& Machine::variable_slot(std::string_view name) {
  auto found = frame_->variables->find(name);
  if (found != frame_->variables->end()) return found->second;
  return (*frame_->variables)[std::string(name)];
}

Value Machine::read_variable(std::string_view name) {
  if (name == "this") {
    if (frame_->self) return Value(frame_->self);
    throw_error("Error", "Using $this when not in object context");
  }
  auto found = frame_->variables->find(name);
  if (found != frame_->variables->end()) return found->second.resolve();
  if (name == "GLOBALS") {
    Array all;
    for (const auto& [key, value] : context_.globals) all.set(key, value.resolve());
    return Value(std::move(all));
  }
  warn("Undefined variable $" + std::string(name));
  return Value();
}

std::optional<ArrayKey> Machine::array_key(const Value& key) {
  switch (key.type()) {
    case ValueType::null:
      return ArrayKey::verbatim("");
    case ValueType::boolean:
    case ValueType::integer:
      return ArrayKey(to_int(key));
    case ValueType::real:
      if (std::trunc(key.as_float()) != key.as_float() || !std::isfinite(key.as_float())) {
        report(Severity::deprecated,
               "Implicit conversion from float " + format_float_exact(key.as_float()) + " to int loses precision");
      }
      return ArrayKey(to_int(key));
    case ValueType::string:
      return ArrayKey::from_string(key.as_string());
    default:
      throw_error("TypeError", "Illegal offset type");
  }
}

Machine::Place Machine::locate(const Node& node) {
  charge(1);
  check_stack();
  Place place;
  switch (node.kind) {
    case NodeKind::variable:
      place.variable = node.text->view();
      if (place.variable == "this") {
        place.root = Place::Root::value;
        place.base = read_variable("this");
      }
      return place;
    case NodeKind::variable_variable:
      place.variable = text_of(evaluate(*node.child(0)));
      if (place.variable == "this") throw_error("Error", "Cannot re-assign $this");
      return place;
    case NodeKind::static_property:
      place.root = Place::Root::cell;
      place.cell = static_property(resolve_class(*node.child(0)), std::string(node.text->view())).cell;
      return place;
    case NodeKind::index:
      place = locate(*node.child(0));
      if (node.child(1) == nullptr) {
        place.steps.push_back({Step::Kind::append, Value()});
      } else {
        place.steps.push_back({Step::Kind::key, evaluate(*node.child(1))});
      }
      return place;
    case NodeKind::property: {
      place = locate(*node.child(0));
      place.steps.push_back({Step::Kind::property, Value(text_of(evaluate(*node.child(1))))});
      return place;
    }
    default:
      place.root = Place::Root::value;
      place.base = evaluate(node);
      return place;
  }
}

// What stands at the place, with PHP's messages for what is missing on the way to an operator that reads and writes.
Value Machine::read_for_update(const Place& place) {
  Value current;
  if (place.root == Place::Root::variable) {
    current = read_variable(place.variable);
  } else {
    current = place.root == Place::Root::cell ? place.cell->value : place.base;
  }
  for (const Step& step : place.steps) {
    if (step.kind == Step::Kind::property) {
      current = read_property(current, step.key.as_string(), false);
    } else if (step.kind == Step::Kind::append) {
      current = Value();
    } else {
      current = read_index(current.is_null() ? Value(Array()) : current, step.key, false);
    }
  }
  return current;
}

Value& Machine::open_root(const Place& place) {
  if (place.root == Place::Root::cell) return place.cell->value;
  if (place.root == Place::Root::value) {
    scratch_ = place.base;
    return scratch_;
  }
  return variable_slot(place.variable);
}

// Where the last step is made from.
Value& Machine::open_holder(const Place& place) {
  Value* slot = &open_root(place);
  for (std::size_t i = 0; i + 1 < place.steps.size(); ++i) slot = &step_into(slot->resolve(), place.steps[i]);
  return slot->resolve();
}

// The slot itself, which may hold a reference.
Value& Machine::open_slot(const Place& place) {
  Value* slot = &open_root(place);
  for (const Step& step : place.steps) slot = &step_into(slot->resolve(), step);
  return *slot;
}

Value& Machine::open(const Place& place) {
  return open_slot(place).resolve();
}

// Makes the place a reference. The cell of a static property is one already.
std::shared_ptr<Reference> Machine::share(const Place& place) {
  if (place.root == Place::Root::cell && place.steps.empty()) return place.cell;
  return context_.heap.share(open_slot(place));
}

void Machine::bind(const Place& place, const std::shared_ptr<Reference>& shared) {
  if (place.root == Place::Root::cell && place.steps.empty()) {
    fatal("Binding a static property to a reference is not part of the script subset");
  }
  open_slot(place) = Value(shared);
  if (!place.steps.empty()) wrote(place);
}

Value& Machine::step_into(Value& slot, const Step& step) {
  if (step.kind == Step::Kind::property) {
    if (!slot.is_object()) {
      throw_error("Error", "Attempt to assign property \"" + step.key.as_string() + "\" on " + type_name(slot));
    }
    return property_slot(*slot.as_object(), step.key.as_string());
  }
  if (slot.is_object()) return step_into_offset(std::shared_ptr<Object>(slot.as_object()), step);
  if (slot.is_bool() && !slot.as_bool()) {
    report(Severity::deprecated, "Automatic conversion of false to array is deprecated");
    slot = Value(Array());
  } else if (slot.is_null()) {
    slot = Value(Array());
  }
  if (slot.is_string()) {
    if (step.kind == Step::Kind::append) throw_error("Error", "[] operator not supported for strings");
    fatal("Writing to a string offset is not part of the script subset");
  }
  if (!slot.is_array()) throw_error("Error", "Cannot use a scalar value as an array");
  if (step.kind == Step::Kind::key) {
    const auto key = array_key(step.key);
    return slot.mutable_array()[*key];
  }
  Value* added = slot.mutable_array().append(Value());
  if (added == nullptr) throw_error("Error", "Cannot add element to the array as the next element is already occupied");
  return *added;
}

void Machine::assign(const Place& place, Value value, Writing writing) {
  Value& holder = open_holder(place);
  const bool is_offset = !place.steps.empty() && place.steps.back().kind != Step::Kind::property;
  if (is_offset && holder.is_object()) {
    write_offset(std::shared_ptr<Object>(holder.as_object()), place.steps.back(), std::move(value), writing);
    scratch_ = Value();
    return;
  }
  (place.steps.empty() ? holder : step_into(holder, place.steps.back()).resolve()) = std::move(value);
  if (place.root == Place::Root::value || place.steps.size() > 1) scratch_ = Value();
  wrote(place);
}

void Machine::wrote(const Place& place) {
  if (context_.statics_keeper == nullptr || place.root == Place::Root::value) return;
  using Write = StaticsKeeper::Write;
  const bool into_object = std::any_of(place.steps.begin(), place.steps.end(),
                                       [](const Step& step) { return step.kind == Step::Kind::property; });
  const Write how = place.steps.empty() ? Write::whole : into_object ? Write::inside_object : Write::element;
  if (place.root == Place::Root::cell) return wrote(Value(place.cell), how);
  wrote(variable_slot(place.variable), how);
}

void Machine::wrote(const Value& slot, StaticsKeeper::Write how) {
  if (context_.statics_keeper == nullptr || !slot.is_reference()) return;
  // Held: what is told may let the slot go.
  const std::shared_ptr<Reference> cell = slot.as_reference();
  context_.statics_keeper->written(*this, *cell, how);
}

void Machine::assign_to(const Node& target, Value value) {
  if (target.kind == NodeKind::variable && target.text->view() != "this") {
    Value& slot = variable_slot(target.text->view());
    slot.resolve() = std::move(value);
    wrote(slot, StaticsKeeper::Write::whole);
  } else if (target.kind == NodeKind::array_literal) {
    destructure(target, value);
  } else {
    assign(locate(target), std::move(value));
  }
}

void Machine::destructure(const Node& pattern, const Value& value) {
  charge(1);
  check_stack();
  std::int64_t index = -1;
  for (const Node* item : pattern.children) {
    ++index;
    if (item == nullptr) continue;
    const Value key = item->child(0) == nullptr ? Value(index) : evaluate(*item->child(0));
    Value element;
    if (value.is_array() || value.is_object()) {
      element = read_index(value, key, false);
    }
    assign_to(*item->child(1), std::move(element));
  }
}

Value Machine::read_index(const Value& base, const Value& key, bool quiet) {
  if (base.is_array()) {
    const auto found_key = array_key(key);
    if (const Value* found = base.as_array().find(*found_key)) return found->resolve();
    if (!quiet) {
      warn("Undefined array key " +
           (found_key->is_int() ? std::to_string(found_key->as_int()) : "\"" + found_key->as_string() + "\""));
    }
    return Value();
  }
  if (base.is_string()) {
    if (!key.is_int() && !is_numeric(key)) {
      if (quiet) return Value();
      throw_error("TypeError", "Cannot access offset of type " + type_name(key) + " on string");
    }
    std::int64_t offset = to_int(key);
    const auto size = static_cast<std::int64_t>(base.as_string().size());
    const std::int64_t written = offset;
    if (offset < 0) offset += size;
    if (offset >= 0 && offset < size) return Value(base.as_string().substr(static_cast<std::size_t>(offset), 1));
    if (!quiet) warn("Uninitialized string offset " + std::to_string(written));
    return quiet ? Value() : Value("");
  }
  if (base.is_object()) return read_offset(base.as_object(), key);
  if (!quiet) warn("Trying to access array offset on value of type " + type_name(base));
  return Value();
}

// Whether the expression names something that is set and not null; `out` is its value.
bool Machine::is_set(const Node& node, Value& out, Asked asked) {
  charge(1);
  check_stack();
  switch (node.kind) {
    case NodeKind::variable: {
      if (node.text->view() == "this") {
        out = frame_->self ? Value(frame_->self) : Value();
        return frame_->self != nullptr;
      }
      auto found = frame_->variables->find(node.text->view());
      if (found == frame_->variables->end()) return false;
      out = found->second.resolve();
      return !out.is_null();
    }
    case NodeKind::index: {
      Value base;
      if (!is_set(*node.child(0), base)) return false;
      if (node.child(1) == nullptr) fatal("Cannot use [] for reading");
      const Value key = evaluate(*node.child(1));
      if (base.is_object()) return is_offset_set(base.as_object(), key, out, asked);
      out = read_index(base, key, true);
      return !out.is_null();
    }
    case NodeKind::property: {
      Value base;
      if (!is_set(*node.child(0), base) || !base.is_object()) return false;
      const std::string name = text_of(evaluate(*node.child(1)));
      if (!can_see(class_of(*base.as_object()), name)) return false;
      out = read_property(base, name, true);
      return !out.is_null();
    }
    case NodeKind::static_property: {
      RuntimeClass& type = resolve_class(*node.child(0));
      if (!type.statics.contains(std::string(node.text->view()))) return false;
      out = static_property(type, std::string(node.text->view())).cell->value;
      return !out.is_null();
    }
    case NodeKind::variable_variable: {
      auto found = frame_->variables->find(text_of(evaluate(*node.child(0))));
      if (found == frame_->variables->end()) return false;
      out = found->second.resolve();
      return !out.is_null();
    }
    default:
      out = evaluate(node);
      return !out.is_null();
  }
}

void Machine::unset(const Node& target) {
  if (target.kind == NodeKind::variable) {
    frame_->variables->erase(std::string(target.text->view()));
    return;
  }
  if (target.kind == NodeKind::static_property) throw_error("Error", "Attempt to unset static property");
  if (target.kind != NodeKind::index && target.kind != NodeKind::property) return;
  Value present;
  if (!is_set(*target.child(0), present)) return;
  if (target.kind == NodeKind::index && target.child(1) == nullptr) fatal("Cannot use [] for unsetting");
  const Place base = locate(*target.child(0));
  const Value key = evaluate(*target.child(1));
  Value& slot = open(base);
  if (target.kind == NodeKind::index && slot.is_array()) {
    if (const auto found = array_key(key)) slot.mutable_array().erase(*found);
    Place element = base;
    element.steps.push_back({Step::Kind::key, key});
    wrote(element);
  } else if (target.kind == NodeKind::index && slot.is_object()) {
    unset_offset(std::shared_ptr<Object>(slot.as_object()), key);
  } else if (target.kind == NodeKind::property && slot.is_object()) {
    const auto object = slot.as_object();
    const std::string name = text_of(key);
    check_property_access(*object, name);
    Value* array = array_as_properties(*object);
    if (!object->properties.erase(property_key(*object, name)) && array != nullptr)
      array->mutable_array().erase(ArrayKey::from_string(name));
  }
}

}  // namespace assay::reference::php
