#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "reference/php/compiler/graph.h"
#include "support/error.h"

namespace assay::reference::php {

// May answer a string of the same bytes that stands in memory at least as lasting as the block (a shared buffer of
// interned strings), or decline with nullptr: the string is then copied into the block.
using InternString = std::function<const StringData*(const StringData&)>;

// Copies a script's graph into one block, in two passes (SC-PER-01, SC-ALL-02): the size pass, in the constructor,
// finds every structure once, asks `intern` once for each distinct string, and adds up the bytes; the copy pass copies
// each structure once and translates all pointers to it. The copy refers to nothing but itself and interned strings,
// and is never written to again.
//
// Not thread-safe. The script must not change or go between the passes. A persisted script can be persisted again.
class Persister {
 public:
  explicit Persister(const Script& script, InternString intern = {});

  // Exactly what copy() uses: a multiple of 8 bytes.
  std::size_t size() const { return size_; }

  // The copy of the script within the block. `block` must be aligned to 8 bytes and `bytes` at least size(); the bytes
  // beyond are untouched. An error means that the passes disagree or the block does not fit, and leaves the block in an
  // undefined state.
  Expected<const Script*> copy(void* block, std::size_t bytes);

 private:
  struct Pending {
    void (*fix)(Persister&, void*, std::uint64_t);
    void* items;
    std::uint64_t count;
  };

  const Script* run();
  void* place(const void* old, std::size_t bytes);
  const StringData* visit_string(const StringData* old);
  template <typename T>
  const T* visit(const T* old, std::uint64_t count = 1);
  template <typename T>
  void visit_list(List<T>& list);
  template <typename T>
  static void fix_all(Persister& persister, void* items, std::uint64_t count);

  void fix(Script& script);
  void fix(Node& node);
  void fix(Constant& constant);
  void fix(ConstantArray& array);
  void fix(ConstantElement& element);
  void fix(FunctionData& function);
  void fix(ParameterData& parameter);
  void fix(ClosureUse& use);
  void fix(AttributeData& attribute);
  void fix(ClassData& type);
  void fix(ClassConstantData& constant);
  void fix(CompileWarning& warning);
  void fix(PropertyData& property);
  void fix(const Node*& node) { node = visit(node); }
  void fix(const FunctionData*& function) { function = visit(function); }
  void fix(const ClassData*& type) { type = visit(type); }
  void fix(const StringData*& string) { string = visit_string(string); }

  const Script& script_;
  InternString intern_;
  std::unordered_map<const StringData*, const StringData*> interned_;
  std::unordered_map<const void*, void*> translation_;
  std::vector<Pending> pending_;
  std::byte* block_ = nullptr;  // null: the size pass
  std::size_t capacity_ = 0;
  std::size_t used_ = 0;
  std::size_t size_ = 0;
};

// The bytes that a copy without interned strings takes.
std::size_t measure(const Script& script);

}  // namespace assay::reference::php
