#include "reference/php/compiler/text.h"
#include "reference/php/interpreter/machine.h"
#include "reference/php/value/convert.h"

// Expressions with forms of their own: match, casts, constants, closures, exit.
namespace assay::reference::php {

Value Machine::evaluate_match(const Node& node) {
  const Value subject = evaluate(*node.child(0));
  const Node* otherwise = nullptr;
  for (std::size_t i = 1; i < node.children.count; ++i) {
    const Node& arm = *node.child(i);
    if (arm.children.count == 1) otherwise = arm.child(0);
    for (std::size_t j = 1; j < arm.children.count; ++j) {
      if (identical(subject, evaluate(*arm.child(j)))) return evaluate(*arm.child(0));
    }
  }
  if (otherwise != nullptr) return evaluate(*otherwise);
  std::string shown = "of type " + type_name(subject);
  if (subject.is_string()) shown = "'" + subject.as_string() + "'";
  if (subject.is_int() || subject.is_float()) shown = to_string(subject);
  if (subject.is_bool()) shown = subject.as_bool() ? "true" : "false";
  if (subject.is_null()) shown = "NULL";
  throw_error("UnhandledMatchError", "Unhandled match case " + shown);
}

Value Machine::evaluate_cast(const Node& node) {
  Value value = evaluate(*node.child(0));
  switch (static_cast<CastKind>(node.op)) {
    case CastKind::integer:
    case CastKind::real: {
      const bool integer = static_cast<CastKind>(node.op) == CastKind::integer;
      if (value.is_object()) {
        warn("Object of class " + type_name(value) + " could not be converted to " + (integer ? "int" : "float"));
      }
      return integer ? Value(to_int(value)) : Value(to_float(value));
    }
    case CastKind::string:
      return Value(text_of(value));
    case CastKind::boolean:
      return Value(to_bool(value));
    case CastKind::array: {
      if (value.is_array()) return value;
      if (value.is_object()) {
        if (const Value* behind = array_behind(*value.as_object(), "getarraycopy")) return *behind;
        Array array;
        const Array& properties = value.as_object()->properties;
        for (std::size_t at = properties.first(); at != properties.end(); at = properties.next(at)) {
          array.set(ArrayKey::from_string(properties.at(at).key.as_string()), properties.at(at).value);
        }
        return Value(std::move(array));
      }
      Array array;
      if (!value.is_null()) array.append(std::move(value));
      return Value(std::move(array));
    }
    case CastKind::object: {
      if (value.is_object()) return value;
      auto object = context_.heap.new_object("stdClass");
      if (value.is_array()) {
        const Array& array = value.as_array();
        for (std::size_t at = array.first(); at != array.end(); at = array.next(at)) {
          object->properties.set(ArrayKey::verbatim(to_string(array.at(at).key.to_value())), array.at(at).value);
        }
      } else if (!value.is_null()) {
        object->properties.set(ArrayKey::verbatim("scalar"), value);
      }
      return Value(object);
    }
    case CastKind::unset:
      break;
  }
  return Value();
}

Value Machine::evaluate_constant(const Node& node) {
  auto look = [&](std::string_view text) -> const Value* {
    const std::string name(text);
    if (auto found = context_.constants.find(name); found != context_.constants.end()) return &found->second;
    return builtins_.constant(name);
  };
  if (const Value* found = look(node.text->view())) return *found;
  if (node.child(0) != nullptr) {
    if (const Value* found = look(node.child(0)->constant->string->view())) return *found;
  }
  frame_->line = node.line;
  throw_error("Error", "Undefined constant \"" + std::string(node.text->view()) + "\"");
}

Value Machine::evaluate_closure(const Node& node) {
  auto closure = std::make_shared<ClosureObject>("Closure", 0, ObjectKind::closure);
  closure->function = node.function;
  closure->scope = frame_->scope;
  if ((node.function->flags & kStatic) == 0) closure->self = frame_->self;
  if (node.op == 1) {
    for (const auto& [name, value] : *frame_->variables) closure->bound.emplace(name, value.resolve());
  }
  for (const ClosureUse& use : node.function->uses) {
    const std::string name(use.name->view());
    if (use.by_reference) {
      closure->bound[name] = Value(context_.heap.share((*frame_->variables)[name]));
    } else {
      closure->bound[name] = read_variable(name);
    }
  }
  context_.heap.adopt(closure);
  return Value(std::static_pointer_cast<Object>(closure));
}

Value Machine::evaluate_exit(const Node& node) {
  Exit exit;
  if (node.child(0) != nullptr) {
    const Value status = evaluate(*node.child(0));
    if (status.is_int()) {
      exit.status = status.as_int();
    } else {
      write(text_of(status));
    }
  }
  throw exit;
}

Value Machine::evaluate_class_constant(const Node& node) {
  const std::string name(node.text->view());
  frame_->line = node.line;
  if (equal_ignoring_case(name, "class")) {
    const Node& type = *node.child(0);
    if (type.kind == NodeKind::class_name) {
      const std::string_view text = type.text->view();
      if (text != "self" && text != "static" && text != "parent") return Value(text);
    }
    return Value(resolve_class(type).name);
  }
  return class_constant(resolve_class(*node.child(0)), name);
}

}  // namespace assay::reference::php
