#include <algorithm>

#include "reference/php/compiler/text.h"
#include "reference/php/interpreter/machine.h"
#include "reference/php/value/convert.h"

// Declaring functions and classes, and making objects.
namespace assay::reference::php {

void Machine::declare_function(const FunctionData& function) {
  if (auto taken = redeclaration(function, context_, builtins_)) throw Fatal{std::move(*taken)};
  context_.functions.emplace(lower(function.name->view()), &function);
}

RuntimeClass* Machine::find_declared(const std::string& lower_name) {
  const auto found = context_.classes.find(lower_name);
  if (found != context_.classes.end()) return found->second.get();
  const ClassData* builtin = builtins_.find_class(lower_name);
  return builtin == nullptr ? nullptr : &declare_class(*builtin);
}

RuntimeClass* Machine::find_class(std::string_view written, bool autoload) {
  const std::string_view name = written.starts_with('\\') ? written.substr(1) : written;
  const std::string key = lower(name);
  if (RuntimeClass* found = find_declared(key)) return found;
  if (!autoload) return nullptr;
  const auto loaders = context_.autoloaders;
  for (const Value& loader : loaders) {
    check_stack();
    call_value(loader, {Value(name)});
    if (RuntimeClass* found = find_declared(key)) return found;
  }
  return nullptr;
}

RuntimeClass& Machine::require_class(std::string_view name, std::string_view what) {
  if (RuntimeClass* found = find_class(name)) return *found;
  throw_error("Error", std::string(what) + " \"" + std::string(name) + "\" not found");
}

RuntimeClass& Machine::resolve_class(const Node& node) {
  if (node.kind == NodeKind::class_name) {
    const std::string_view name = node.text->view();
    const bool relative = name == "self" || name == "parent" || name == "static";
    if (!relative) {
      frame_->line = node.line;
      return require_class(name);
    }
    if (frame_->scope == nullptr)
      throw_error("Error", "Cannot use \"" + std::string(name) + "\" when no class scope is active");
    if (name == "self") return *frame_->scope;
    if (name == "static") return frame_->called != nullptr ? *frame_->called : *frame_->scope;
    if (frame_->scope->parent == nullptr) {
      throw_error("Error", "Cannot use \"parent\" when current class scope has no parent");
    }
    return *frame_->scope->parent;
  }
  const Value value = evaluate(node);
  if (value.is_object()) return class_of(*value.as_object());
  if (value.is_string()) return require_class(value.as_string());
  throw_error("Error", "Cannot use value of type " + type_name(value) + " as class name");
}

RuntimeClass& Machine::class_of(const Object& object) {
  if (RuntimeClass* found = find_class(object.class_name, false)) return *found;
  return *find_class("stdClass", false);
}

bool Machine::instance_of(const Object& object, std::string_view class_name) {
  const RuntimeClass* wanted = find_class(class_name, false);
  if (object.kind == ObjectKind::closure) return equal_ignoring_case(class_name, "Closure");
  return wanted != nullptr && class_of(object).is_a(*wanted);
}

// Before the code runs, PHP declares a class only if its parent is known and it has neither interfaces nor traits.
bool Machine::can_declare_early(const ClassData& data) {
  if (find_declared(lower(data.name->view()))) return false;
  if (!data.interfaces.empty() && data.kind != ClassKind::interface) return false;
  if (!data.traits.empty() || data.kind == ClassKind::enum_) return false;
  auto known = [&](const StringData* name) { return find_class(name->view(), false) != nullptr; };
  return (data.parent == nullptr || known(data.parent)) &&
         std::all_of(data.interfaces.begin(), data.interfaces.end(), known);
}

RuntimeClass& Machine::declare_class(const ClassData& data) {
  const std::string name(data.name->view());
  const std::string key = lower(name);
  auto declare_failure = [&](std::string message) { fatal_at(std::move(message), data.file->view(), data.line); };
  const ClassData* builtin = builtins_.find_class(key);
  const auto is_taken = [&] { return context_.classes.contains(key) || (builtin != nullptr && builtin != &data); };
  if (is_taken()) declare_failure("Cannot declare class " + name + ", because the name is already in use");
  auto made = std::make_unique<RuntimeClass>();
  made->data = &data;
  made->name = name;
  if (data.parent != nullptr) {
    made->parent = &require_class(data.parent->view());
    const ClassData& parent = *made->parent->data;
    if (parent.flags & kFinal) declare_failure("Class " + name + " cannot extend final class " + made->parent->name);
    if (parent.kind != ClassKind::class_) {
      declare_failure("Class " + name + " cannot extend " +
                      (parent.kind == ClassKind::trait ? "trait " : "interface ") + made->parent->name);
    }
  }
  for (const StringData* each : data.interfaces) {
    RuntimeClass& found = require_class(each->view(), "Interface");
    if (found.data->kind != ClassKind::interface)
      declare_failure(name + " cannot implement " + found.name + " - it is not an interface");
    made->interfaces.push_back(&found);
  }
  if (data.kind == ClassKind::enum_) {
    if (RuntimeClass* unit = find_class("UnitEnum", false)) made->interfaces.push_back(unit);
  }
  for (const StringData* each : data.traits) made->traits.push_back(&find_trait(*made, each->view()));
  link(*made);
  // An autoloader may have declared it meanwhile.
  if (is_taken()) declare_failure("Cannot declare class " + name + ", because the name is already in use");
  RuntimeClass& result = *made;
  if (builtin == nullptr) context_.class_order.push_back(made.get());
  context_.classes.emplace(key, std::move(made));
  return result;
}

void Machine::link_members(RuntimeClass& type) {
  const ClassData& data = *type.data;
  if (type.parent != nullptr) inherit(type, *type.parent);
  for (RuntimeClass* each : type.traits) use_trait(type, *each);
  add_own(type, data, false);
  for (RuntimeClass* each : type.interfaces) inherit_interface(type, *each);
  add_stringable(type);
  check_complete(type);
}

RuntimeClass& Machine::find_trait(const RuntimeClass& user, std::string_view name) {
  RuntimeClass* trait = find_class(name);
  if (trait == nullptr)
    fatal_at("Trait \"" + std::string(name) + "\" not found", user.data->file->view(), user.data->line);
  if (trait->data->kind != ClassKind::trait)
    fatal_at(user.name + " cannot use " + trait->name + " - it is not a trait", user.data->file->view(),
             user.data->line);
  return *trait;
}

void Machine::add_stringable(RuntimeClass& type) {
  const bool has_text = type.find_method("__tostring") != nullptr && type.data->kind != ClassKind::trait;
  if (!has_text || type.name == "Stringable") return;
  RuntimeClass* stringable = find_class("Stringable", false);
  if (stringable != nullptr && !type.is_a(*stringable)) type.interfaces.push_back(stringable);
}

void Machine::inherit(RuntimeClass& type, RuntimeClass& parent) {
  type.methods = parent.methods;
  type.method_order = parent.method_order;
  type.constants = parent.constants;
  type.constant_order = parent.constant_order;
  type.statics = parent.statics;
  type.static_order = parent.static_order;
  type.properties = parent.properties;
}

void Machine::inherit_interface(RuntimeClass& type, RuntimeClass& parent) {
  for (const std::string& name : parent.method_order) {
    if (type.methods.emplace(name, parent.methods.at(name)).second) type.method_order.push_back(name);
  }
  for (const std::string& name : parent.constant_order) {
    if (type.constants.emplace(name, parent.constants.at(name)).second) type.constant_order.push_back(name);
  }
}

void Machine::use_trait(RuntimeClass& type, RuntimeClass& trait) {
  for (const StringData* each : trait.data->traits) use_trait(type, require_class(each->view(), "Trait"));
  add_own(type, *trait.data, true);
}

void Machine::add_own(RuntimeClass& type, const ClassData& data, bool of_trait) {
  for (const ClassConstantData& each : data.constants) {
    const std::string name(each.name->view());
    auto inherited = type.constants.find(name);
    if (inherited != type.constants.end() && (inherited->second.data->flags & kFinal)) {
      fatal_at(
          type.name + "::" + name + " cannot override final constant " + inherited->second.owner->name + "::" + name,
          data.file->view(), data.line);
    }
    if (inherited == type.constants.end()) type.constant_order.push_back(name);
    type.constants[name] = ClassConstant{&each, &type, std::nullopt, false};
  }
  for (const PropertyData& each : data.properties) add_property(type, each);
  for (const FunctionData* each : data.methods) {
    const std::string name = lower(each->name->view());
    auto inherited = type.methods.find(name);
    if (inherited != type.methods.end()) {
      const Method& before = inherited->second;
      if (of_trait && each->body == nullptr) continue;
      if ((before.function->flags & kFinal) && !(before.function->flags & kPrivate) && before.owner != &type) {
        fatal_at("Cannot override final method " + before.owner->name +
                     "::" + std::string(before.function->name->view()) + "()",
                 each->file->view(), each->line);
      }
    } else {
      type.method_order.push_back(name);
    }
    type.methods[name] = Method{each, &type};
  }
}

void Machine::add_property(RuntimeClass& type, const PropertyData& data) {
  const std::string name(data.name->view());
  if (type.parent != nullptr) {
    const PropertyData* before = type.parent->find_property(name);
    if (before == nullptr) {
      if (auto found = type.parent->statics.find(name); found != type.parent->statics.end())
        before = found->second.data;
    }
    auto rank = [](std::uint32_t flags) { return (flags & kPrivate) ? 0 : (flags & kProtected) ? 1 : 2; };
    if (before != nullptr && rank(data.flags) < rank(before->flags)) {
      fatal_at("Access level to " + type.name + "::$" + name + " must be " +
                   (rank(before->flags) == 2 ? "public" : "protected") + " (as in class " + type.parent->name + ")" +
                   (rank(before->flags) == 2 ? "" : " or weaker"),
               type.data->file->view(), type.data->line);
    }
  }
  if (data.flags & kStatic) {
    if (!type.statics.contains(name)) type.static_order.push_back(name);
    type.statics[name] = new_static(type, data);
    return;
  }
  for (InstanceProperty& each : type.properties) {
    const bool is_shadowed = (each.data->flags & kPrivate) && each.owner != &type;
    if (each.data->name->view() != name || is_shadowed) continue;
    each = {&data, &type};
    return;
  }
  type.properties.push_back({&data, &type});
}

StaticProperty Machine::new_static(RuntimeClass& type, const PropertyData& data) {
  return {&data, &type, context_.heap.new_reference(Value()), std::make_shared<bool>(false)};
}

void Machine::check_complete(const RuntimeClass& type) {
  const bool concrete =
      (type.data->kind == ClassKind::class_ || type.data->kind == ClassKind::enum_) && !(type.data->flags & kAbstract);
  if (!concrete) return;
  std::vector<std::string> missing;
  for (const std::string& name : type.method_order) {
    const Method& method = type.methods.at(name);
    if (method.function->body == nullptr)
      missing.push_back(method.owner->name + "::" + std::string(method.function->name->view()));
  }
  if (missing.empty()) return;
  std::string list;
  for (std::size_t i = 0; i < missing.size() && i < 3; ++i) list += (i == 0 ? "" : ", ") + missing[i];
  if (missing.size() > 3) list += ", ...";
  fatal_at("Class " + type.name + " contains " + std::to_string(missing.size()) + " abstract method" +
               (missing.size() == 1 ? "" : "s") +
               " and must therefore be declared abstract or implement the remaining methods (" + list + ")",
           type.data->file->view(), type.data->line);
}

bool Machine::accessible(std::uint32_t flags, const RuntimeClass* owner) const {
  if ((flags & (kPrivate | kProtected)) == 0) return true;
  const RuntimeClass* scope = frame_->scope;
  if (scope == nullptr) return false;
  if (flags & kPrivate) return scope == owner;
  return scope->is_a(*owner) || owner->is_a(*scope);
}

Value Machine::evaluate_in(RuntimeClass& type, const Node& node) {
  Variables none;
  Frame frame;
  frame.variables = &none;
  frame.scope = frame.called = &type;
  frame.file = type.data->file->view();
  frame.line = node.line;
  FrameScope scope(*this, frame);
  return evaluate(node);
}

Value Machine::class_constant(RuntimeClass& type, const std::string& name) {
  auto found = type.constants.find(name);
  if (found == type.constants.end()) throw_error("Error", "Undefined constant " + type.name + "::" + name);
  ClassConstant& constant = found->second;
  if (!accessible(constant.data->flags, constant.owner)) {
    throw_error("Error", std::string("Cannot access ") + ((constant.data->flags & kPrivate) ? "private" : "protected") +
                             " constant " + type.name + "::" + name);
  }
  if (constant.data->flags & kEnumCase) return Value(enum_case(*constant.owner, name));
  if (constant.value) return *constant.value;
  if (constant.evaluating) throw_error("Error", "Cannot declare self-referencing constant " + type.name + "::" + name);
  constant.evaluating = true;
  struct Done {
    bool& flag;
    ~Done() { flag = false; }
  } done{constant.evaluating};
  Value value = evaluate_in(*constant.owner, *constant.data->value);
  constant.value = value;
  return value;
}

std::shared_ptr<Object> Machine::enum_case(RuntimeClass& type, const std::string& name) {
  auto& made = type.enum_cases[name];
  if (made) return made;
  auto object = context_.heap.new_object(type.name, ObjectKind::enum_case);
  object->properties.set(ArrayKey::verbatim("name"), Value(name));
  const ClassConstantData& data = *type.constants.at(name).data;
  if (data.value != nullptr) object->properties.set(ArrayKey::verbatim("value"), evaluate_in(type, *data.value));
  type.enum_cases[name] = object;
  return object;
}

StaticProperty& Machine::static_property(RuntimeClass& type, const std::string& name) {
  auto found = type.statics.find(name);
  if (found == type.statics.end())
    throw_error("Error", "Access to undeclared static property " + type.name + "::$" + name);
  StaticProperty& property = found->second;
  if (!accessible(property.data->flags, property.owner)) {
    throw_error("Error", std::string("Cannot access ") + ((property.data->flags & kPrivate) ? "private" : "protected") +
                             " property " + type.name + "::$" + name);
  }
  if (!type.statics_used) use_statics(type);
  if (!*property.initialised) {
    *property.initialised = true;
    if (property.data->initial != nullptr) property.cell->value = evaluate_in(*property.owner, *property.data->initial);
    if (context_.statics_keeper != nullptr) context_.statics_keeper->initialised(*this, *property.cell);
  }
  return property;
}

// ST-ATT-06: all kept properties of the class, and of those that it inherits from, are loaded together.
void Machine::use_statics(RuntimeClass& type) {
  type.statics_used = true;
  if (context_.statics_keeper == nullptr) return;
  if (type.parent != nullptr && !type.parent->statics_used) use_statics(*type.parent);
  for (const std::string& name : type.static_order) {
    const StaticProperty& property = type.statics.at(name);
    if (property.owner != &type || *property.initialised) continue;
    const DeclaredStatic which{type, property.data->attributes, "$" + name, property.cell};
    if (context_.statics_keeper->load(*this, which)) *property.initialised = true;
  }
}

std::shared_ptr<Object> Machine::new_object(RuntimeClass& type) {
  auto object = context_.heap.new_object(type.name);
  object->properties = default_properties(type);
  keep_for_destructor(type, *object);
  return object;
}

std::shared_ptr<Object> Machine::instantiate(RuntimeClass& type, std::vector<Value> arguments) {
  static constexpr std::string_view kKinds[] = {"abstract class", "interface", "trait", "enum"};
  if (type.data->kind != ClassKind::class_ || (type.data->flags & kAbstract)) {
    throw_error("Error", "Cannot instantiate " + std::string(kKinds[static_cast<std::size_t>(type.data->kind)]) + " " +
                             type.name);
  }
  auto object = new_object(type);
  const RuntimeClass* throwable = find_class("Throwable", false);
  if (throwable != nullptr && type.is_a(*throwable)) {
    object->properties.set(ArrayKey::verbatim("file"), Value(frame_->place().file));
    object->properties.set(ArrayKey::verbatim("line"), Value(frame_->place().line));
  }
  const Method* constructor = type.find_method("__construct");
  if (constructor == nullptr) return object;
  if (!accessible(constructor->function->flags, constructor->owner)) {
    throw_error("Error", std::string("Call to ") +
                             ((constructor->function->flags & kPrivate) ? "private " : "protected ") + type.name +
                             "::__construct() from " +
                             (frame_->scope == nullptr ? "global scope" : "scope " + frame_->scope->name));
  }
  call({constructor->function, nullptr, constructor->owner, &type, object, nullptr}, std::move(arguments));
  return object;
}

}  // namespace assay::reference::php
