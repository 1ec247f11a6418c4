#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "reference/php/compiler/graph.h"
#include "reference/php/value/value.h"

namespace assay::reference::php {

struct RuntimeClass;

// A method as a class has it: inherited ones keep their owner; those of a trait belong to the class that uses it.
struct Method {
  const FunctionData* function = nullptr;
  RuntimeClass* owner = nullptr;
};

struct ClassConstant {
  const ClassConstantData* data = nullptr;
  RuntimeClass* owner = nullptr;
  std::optional<Value> value;  // evaluated at the first use
  bool evaluating = false;
};

// A static property. A class that inherits it without declaring it again shares the cell. The cell is filled from the
// declared default at the first use of the class in the request (SC-PER-02); `initialised` says whether it was.
struct StaticProperty {
  const PropertyData* data = nullptr;
  RuntimeClass* owner = nullptr;
  std::shared_ptr<Reference> cell;
  std::shared_ptr<bool> initialised;
};

struct InstanceProperty {
  const PropertyData* data = nullptr;
  RuntimeClass* owner = nullptr;
};

// A class as it is declared in one request: the linked form of a ClassData. Lives as long as the request.
struct RuntimeClass {
  const ClassData* data = nullptr;
  std::string name;
  RuntimeClass* parent = nullptr;
  std::vector<RuntimeClass*> interfaces;            // direct ones
  std::vector<RuntimeClass*> traits;                // direct ones
  std::vector<const ClassData*> ancestry;           // of all of these, each with its own, each once
  std::unordered_map<std::string, Method> methods;  // by lower-case name
  std::vector<std::string> method_order;
  std::unordered_map<std::string, ClassConstant> constants;
  std::vector<std::string> constant_order;
  std::unordered_map<std::string, StaticProperty> statics;
  std::vector<std::string> static_order;
  std::vector<InstanceProperty> properties;
  std::optional<Array> defaults;  // of new objects; evaluated when the first is made
  std::unordered_map<std::string, std::shared_ptr<Object>> enum_cases;
  bool statics_used = false;  // in this request: those that are kept elsewhere were loaded then (ST-ATT-06)

  bool is_a(const RuntimeClass& other) const;
  // Of the class that owns a member: 0 for this one, else its place in the ancestry, from 1.
  std::uint64_t number_of(const RuntimeClass& owner) const;
  const Method* find_method(const std::string& lower_name) const;
  // The nearest of that name.
  const PropertyData* find_property(std::string_view property) const;
  // What code of the class `scope` (null: of none) means by the name; null where no property of that name is declared.
  const InstanceProperty* property_for(std::string_view property, const RuntimeClass* scope) const;
  // Under which key objects of this class hold it (shadowed_names.h).
  std::string key_of(const InstanceProperty& property) const;
};

}  // namespace assay::reference::php
