#pragma once

#include <cstdint>
#include <string>

#include "reference/php/compiler/graph.h"
#include "reference/php/interpreter/runtime_class.h"
#include "reference/php/value/value.h"

namespace assay::reference::php {

class Machine;

// A static property, or a static variable of a method: what an attribute may stand for. `member` names it within the
// class that declares it: `$property`, or `method()::$variable`, the method in lower case.
struct DeclaredStatic {
  RuntimeClass& owner;
  const List<AttributeData>& attributes;  // its own, not those of the class
  std::string member;
  const std::shared_ptr<Reference>& cell;
};

// Who keeps declared statics from one request to the next. The interpreter tells of each use; without a keeper
// attributes have no effect. Belongs to the worker, serves one request at a time. Each function may throw what unwinds
// the machine, as running code does.
class StaticsKeeper {
 public:
  // What a write changed: the static itself, an element of the array in it, or something inside an object in it.
  enum class Write : std::uint8_t { whole, element, inside_object };

  virtual ~StaticsKeeper() = default;
  // At the first use in the request, before an initial value is evaluated: whether the cell has a kept value now.
  virtual bool load(Machine& machine, const DeclaredStatic& which) = 0;
  // The cell has its initial value, because load() had none.
  virtual void initialised(Machine& machine, const Reference& cell) = 0;
  // After the write, whatever name it went by.
  virtual void written(Machine& machine, const Reference& cell, Write how) = 0;
};

}  // namespace assay::reference::php
