#include "reference/php/compiler/persist.h"

#include <cstring>

namespace assay::reference::php {

Persister::Persister(const Script& script, InternString intern) : script_(script), intern_(std::move(intern)) {
  run();
  size_ = used_;
}

Expected<const Script*> Persister::copy(void* block, std::size_t bytes) {
  if (reinterpret_cast<std::uintptr_t>(block) % 8 != 0) {
    return failure("The block for a script is not aligned to 8 bytes; allocate it aligned");
  }
  if (bytes < size_) {
    return failure("The block for a script has " + std::to_string(bytes) + " bytes, but " + std::to_string(size_) +
                   " are needed; allocate size() bytes");
  }
  block_ = static_cast<std::byte*>(block);
  capacity_ = size_;
  const Script* copied = run();
  block_ = nullptr;
  if (copied == nullptr || used_ != size_) {
    return failure("The size pass counted " + std::to_string(size_) + " bytes and the copy pass " +
                   std::to_string(used_) + "; the script must not change between them");
  }
  return copied;
}

// One pass. Structures wait in a list, not on the stack, so that any depth of nesting will do.
const Script* Persister::run() {
  translation_.clear();
  used_ = 0;
  const Script* root = visit(&script_);
  while (!pending_.empty()) {
    const Pending next = pending_.back();
    pending_.pop_back();
    next.fix(*this, next.items, next.count);
  }
  return used_ > size_ && block_ != nullptr ? nullptr : root;
}

// Room for the structure. Without a block, or beyond its end, only counted: the answer is then null.
void* Persister::place(const void* old, std::size_t bytes) {
  const std::size_t at = used_;
  used_ += (bytes + 7) & ~std::size_t{7};
  if (block_ == nullptr || used_ > capacity_) return nullptr;
  std::memset(block_ + at, 0, used_ - at);
  std::memcpy(block_ + at, old, bytes);
  return block_ + at;
}

template <typename T>
const T* Persister::visit(const T* old, std::uint64_t count) {
  if (old == nullptr || count == 0) return nullptr;
  auto [entry, fresh] = translation_.emplace(old, nullptr);
  if (!fresh) return static_cast<const T*>(entry->second);
  void* items = place(old, sizeof(T) * count);
  entry->second = items;
  // The size pass walks the original; its fixes go to copies on the stack.
  pending_.push_back({&Persister::fix_all<T>, items == nullptr ? const_cast<T*>(old) : items, count});
  return static_cast<const T*>(items);
}

template <typename T>
void Persister::fix_all(Persister& persister, void* items, std::uint64_t count) {
  T* list = static_cast<T*>(items);
  const auto* bytes = static_cast<const std::byte*>(items);
  const bool copied =
      persister.block_ != nullptr && bytes >= persister.block_ && bytes < persister.block_ + persister.capacity_;
  for (std::uint64_t i = 0; i < count; ++i) {
    if (copied) {
      persister.fix(list[i]);
    } else {
      T item = list[i];
      persister.fix(item);
    }
  }
}

template <typename T>
void Persister::visit_list(List<T>& list) {
  list.items = visit(list.items, list.count);
}

// A string stands with its bytes, ended by a zero, in one piece.
const StringData* Persister::visit_string(const StringData* old) {
  if (old == nullptr) return nullptr;
  if (intern_) {
    auto [known, fresh] = interned_.emplace(old, nullptr);
    if (fresh) known->second = intern_(*old);
    if (known->second != nullptr) return known->second;
  }
  auto [entry, fresh] = translation_.emplace(old, nullptr);
  if (!fresh) return static_cast<const StringData*>(entry->second);
  auto* copied = static_cast<StringData*>(place(old, sizeof(StringData)));
  const std::size_t at = used_;
  used_ += (old->size + 8) & ~std::size_t{7};
  entry->second = copied;
  if (copied == nullptr || used_ > capacity_) return nullptr;
  char* bytes = reinterpret_cast<char*>(block_ + at);
  std::memset(bytes, 0, used_ - at);
  std::memcpy(bytes, old->bytes, old->size);
  copied->bytes = bytes;
  return copied;
}

void Persister::fix(Script& script) {
  fix(script.path);
  fix(script.directory);
  fix(script.body);
  visit_list(script.functions);
  visit_list(script.classes);
  visit_list(script.warnings);
}

void Persister::fix(Node& node) {
  fix(node.text);
  visit_list(node.children);
  node.constant = visit(node.constant);
  fix(node.function);
  fix(node.klass);
}

void Persister::fix(Constant& constant) {
  if (constant.kind == ConstantKind::string) fix(constant.string);
  if (constant.kind == ConstantKind::array) constant.array = visit(constant.array);
}

void Persister::fix(ConstantArray& array) {
  visit_list(array.elements);
}

void Persister::fix(ConstantElement& element) {
  fix(element.key);
  fix(element.value);
}

void Persister::fix(FunctionData& function) {
  fix(function.name);
  visit_list(function.parameters);
  visit_list(function.uses);
  fix(function.body);
  visit_list(function.attributes);
  fix(function.file);
}

void Persister::fix(ParameterData& parameter) {
  fix(parameter.name);
  fix(parameter.initial);
  fix(parameter.type);
}

void Persister::fix(ClosureUse& use) {
  fix(use.name);
}

void Persister::fix(AttributeData& attribute) {
  fix(attribute.name);
  visit_list(attribute.arguments);
}

void Persister::fix(ClassData& type) {
  fix(type.name);
  fix(type.parent);
  visit_list(type.interfaces);
  visit_list(type.traits);
  visit_list(type.constants);
  visit_list(type.properties);
  visit_list(type.methods);
  visit_list(type.attributes);
  fix(type.file);
}

void Persister::fix(ClassConstantData& constant) {
  fix(constant.name);
  fix(constant.value);
}

void Persister::fix(CompileWarning& warning) {
  fix(warning.message);
}

void Persister::fix(PropertyData& property) {
  fix(property.name);
  fix(property.initial);
  visit_list(property.attributes);
}

std::size_t measure(const Script& script) {
  return Persister(script).size();
}

}  // namespace assay::reference::php
