#include "reference/php/interpreter/builtins.h"

#include "reference/php/compiler/text.h"
#include "reference/php/interpreter/machine.h"

namespace assay::reference::php {

void BuiltinCall::report(Severity severity, std::string message) const {
  machine.report(severity, std::move(message));
}

BuiltinResult BuiltinCall::call_back(const Value& callable, std::vector<Value> callback_arguments) const {
  try {
    return machine.call_value(callable, std::move(callback_arguments));
  } catch (const Thrown& thrown) {
    return tl::unexpected(BuiltinError{"", "", thrown.object});
  }
}

void Builtins::add(std::string_view name, std::size_t least, std::size_t most, BuiltinFunction function,
                   std::uint64_t by_reference) {
  functions_[lower(name)] = Builtin{std::string(name), std::move(function), least, most, by_reference};
}

tl::expected<void, Diagnostic> Builtins::add_prelude(std::string_view source) {
  auto arena = std::make_unique<Arena>();
  auto compiled = ASSAY_TRY(SubsetCompiler().compile(source, "", *arena));
  arenas_.push_back(std::move(arena));
  preludes_.push_back(compiled.script);
  for (const ClassData* type : compiled.script->classes)
    classes_.emplace(lower(type->name->view()), KnownClass{type, nullptr});
  return {};
}

void Builtins::add_prelude(const LatePrelude& prelude) {
  late_preludes_.push_back(&prelude);
  for (const std::string& name : prelude.names()) classes_.emplace(name, KnownClass{nullptr, &prelude});
}

void Builtins::preload(const std::vector<const FunctionData*>& functions,
                       const std::vector<const ClassData*>& classes) {
  preloaded_functions_ = functions;
  preloaded_.insert(functions.begin(), functions.end());
  preloaded_.insert(classes.begin(), classes.end());
  for (const ClassData* type : classes) classes_.emplace(lower(type->name->view()), KnownClass{type, nullptr});
}

const Builtin* Builtins::find(const std::string& lower_name) const {
  auto found = functions_.find(lower_name);
  return found == functions_.end() ? nullptr : &found->second;
}

const ClassData* Builtins::find_class(const std::string& lower_name) const {
  const auto found = classes_.find(lower_name);
  if (found == classes_.end()) return nullptr;
  const KnownClass& known = found->second;
  return known.late != nullptr ? known.late->find(lower_name) : known.data;
}

bool Builtins::is_everywhere(const ClassData& data, const std::string& lower_name) const {
  return find_class(lower_name) == &data;
}

const Value* Builtins::constant(const std::string& name) const {
  auto found = constants_.find(name);
  return found == constants_.end() ? nullptr : &found->second;
}

std::optional<Diagnostic> redeclaration(const FunctionData& function, const RequestContext& context,
                                        const Builtins& builtins) {
  const std::string name(function.name->view());
  const std::string key = lower(name);
  const auto found = context.functions.find(key);
  const bool known = found != context.functions.end();
  if (!known && builtins.find(key) == nullptr) return std::nullopt;
  std::string message = "Cannot redeclare " + name + "()";
  if (known) {
    const FunctionData& earlier = *found->second;
    message +=
        " (previously declared in " + std::string(earlier.file->view()) + ":" + std::to_string(earlier.line) + ")";
  }
  return Diagnostic{Severity::fatal, std::move(message), std::string(function.file->view()), function.line};
}

std::optional<Diagnostic> redeclaration(const Script& script, const RequestContext& context, const Builtins& builtins) {
  for (const FunctionData* function : script.functions) {
    if (auto taken = redeclaration(*function, context, builtins)) return taken;
  }
  return std::nullopt;
}

}  // namespace assay::reference::php
