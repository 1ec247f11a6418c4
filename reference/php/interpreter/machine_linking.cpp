#include <algorithm>

#include "reference/php/compiler/text.h"
#include "reference/php/interpreter/linked_class_keeper.h"
#include "reference/php/interpreter/machine.h"

// Linking a class to its bases: from a kept form of it, or anew (SC-PER-10).
namespace assay::reference::php {
namespace {

template <typename T>
List<T> list_of(const std::vector<T>& items) {
  return {items.data(), items.size()};
}

void add_once(std::vector<const ClassData*>& list, const ClassData* data) {
  if (std::find(list.begin(), list.end(), data) == list.end()) list.push_back(data);
}

void add_base(std::vector<const ClassData*>& ancestry, const RuntimeClass& base) {
  add_once(ancestry, base.data);
  for (const ClassData* each : base.ancestry) add_once(ancestry, each);
}

// The members of a class by name, in their order, with the numbers of their owners.
template <typename T, typename Members, typename DataOf>
std::vector<LinkedMember<T>> members_of(const RuntimeClass& type, const std::vector<std::string>& order,
                                        const Members& members, DataOf data_of) {
  std::vector<LinkedMember<T>> found;
  for (const std::string& name : order) {
    const auto& member = members.at(name);
    found.push_back({data_of(member), type.number_of(*member.owner)});
  }
  return found;
}

}  // namespace

void Machine::note_ancestry(RuntimeClass& type) {
  if (type.parent != nullptr) add_base(type.ancestry, *type.parent);
  for (const RuntimeClass* each : type.interfaces) add_base(type.ancestry, *each);
  for (const RuntimeClass* each : type.traits) add_base(type.ancestry, *each);
}

// What was complete when its file was stored, what is there in each request, and what is not stored is linked anew.
LinkedClassKeeper* Machine::keeper_for(const RuntimeClass& type) const {
  LinkedClassKeeper* keeper = context_.linked_classes;
  const bool is_kept = keeper != nullptr && (type.data->flags & kComplete) == 0 && keeper->lasts(type.data) &&
                       builtins_.find_class(lower(type.name)) != type.data;
  return is_kept ? keeper : nullptr;
}

void Machine::link(RuntimeClass& type) {
  note_ancestry(type);
  LinkedClassKeeper* keeper = keeper_for(type);
  const LinkedClass* linked = keeper != nullptr ? keeper->find(*type.data, list_of(type.ancestry)) : nullptr;
  if (linked != nullptr) return link_as(type, *linked);
  link_members(type);
  if (keeper != nullptr && bases_last(type, *keeper)) keep_links(type, *keeper);
}

bool Machine::bases_last(const RuntimeClass& type, const LinkedClassKeeper& keeper) const {
  return std::all_of(type.ancestry.begin(), type.ancestry.end(), [&](const ClassData* each) {
    return keeper.lasts(each) || builtins_.is_everywhere(*each, lower(each->name->view()));
  });
}

void Machine::keep_links(const RuntimeClass& type, LinkedClassKeeper& keeper) const {
  const auto data = [](const auto& member) { return member.data; };
  const auto methods = members_of<FunctionData>(type, type.method_order, type.methods,
                                                [](const Method& method) { return method.function; });
  const auto constants = members_of<ClassConstantData>(type, type.constant_order, type.constants, data);
  const auto statics = members_of<PropertyData>(type, type.static_order, type.statics, data);
  std::vector<LinkedMember<PropertyData>> properties;
  for (const InstanceProperty& each : type.properties) properties.push_back({each.data, type.number_of(*each.owner)});
  keeper.keep({.type = type.data,
               .earlier = nullptr,
               .ancestry = list_of(type.ancestry),
               .methods = list_of(methods),
               .constants = list_of(constants),
               .statics = list_of(statics),
               .properties = list_of(properties)});
}

// Everything was checked when it was linked first.
void Machine::link_as(RuntimeClass& type, const LinkedClass& linked) {
  std::vector<RuntimeClass*> owners = {&type};
  for (const ClassData* each : linked.ancestry) owners.push_back(find_class(each->name->view(), false));
  for (const auto& [function, owner] : linked.methods) {
    type.method_order.push_back(lower(function->name->view()));
    type.methods.emplace(type.method_order.back(), Method{function, owners[owner]});
  }
  for (const auto& [data, owner] : linked.constants) {
    type.constant_order.emplace_back(data->name->view());
    type.constants.emplace(type.constant_order.back(), ClassConstant{data, owners[owner], std::nullopt, false});
  }
  for (const auto& [data, owner] : linked.statics) {
    type.static_order.emplace_back(data->name->view());
    const std::string& name = type.static_order.back();
    type.statics.emplace(name, owner == 0 ? new_static(type, *data) : type.parent->statics.at(name));
  }
  for (const auto& [data, owner] : linked.properties) type.properties.push_back({data, owners[owner]});
  add_stringable(type);
}

}  // namespace assay::reference::php
