#include "reference/php/compiler/text.h"
#include "reference/php/interpreter/machine.h"
#include "reference/php/value/convert.h"

namespace assay::reference::php {

std::string Callee::display_name() const {
  if (builtin != nullptr) return builtin->name;
  const std::string name(function->name->view());
  return owner == nullptr || closure != nullptr ? name : owner->name + "::" + name;
}

std::optional<Callee> Machine::find_function(const std::string& name) {
  const std::string key = lower(name.starts_with('\\') ? name.substr(1) : name);
  Callee callee;
  if (auto found = context_.functions.find(key); found != context_.functions.end()) {
    callee.function = found->second;
    return callee;
  }
  callee.builtin = builtins_.find(key);
  if (callee.builtin == nullptr) return std::nullopt;
  return callee;
}

std::optional<Callee> Machine::find_callable(const Value& callable) {
  if (callable.is_string()) {
    const std::string& name = callable.as_string();
    const std::size_t colons = name.find("::");
    if (colons == std::string::npos) return find_function(name);
    Array pair;
    pair.append(name.substr(0, colons));
    pair.append(name.substr(colons + 2));
    return find_callable(Value(std::move(pair)));
  }
  if (callable.is_object()) {
    const auto object = callable.as_object();
    Callee callee;
    if (object->kind == ObjectKind::closure) {
      callee.closure = std::static_pointer_cast<ClosureObject>(object);
      callee.function = callee.closure->function;
      callee.owner = callee.closure->scope;
      callee.called = callee.closure->scope;
      callee.self = callee.closure->self;
      return callee;
    }
    RuntimeClass& type = class_of(*object);
    const Method* method = type.find_method("__invoke");
    if (method == nullptr) return std::nullopt;
    return Callee{method->function, nullptr, method->owner, &type, object, nullptr};
  }
  if (!callable.is_array() || callable.as_array().size() != 2) return std::nullopt;
  const Value* subject = callable.as_array().find(ArrayKey(0));
  const Value* name = callable.as_array().find(ArrayKey(1));
  if (subject == nullptr || name == nullptr || !name->resolve().is_string()) return std::nullopt;
  const Value& holder = subject->resolve();
  RuntimeClass* type = holder.is_object()   ? &class_of(*holder.as_object())
                       : holder.is_string() ? find_class(holder.as_string())
                                            : nullptr;
  if (type == nullptr) return std::nullopt;
  const Method* method = type->find_method(lower(name->resolve().as_string()));
  if (method == nullptr) return std::nullopt;
  return Callee{method->function, nullptr, method->owner, type, holder.is_object() ? holder.as_object() : nullptr,
                nullptr};
}

Value Machine::call_value(const Value& callable, std::vector<Value> arguments) {
  const auto callee = find_callable(callable);
  if (!callee) {
    if (callable.is_string()) throw_error("Error", "Call to undefined function " + callable.as_string() + "()");
    throw_error("Error", "Value not callable");
  }
  return call(*callee, std::move(arguments));
}

Value Machine::call_method(const std::shared_ptr<Object>& object, const std::string& lower_name,
                           std::vector<Value> arguments) {
  RuntimeClass& type = class_of(*object);
  const Method* method = type.find_method(lower_name);
  if (method == nullptr) throw_error("Error", "Call to undefined method " + type.name + "::" + lower_name + "()");
  return call({method->function, nullptr, method->owner, &type, object, nullptr}, std::move(arguments));
}

std::vector<Value> Machine::arguments(const Callee& callee, const Node& node, std::size_t from) {
  std::vector<Value> list;
  auto by_reference = [&](std::size_t index) {
    if (callee.builtin != nullptr) return index < 64 && ((callee.builtin->by_reference >> index) & 1) != 0;
    const auto& parameters = callee.function->parameters;
    if (parameters.empty()) return false;
    const std::size_t last = std::min<std::size_t>(index, parameters.count - 1);
    if (last != index && (parameters[last].flags & kVariadic) == 0) return false;
    return (parameters[last].flags & kReferenceParameter) != 0;
  };
  std::vector<bool> given;
  for (std::size_t i = from; i < node.children.count; ++i) {
    const Node& argument = *node.child(i);
    const Node& expression = *argument.child(0);
    if (argument.op == kSpread) {
      const Value spread = spread_of(evaluate(expression));
      const Array& array = spread.as_array();
      charge(array.size());
      for (std::size_t at = array.first(); at != array.end(); at = array.next(at))
        list.push_back(array.at(at).value.resolve());
      continue;
    }
    if (argument.text != nullptr) {
      const std::size_t index = named_parameter(callee, argument.text->view());
      if (index < list.size() && (index >= given.size() || given[index])) {
        throw_error("Error",
                    "Named parameter $" + std::string(argument.text->view()) + " overwrites previous argument");
      }
      while (given.size() < list.size()) given.push_back(true);
      while (list.size() <= index) {
        list.emplace_back();
        given.push_back(false);
      }
      list[index] = evaluate(expression);
      given[index] = true;
      continue;
    }
    const NodeKind kind = expression.kind;
    const bool place = kind == NodeKind::variable || kind == NodeKind::index || kind == NodeKind::property ||
                       kind == NodeKind::static_property;
    if (by_reference(list.size()) && place) {
      list.push_back(Value(share(locate(expression))));
    } else {
      list.push_back(evaluate(expression));
    }
  }
  for (std::size_t i = 0; i < given.size(); ++i) {
    if (given[i]) continue;
    const ParameterData& parameter = callee.function->parameters[i];
    if (parameter.initial == nullptr) {
      throw_error("ArgumentCountError", callee.display_name() + "(): Argument #" + std::to_string(i + 1) + " ($" +
                                            std::string(parameter.name->view()) + ") not passed");
    }
    list[i] = evaluate(*parameter.initial);
  }
  return list;
}

std::size_t Machine::named_parameter(const Callee& callee, std::string_view name) {
  if (callee.builtin != nullptr) fatal("Named arguments of builtin functions are not part of the script subset");
  const auto& parameters = callee.function->parameters;
  for (std::size_t i = 0; i < parameters.count; ++i) {
    if (parameters[i].name->view() == name && (parameters[i].flags & kVariadic) == 0) return i;
  }
  throw_error("Error", "Unknown named parameter $" + std::string(name));
}

Value Machine::evaluate_call(const Node& node) {
  auto callee = find_function(std::string(node.text->view()));
  if (!callee && node.child(0) != nullptr) callee = find_function(std::string(node.child(0)->constant->string->view()));
  frame_->line = node.line;
  if (!callee) throw_error("Error", "Call to undefined function " + std::string(node.text->view()) + "()");
  std::vector<Value> list = arguments(*callee, node, 1);
  frame_->line = node.line;
  return call(*callee, std::move(list));
}

Value Machine::evaluate_call_value(const Node& node) {
  const Value callable = evaluate(*node.child(0));
  const auto callee = find_callable(callable);
  frame_->line = node.line;
  if (!callee) {
    if (callable.is_string()) throw_error("Error", "Call to undefined function " + callable.as_string() + "()");
    throw_error("Error", callable.is_array() ? "Array callback must have exactly two elements"
                                             : "Value of type " + type_name(callable) + " is not callable");
  }
  std::vector<Value> list = arguments(*callee, node, 1);
  frame_->line = node.line;
  return call(*callee, std::move(list));
}

Callee Machine::find_method(const std::shared_ptr<Object>& object, RuntimeClass& type, const std::string& name,
                            bool is_static) {
  const Method* method = type.find_method(lower(name));
  if (method == nullptr)
    throw_error("Error", "Call to undefined method " + type.name.substr(0, type.name.find('\0')) + "::" + name + "()");
  const std::uint32_t flags = method->function->flags;
  const std::string shown = type.name + "::" + std::string(method->function->name->view()) + "()";
  if (!accessible(flags, method->owner)) {
    const std::string from = frame_->scope == nullptr ? "global scope" : "scope " + frame_->scope->name;
    throw_error("Error", std::string("Call to ") + ((flags & kPrivate) ? "private" : "protected") + " method " + shown +
                             " from " + from);
  }
  if (method->function->body == nullptr) {
    throw_error("Error", "Cannot call abstract method " + method->owner->name +
                             "::" + std::string(method->function->name->view()) + "()");
  }
  Callee callee{method->function, nullptr, method->owner, &type, nullptr, nullptr};
  if ((flags & kStatic) == 0) {
    if (object == nullptr) throw_error("Error", "Non-static method " + shown + " cannot be called statically");
    callee.self = object;
    if (is_static) callee.called = &class_of(*object);
  }
  return callee;
}

Value Machine::evaluate_method_call(const Node& node) {
  const Value base = evaluate(*node.child(0));
  if (node.op == 1 && base.is_null()) return Value();
  const Value named = evaluate(*node.child(1));
  frame_->line = node.line;
  if (named.is_object()) {
    const auto callee = find_callable(named);
    if (!callee) throw_error("Error", "Object of type " + type_name(named) + " is not callable");
    return call(*callee, arguments(*callee, node, 2));
  }
  const std::string name = text_of(named);
  if (!base.is_object()) throw_error("Error", "Call to a member function " + name + "() on " + type_name(base));
  const auto object = base.as_object();
  if (object->kind == ObjectKind::closure) {
    const auto callee = find_callable(base);
    const bool with_self = equal_ignoring_case(name, "call");
    if (!with_self && !equal_ignoring_case(name, "__invoke"))
      throw_error("Error", "Call to undefined method Closure::" + name + "()");
    std::vector<Value> list = arguments(*callee, node, 2);
    Callee bound = *callee;
    if (with_self && !list.empty() && list[0].is_object()) {
      bound.self = list[0].as_object();
      bound.owner = bound.called = &class_of(*bound.self);
      list.erase(list.begin());
    }
    return call(bound, std::move(list));
  }
  RuntimeClass& type = class_of(*object);
  // A private method of the calling class goes before an override of the same name.
  const Callee callee = [&] {
    if (frame_->scope != nullptr && type.is_a(*frame_->scope)) {
      const Method* own = frame_->scope->find_method(lower(name));
      if (own != nullptr && (own->function->flags & kPrivate) && own->owner == frame_->scope) {
        return Callee{own->function, nullptr, own->owner, &type, (own->function->flags & kStatic) ? nullptr : object,
                      nullptr};
      }
    }
    return find_method(object, type, name, false);
  }();
  std::vector<Value> list = arguments(callee, node, 2);
  frame_->line = node.line;
  return call(callee, std::move(list));
}

Value Machine::evaluate_static_call(const Node& node) {
  RuntimeClass& type = resolve_class(*node.child(0));
  const std::string name(node.child(1)->constant->string->view());
  frame_->line = node.line;
  if (type.data->kind == ClassKind::enum_) {
    const std::string wanted = lower(name);
    if (wanted == "cases") {
      Array all;
      for (const std::string& each : type.constant_order) {
        if (type.constants.at(each).data->flags & kEnumCase) all.append(Value(enum_case(type, each)));
      }
      return Value(std::move(all));
    }
    if (wanted == "from" || wanted == "tryfrom") {
      const Value sought = evaluate(*node.child(2));
      for (const std::string& each : type.constant_order) {
        if ((type.constants.at(each).data->flags & kEnumCase) == 0) continue;
        const auto found = enum_case(type, each);
        const Value* backing = found->properties.find(ArrayKey::verbatim("value"));
        if (backing != nullptr && loosely_equal(*backing, sought)) return Value(found);
      }
      if (wanted == "tryfrom") return Value();
      const std::string shown = sought.is_string() ? "\"" + sought.as_string() + "\"" : to_string(sought);
      throw_error("ValueError", shown + " is not a valid backing value for enum " + type.name);
    }
  }
  // parent::f() and self::f() keep the object they are called in.
  const bool inside = frame_->self != nullptr && class_of(*frame_->self).is_a(type);
  Callee callee = find_method(inside ? frame_->self : nullptr, type, name, inside);
  const bool forwards = node.child(0)->kind == NodeKind::class_name &&
                        (node.child(0)->text->view() == "parent" || node.child(0)->text->view() == "self");
  if (forwards && frame_->called != nullptr && (callee.function->flags & kStatic)) callee.called = frame_->called;
  std::vector<Value> list = arguments(callee, node, 2);
  frame_->line = node.line;
  return call(callee, std::move(list));
}

Value Machine::evaluate_new(const Node& node) {
  RuntimeClass* type = nullptr;
  if (node.klass != nullptr) {
    type = find_declared(lower(node.klass->name->view()));
    if (type == nullptr) type = &declare_class(*node.klass);
  } else {
    type = &resolve_class(*node.child(0));
  }
  frame_->line = node.line;
  std::vector<Value> list;
  if (const Method* constructor = type->find_method("__construct")) {
    list = arguments(Callee{constructor->function, nullptr, constructor->owner, type, nullptr, nullptr}, node, 1);
    frame_->line = node.line;
  }
  return Value(instantiate(*type, std::move(list)));
}

Value Machine::call_builtin(const Builtin& builtin, std::vector<Value> arguments) {
  if (arguments.size() < builtin.least || arguments.size() > builtin.most) {
    const bool few = arguments.size() < builtin.least;
    const std::size_t bound = few ? builtin.least : builtin.most;
    throw_error("ArgumentCountError", builtin.name + "() expects " +
                                          (builtin.least == builtin.most ? "exactly"
                                           : few                         ? "at least"
                                                                         : "at most") +
                                          " " + std::to_string(bound) + " argument" + (bound == 1 ? "" : "s") + ", " +
                                          std::to_string(arguments.size()) + " given");
  }
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const bool reference = i < 64 && ((builtin.by_reference >> i) & 1) != 0;
    if (!reference && arguments[i].is_reference()) arguments[i] = Value(arguments[i].resolve());
  }
  BuiltinCall call{builtin.name, arguments, context_, *this, frame_->place().file, frame_->place().line};
  BuiltinResult result = builtin.function(call);
  if (result) {
    for (std::size_t i = 0; i < std::min<std::size_t>(arguments.size(), 64); ++i) {
      if ((builtin.by_reference >> i) & 1) wrote(arguments[i], StaticsKeeper::Write::element);
    }
    return std::move(*result);
  }
  const BuiltinError& error = result.error();
  if (error.thrown) throw Thrown{error.thrown};
  if (error.class_name.empty()) fatal(error.message);
  throw_error(error.class_name, error.message);
}

Value Machine::call(const Callee& callee, std::vector<Value> arguments) {
  check_stack();
  charge(1);
  if (callee.builtin != nullptr) return call_builtin(*callee.builtin, std::move(arguments));
  const FunctionData& function = *callee.function;
  if (function.body == nullptr) throw_error("Error", "Cannot call abstract method " + callee.display_name() + "()");
  Variables variables;
  if (callee.closure) variables = callee.closure->bound;
  Frame frame;
  frame.variables = &variables;
  frame.function = &function;
  frame.scope = callee.owner;
  frame.called = callee.called;
  frame.self = callee.self;
  frame.file = function.file->view();
  const std::string directory = directory_of(frame.file);
  frame.directory = directory;
  frame.line = function.line;
  if (function.file->size == 0) frame.stands_for = &frame_->place();
  frame.statics = callee.closure ? &callee.closure->statics : &context_.statics[{&function, callee.owner}];
  bind_parameters(callee, frame, arguments);
  frame.arguments = std::move(arguments);
  FrameScope scope(*this, frame);
  returned_ = Value();
  const Flow flow = execute(*function.body);
  return flow == Flow::return_ ? std::move(returned_) : Value();
}

}  // namespace assay::reference::php
