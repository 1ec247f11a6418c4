#pragma once

#include <cstdint>

#include "reference/php/compiler/graph.h"

namespace assay::reference::php {

// A member as a class has it. The owner is the class itself (0) or one of its ancestry, counted from 1.
template <typename T>
struct LinkedMember {
  const T* data;
  std::uint64_t owner;
};

// What linking a class to its bases came to, for who links it to the same ones again (SC-PER-10). Refers to the graphs of the
// class and of its bases, which outlive it. Lists are in the order of the class; plain, as the graph is, and read-only
// once it is made.
struct LinkedClass {
  const ClassData* type;
  const LinkedClass* earlier;       // the one kept before this one
  List<const ClassData*> ancestry;  // parent, interfaces and traits, each with its own, each once
  List<LinkedMember<FunctionData>> methods;
  List<LinkedMember<ClassConstantData>> constants;
  List<LinkedMember<PropertyData>> statics;
  List<LinkedMember<PropertyData>> properties;
};

// What a copy takes.
std::uint64_t bytes_of(const LinkedClass& linked);

// A copy in a block of bytes_of(), aligned to 8, which refers to nothing of the original but graphs.
LinkedClass* copy_of(const LinkedClass& linked, void* block);

}  // namespace assay::reference::php
