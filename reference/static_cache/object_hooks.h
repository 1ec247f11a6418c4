#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <string>

#include "reference/php/value/value.h"
#include "support/error.h"

namespace assay::reference {

// What storing and fetching a value asks of the request about the objects in it: their classes, and the code that these
// have for it. That code may do anything, use the cache as well: it is called while no lock is held (ST-SET-10), and
// what it throws passes through.
class ObjectHooks {
 public:
  static constexpr std::uint64_t kUnlimited = std::numeric_limits<std::uint64_t>::max();

  // How much memory of the request what is restored may need (ST-PRC-15), about as PHP counts it: bytes.
  virtual std::uint64_t most_bytes() { return kUnlimited; }
  // What is stored of an object: its properties, or what it says itself (by `__serialize`, `__sleep`).
  struct State {
    bool is_own = true;  // the properties as they stand; `elements` is empty
    bool by_hook = false;
    Array elements;
    bool is_inner = false;  // of a class whose state is more than properties to PHP (ST-ENC-06)
  };

  virtual ~ObjectHooks() = default;
  // An error: an object of this kind cannot be stored.
  virtual Expected<State> state_of(const std::shared_ptr<Object>& object) = 0;
  // A new object without any constructor having run. An error: there is no such class (ST-ENC-18).
  virtual Expected<std::shared_ptr<Object>> make(const std::string& class_name) = 0;
  virtual Expected<std::shared_ptr<Object>> enum_case(const std::string& class_name, const std::string& name) = 0;
  // Gives a new object what was stored of it, when the whole value is there.
  virtual Expected<void> restore(const std::shared_ptr<Object>& object, Array state) = 0;
};

// Objects by their properties alone, of classes that nobody looks up: where there are no scripts.
class PlainObjects final : public ObjectHooks {
 public:
  explicit PlainObjects(Heap& heap) : heap_(heap) {}
  Expected<State> state_of(const std::shared_ptr<Object>&) override { return State{}; }
  Expected<std::shared_ptr<Object>> make(const std::string& class_name) override {
    return heap_.new_object(class_name);
  }
  Expected<std::shared_ptr<Object>> enum_case(const std::string& class_name, const std::string& name) override {
    auto made = heap_.new_object(class_name, ObjectKind::enum_case);
    made->properties.set(ArrayKey::verbatim("name"), Value(name));
    return made;
  }
  Expected<void> restore(const std::shared_ptr<Object>& object, Array state) override {
    object->properties = std::move(state);
    return {};
  }

 private:
  Heap& heap_;
};

}  // namespace assay::reference
