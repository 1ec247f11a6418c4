// Destructors. An object's runs at the end of the statement in which it was let go, where PHP would run it at once.
#include "reference/php/interpreter/machine.h"

namespace assay::reference::php {

void Machine::destruct_departed() {
  // The statement may be a return, a break or a continue on its way.
  Value returned = std::move(returned_);
  const std::int64_t levels = jump_levels_;
  while (context_.heap.has_departed()) {
    for (const auto& object : context_.heap.take_departed()) destruct(object);
  }
  returned_ = std::move(returned);
  jump_levels_ = levels;
}

void Machine::destruct_all() {
  destruct_departed();
  for (const auto& object : context_.heap.release_kept()) destruct(object);
  destruct_departed();
}

void Machine::keep_for_destructor(const RuntimeClass& type, Object& object) {
  if (type.find_method("__destruct") != nullptr) context_.heap.keep_departed(object);
}

void Machine::destruct(const std::shared_ptr<Object>& object) {
  RuntimeClass& type = class_of(*object);
  if (const Method* destructor = type.find_method("__destruct"))
    call({destructor->function, nullptr, destructor->owner, &type, object, nullptr}, {});
}

}  // namespace assay::reference::php
