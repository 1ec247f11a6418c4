#include "reference/php/compiler/linked_class.h"

#include <cstddef>
#include <cstring>
#include <new>

namespace assay::reference::php {
namespace {

template <typename T>
std::uint64_t bytes_of_list(const List<T>& list) {
  return sizeof(T) * list.count;
}

template <typename T>
void move_list(List<T>& list, std::byte*& place) {
  if (list.empty()) return;
  std::memcpy(place, list.items, bytes_of_list(list));
  list.items = reinterpret_cast<const T*>(place);
  place += bytes_of_list(list);
}

}  // namespace

std::uint64_t bytes_of(const LinkedClass& linked) {
  return sizeof(LinkedClass) + bytes_of_list(linked.ancestry) + bytes_of_list(linked.methods) +
         bytes_of_list(linked.constants) + bytes_of_list(linked.statics) + bytes_of_list(linked.properties);
}

LinkedClass* copy_of(const LinkedClass& linked, void* block) {
  auto* copy = new (block) LinkedClass(linked);
  std::byte* place = static_cast<std::byte*>(block) + sizeof(LinkedClass);
  move_list(copy->ancestry, place);
  move_list(copy->methods, place);
  move_list(copy->constants, place);
  move_list(copy->statics, place);
  move_list(copy->properties, place);
  return copy;
}

}  // namespace assay::reference::php
