#include <limits>

#include "reference/php/compiler/text.h"
#include "reference/php/interpreter/machine.h"
#include "reference/php/value/convert.h"

namespace assay::reference::php {

namespace {

// A reference that nobody shares is a value.
Array copied_properties(const Object& object) {
  Array copy = object.properties;
  for (std::size_t at = copy.first(); at != copy.end(); at = copy.next(at)) {
    Value& value = copy.value_at(at);
    constexpr long kBoth = 2;  // the object's, and the copy's
    if (value.is_reference() && value.as_reference().use_count() == kBoth) value = Value(value.resolve());
  }
  return copy;
}

}  // namespace

Value Machine::evaluate(const Node& node) {
  charge(1);
  check_stack();
  switch (node.kind) {
    case NodeKind::literal:
      return constant_value(*node.constant);
    case NodeKind::variable:
      return read_variable(node.text->view());
    case NodeKind::variable_variable:
      return read_variable(text_of(evaluate(*node.child(0))));
    case NodeKind::interpolated:
      return evaluate_interpolated(node);
    case NodeKind::array_literal:
      return evaluate_array(node);
    case NodeKind::index: {
      if (node.child(1) == nullptr) fatal("Cannot use [] for reading");
      const Value base = evaluate(*node.child(0));
      return read_index(base, evaluate(*node.child(1)), false);
    }
    case NodeKind::property: {
      const Value base = evaluate(*node.child(0));
      if (node.op == 1 && base.is_null()) return Value();
      return read_property(base, text_of(evaluate(*node.child(1))), false);
    }
    case NodeKind::static_property:
      return static_property(resolve_class(*node.child(0)), std::string(node.text->view())).cell->value;
    case NodeKind::class_constant:
      return evaluate_class_constant(node);
    case NodeKind::constant_name:
      return evaluate_constant(node);
    case NodeKind::call:
      return evaluate_call(node);
    case NodeKind::call_value:
      return evaluate_call_value(node);
    case NodeKind::method_call:
      return evaluate_method_call(node);
    case NodeKind::static_call:
      return evaluate_static_call(node);
    case NodeKind::new_:
      return evaluate_new(node);
    case NodeKind::unary:
      return unary(static_cast<Operator>(node.op), evaluate(*node.child(0)));
    case NodeKind::binary: {
      const Value left = evaluate(*node.child(0));
      const Value right = evaluate(*node.child(1));
      return binary(static_cast<Operator>(node.op), left, right);
    }
    case NodeKind::and_:
      return Value(to_bool(evaluate(*node.child(0))) && to_bool(evaluate(*node.child(1))));
    case NodeKind::or_:
      return Value(to_bool(evaluate(*node.child(0))) || to_bool(evaluate(*node.child(1))));
    case NodeKind::coalesce: {
      Value left;
      if (is_set(*node.child(0), left)) return left;
      return evaluate(*node.child(1));
    }
    case NodeKind::ternary: {
      Value condition = evaluate(*node.child(0));
      const bool truth = to_bool(condition);
      if (truth && node.child(1) == nullptr) return condition;
      return evaluate(*node.child(truth ? 1 : 2));
    }
    default:
      return evaluate_more(node);
  }
}

Value Machine::evaluate_more(const Node& node) {
  switch (node.kind) {
    case NodeKind::match:
      return evaluate_match(node);
    case NodeKind::assign:
    case NodeKind::assign_reference:
    case NodeKind::assign_operator:
    case NodeKind::assign_coalesce:
      return evaluate_assign(node);
    case NodeKind::list_assign: {
      Value value = evaluate(*node.child(1));
      destructure(*node.child(0), value);
      return value;
    }
    case NodeKind::increment:
      return evaluate_increment(node);
    case NodeKind::isset: {
      for (const Node* each : node.children) {
        Value ignored;
        if (!is_set(*each, ignored, Asked::presence)) return Value(false);
      }
      return Value(true);
    }
    case NodeKind::empty: {
      Value value;
      return Value(!is_set(*node.child(0), value) || !to_bool(value));
    }
    case NodeKind::include: {
      const std::string path = text_of(evaluate(*node.child(0)));
      frame_->line = node.line;
      return include(static_cast<IncludeKind>(node.op), path);
    }
    case NodeKind::exit:
      return evaluate_exit(node);
    case NodeKind::print:
      write(text_of(evaluate(*node.child(0))));
      return Value(1);
    case NodeKind::cast:
      return evaluate_cast(node);
    case NodeKind:: instanceof: {
      const Value value = evaluate(*node.child(0));
      if (!value.is_object()) return Value(false);
      const Node& named = *node.child(1);
      if (named.kind == NodeKind::class_name) {
        const std::string_view name = named.text->view();
        const bool relative = name == "self" || name == "static" || name == "parent";
        return Value(instance_of(*value.as_object(), relative ? std::string_view(resolve_class(named).name) : name));
      }
      const Value type = evaluate(named);
      return Value(instance_of(*value.as_object(), type.is_object() ? type.as_object()->class_name : text_of(type)));
    }
    case NodeKind::closure:
      return evaluate_closure(node);
    case NodeKind::throw_: {
      const Value value = evaluate(*node.child(0));
      if (!value.is_object() || !instance_of(*value.as_object(), "Throwable")) {
        throw_error("Error", value.is_object() ? "Cannot throw objects that do not implement Throwable"
                                               : "Can only throw objects");
      }
      throw Thrown{value.as_object()};
    }
    case NodeKind::clone: {
      const Value value = evaluate(*node.child(0));
      if (!value.is_object()) throw_error("Error", "__clone method called on non-object");
      if (value.as_object()->kind != ObjectKind::plain) {
        throw_error("Error", "Trying to clone an uncloneable object of class " + value.as_object()->class_name);
      }
      auto copy = context_.heap.new_object(value.as_object()->class_name);
      copy->properties = copied_properties(*value.as_object());
      RuntimeClass& type = class_of(*copy);
      keep_for_destructor(type, *copy);
      if (const Method* hook = type.find_method("__clone"))
        call({hook->function, nullptr, hook->owner, &type, copy, nullptr}, {});
      return Value(copy);
    }
    case NodeKind::silence: {
      ++silenced_;
      struct Restore {
        int& count;
        ~Restore() { --count; }
      } restore{silenced_};
      return evaluate(*node.child(0));
    }
    case NodeKind::class_name:
      return Value(resolve_class(node).name);
    case NodeKind::argument:
      return evaluate(*node.child(0));
    default:
      fatal("This construct is not part of the script subset");
  }
}

Value Machine::constant_value(const Constant& constant) {
  switch (constant.kind) {
    case ConstantKind::null:
      return Value();
    case ConstantKind::boolean:
      return Value(constant.integer != 0);
    case ConstantKind::integer:
      return Value(constant.integer);
    case ConstantKind::real:
      return Value(constant.real);
    case ConstantKind::string:
      return Value(constant.string->view());
    case ConstantKind::array:
      break;
  }
  auto found = context_.literal_arrays.find(constant.array);
  if (found != context_.literal_arrays.end()) return found->second;
  Array array;
  if (constant.array->elements.empty()) array.set_next_free_index(0);
  for (const ConstantElement& element : constant.array->elements) {
    charge(1);
    const bool integer = element.key.kind == ConstantKind::integer;
    const ArrayKey key = integer ? ArrayKey(element.key.integer) : ArrayKey::verbatim(element.key.string->view());
    array.set(key, constant_value(element.value));
  }
  Value value(std::move(array));
  context_.literal_arrays.emplace(constant.array, value);
  return value;
}

Value Machine::evaluate_array(const Node& node) {
  Array array;
  for (const Node* item : node.children) {
    if (item == nullptr) fatal("Cannot use empty array elements in arrays");
    if (item->op == kSpread) {
      const Value spread = spread_of(evaluate(*item->child(1)));
      const Array& from = spread.as_array();
      for (std::size_t at = from.first(); at != from.end(); at = from.next(at)) {
        charge(1);
        const auto& element = from.at(at);
        if (element.key.is_int()) {
          array.append(element.value.resolve());
        } else {
          array.set(element.key, element.value.resolve());
        }
      }
      continue;
    }
    std::optional<ArrayKey> key;
    if (item->child(0) != nullptr) key = array_key(evaluate(*item->child(0)));
    Value value;
    if (item->op == kByReference) {
      value = Value(share(locate(*item->child(1))));
    } else {
      value = evaluate(*item->child(1));
    }
    if (key) {
      array.set(*key, std::move(value));
    } else if (array.append(std::move(value)) == nullptr) {
      throw_error("Error", "Cannot add element to the array as the next element is already occupied");
    }
  }
  return Value(std::move(array));
}

Value Machine::evaluate_interpolated(const Node& node) {
  std::string text;
  for (const Node* part : node.children) {
    text += text_of(evaluate(*part));
    bound_size(text.size());
  }
  return Value(std::move(text));
}

std::string Machine::text_of(const Value& slot) {
  const Value& value = slot.resolve();
  if (value.is_string()) return value.as_string();
  if (value.is_array()) warn("Array to string conversion");
  if (!value.is_object()) return to_string(value);
  const auto object = value.as_object();
  RuntimeClass& type = class_of(*object);
  const Method* hook = type.find_method("__tostring");
  if (hook == nullptr)
    throw_error("Error", "Object of class " + type_name(value) + " could not be converted to string");
  const Value text = call({hook->function, nullptr, hook->owner, &type, object, nullptr}, {});
  if (!text.is_string())
    throw_error("TypeError", type_name(value) + "::__toString(): Return value must be of type string, " +
                                 type_name(text) + " returned");
  return text.as_string();
}

Value Machine::evaluate_assign(const Node& node, bool used) {
  const Node& target = *node.child(0);
  if (node.kind == NodeKind::assign_reference) {
    const NodeKind kind = node.child(1)->kind;
    const bool place = kind == NodeKind::variable || kind == NodeKind::index || kind == NodeKind::property ||
                       kind == NodeKind::static_property || kind == NodeKind::variable_variable;
    if (!place) {
      Value value = evaluate(*node.child(1));
      assign(locate(target), value);
      return value;
    }
    const auto shared = share(locate(*node.child(1)));
    bind(locate(target), shared);
    return shared->value;
  }
  if (node.kind == NodeKind::assign_coalesce) {
    Value present;
    if (is_set(target, present)) return present;
    const Place place = locate(target);
    Value value = evaluate(*node.child(1));
    assign(place, value);
    return value;
  }
  const Place place = locate(target);
  if (node.kind == NodeKind::assign) {
    Value value = evaluate(*node.child(1));
    frame_->line = node.line;
    assign(place, value);
    return value;
  }
  Value right = evaluate(*node.child(1));
  frame_->line = node.line;
  const auto op = static_cast<Operator>(node.op);
  if (op == Operator::concat) return evaluate_concat_assign(place, right, used);
  Value result = binary(op, read_for_update(place), right);
  assign(place, result);
  return result;
}

// In place, so that a loop that builds a string is linear.
Value Machine::evaluate_concat_assign(const Place& place, const Value& right, bool used) {
  const std::string tail = text_of(right);
  const bool simple = place.root == Place::Root::variable && place.steps.empty();
  auto found = simple ? frame_->variables->find(place.variable) : frame_->variables->end();
  if (found != frame_->variables->end()) {
    Value& slot = found->second.resolve();
    if (slot.is_string()) {
      bound_size(slot.as_string().size() + tail.size());
      slot.mutable_string() += tail;
      wrote(found->second, StaticsKeeper::Write::whole);
      return used ? slot : Value();
    }
  }
  const Value left = read_for_update(place);
  Value joined(text_of(left) + tail);
  bound_size(joined.as_string().size());
  assign(place, joined);
  return joined;
}

Value Machine::evaluate_increment(const Node& node) {
  const Place place = locate(*node.child(0));
  const Value before = read_for_update(place);
  const bool down = (node.op & kDecrement) != 0;
  Value after;
  if (before.is_null()) {
    after = down ? Value() : Value(1);
  } else if (before.is_int()) {
    after = binary(down ? Operator::subtract : Operator::add, before, Value(1));
  } else if (before.is_float() || is_numeric(before)) {
    after = binary(down ? Operator::subtract : Operator::add, before, Value(1));
  } else if (before.is_bool()) {
    after = before;
  } else if (before.is_string()) {
    fatal("Increment of a non-numeric string is not part of the script subset");
  } else {
    throw_error("TypeError", std::string("Cannot ") + (down ? "decrement " : "increment ") + type_name(before));
  }
  assign(place, after, Writing::in_place);
  return (node.op & kPostfix) ? before : after;
}

}  // namespace assay::reference::php
