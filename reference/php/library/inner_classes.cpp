#include "reference/php/library/inner_classes.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace assay::reference::php {
namespace {

constexpr std::array<std::string_view, 5> kDates = {"DateTime", "DateTimeImmutable", "DateTimeZone", "DateInterval",
                                                    "DatePeriod"};
constexpr std::array<std::string_view, 7> kCollections = {"ArrayObject",         "ArrayIterator",    "SplFixedArray",
                                                          "SplDoublyLinkedList", "SplObjectStorage", "SplHeap",
                                                          "SplPriorityQueue"};

}  // namespace

InnerState inner_state_of(const RuntimeClass& type) {
  const RuntimeClass* root = &type;
  while (root->parent != nullptr) root = root->parent;
  if (root->data->file->size != 0) return InnerState::none;
  const auto among = [&](const auto& names) {
    return std::find(names.begin(), names.end(), root->name) != names.end();
  };
  return among(kDates) ? InnerState::date : among(kCollections) ? InnerState::collection : InnerState::none;
}

}  // namespace assay::reference::php
