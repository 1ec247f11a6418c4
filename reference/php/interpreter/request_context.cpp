#include "reference/php/interpreter/request_context.h"

#include <algorithm>
#include <array>
#include <functional>

#include "reference/php/compiler/text.h"
#include "reference/php/interpreter/shadowed_names.h"

namespace assay::reference::php {

std::size_t RequestContext::StaticsKeyHash::operator()(const StaticsKey& key) const {
  return std::hash<const void*>()(key.function) * 31 + std::hash<const void*>()(key.owner);
}

void RequestContext::note_included(std::string_view path) {
  if (was_included(path)) return;
  included_set_.emplace(path);
  included_files.emplace_back(path);
}

void RequestContext::note_run(const Script& script) {
  if (run_.insert(&script).second) note_included(script.path->view());
}

void RequestContext::report(Diagnostic diagnostic) {
  static constexpr std::array<std::string_view, 5> kNames = {"Notice", "Warning", "Deprecated", "Fatal error",
                                                             "Parse error"};
  if (display.display_errors) {
    output += "\n";
    output += kNames[static_cast<std::size_t>(diagnostic.severity)];
    output +=
        ": " + diagnostic.message + " in " + diagnostic.file + " on line " + std::to_string(diagnostic.line) + "\n";
  }
  diagnostics.push_back(std::move(diagnostic));
}

std::uint64_t RuntimeClass::number_of(const RuntimeClass& owner) const {
  if (&owner == this) return 0;
  const auto found = std::find(ancestry.begin(), ancestry.end(), owner.data);
  return static_cast<std::uint64_t>(found - ancestry.begin()) + 1;
}

bool RuntimeClass::is_a(const RuntimeClass& other) const {
  for (const RuntimeClass* at = this; at != nullptr; at = at->parent) {
    if (at == &other) return true;
    for (const RuntimeClass* each : at->interfaces) {
      if (each->is_a(other)) return true;
    }
  }
  return false;
}

const Method* RuntimeClass::find_method(const std::string& lower_name) const {
  auto found = methods.find(lower_name);
  return found == methods.end() ? nullptr : &found->second;
}

const InstanceProperty* RuntimeClass::property_for(std::string_view property, const RuntimeClass* scope) const {
  const InstanceProperty* nearest = nullptr;
  for (auto each = properties.rbegin(); each != properties.rend(); ++each) {
    if (each->data->name->view() != property) continue;
    if (each->owner == scope && (each->data->flags & kPrivate)) return &*each;
    if (nearest == nullptr) nearest = &*each;
  }
  return nearest;
}

const PropertyData* RuntimeClass::find_property(std::string_view property) const {
  const InstanceProperty* nearest = property_for(property, nullptr);
  return nearest == nullptr ? nullptr : nearest->data;
}

std::string RuntimeClass::key_of(const InstanceProperty& property) const {
  const std::string_view plain = property.data->name->view();
  return property_for(plain, nullptr) == &property ? std::string(plain) : shadowed_name(property.owner->name, plain);
}

}  // namespace assay::reference::php
