#include "reference/php/compiler/graph_builder.h"

#include <cstring>
#include <limits>
#include <optional>

#include "reference/php/value/value.h"

namespace assay::reference::php {

const StringData* GraphBuilder::string(std::string_view text) {
  if (auto found = strings_.find(text); found != strings_.end()) return found->second;
  char* bytes = static_cast<char*>(arena_.allocate(text.size() + 1));
  if (!text.empty()) std::memcpy(bytes, text.data(), text.size());
  auto* data = arena_.make<StringData>();
  data->bytes = bytes;
  data->size = text.size();
  strings_.emplace(data->view(), data);
  return data;
}

Node* GraphBuilder::node(NodeKind kind, std::uint32_t line, std::initializer_list<const Node*> children,
                         std::uint8_t op) {
  return node_of(kind, line, std::vector<const Node*>(children), op);
}

Node* GraphBuilder::node_of(NodeKind kind, std::uint32_t line, const std::vector<const Node*>& children,
                            std::uint8_t op) {
  Node* made = arena_.make<Node>();
  made->kind = kind;
  made->line = line;
  made->op = op;
  made->children = list(children);
  return made;
}

Node* GraphBuilder::named(NodeKind kind, std::uint32_t line, std::string_view text,
                          std::initializer_list<const Node*> children) {
  Node* made = node(kind, line, children);
  made->text = string(text);
  return made;
}

Node* GraphBuilder::literal(std::uint32_t line, const Constant& constant) {
  Node* made = node(NodeKind::literal, line);
  auto* kept = arena_.make<Constant>();
  *kept = constant;
  made->constant = kept;
  return made;
}

Node* GraphBuilder::literal_string(std::uint32_t line, std::string_view text) {
  Constant constant{};
  constant.kind = ConstantKind::string;
  constant.string = string(text);
  return literal(line, constant);
}

Node* GraphBuilder::literal_int(std::uint32_t line, std::int64_t number) {
  Constant constant{};
  constant.kind = ConstantKind::integer;
  constant.integer = number;
  return literal(line, constant);
}

Node* GraphBuilder::literal_float(std::uint32_t line, double number) {
  Constant constant{};
  constant.kind = ConstantKind::real;
  constant.real = number;
  return literal(line, constant);
}

Node* GraphBuilder::literal_bool(std::uint32_t line, bool truth) {
  Constant constant{};
  constant.kind = ConstantKind::boolean;
  constant.integer = truth ? 1 : 0;
  return literal(line, constant);
}

Node* GraphBuilder::literal_null(std::uint32_t line) {
  return literal(line, Constant{});
}

namespace {

// The normalised key, or nothing when it takes run time to say what it is (floats, nulls, arrays).
std::optional<ArrayKey> literal_key(const Constant& constant) {
  if (constant.kind == ConstantKind::integer || constant.kind == ConstantKind::boolean)
    return ArrayKey(constant.integer);
  if (constant.kind == ConstantKind::string) return ArrayKey::from_string(constant.string->view());
  return std::nullopt;
}

}  // namespace

const Node* GraphBuilder::array(std::uint32_t line, const std::vector<const Node*>& items) {
  std::vector<ConstantElement> elements;
  std::optional<std::int64_t> next;
  const auto open = [&] { return node_of(NodeKind::array_literal, line, items); };
  for (const Node* item : items) {
    if (item == nullptr || item->op != kByValue || item->child(1)->kind != NodeKind::literal) return open();
    ConstantElement element{};
    std::optional<ArrayKey> key;
    if (const Node* written = item->child(0); written == nullptr) {
      key = ArrayKey(next.value_or(0));
    } else if (written->kind == NodeKind::literal) {
      key = literal_key(*written->constant);
    }
    if (!key) return open();
    if (key->is_int()) {
      if (key->as_int() == std::numeric_limits<std::int64_t>::max()) return open();
      next = std::max(next.value_or(key->as_int() + 1), key->as_int() + 1);
      element.key.kind = ConstantKind::integer;
      element.key.integer = key->as_int();
    } else {
      element.key.kind = ConstantKind::string;
      element.key.string = string(key->as_string());
    }
    element.value = *item->child(1)->constant;
    elements.push_back(element);
  }
  auto* data = arena_.make<ConstantArray>();
  data->elements = list(elements);
  Constant constant{};
  constant.kind = ConstantKind::array;
  constant.array = data;
  return literal(line, constant);
}

}  // namespace assay::reference::php
