#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "reference/php/compiler/arena.h"
#include "reference/php/compiler/graph.h"

namespace assay::reference::php {

// Makes the structs of one script's graph in an arena. Equal strings become one StringData, so that they are shared
// when the script is persisted (SC-PER-01).
class GraphBuilder {
 public:
  explicit GraphBuilder(Arena& arena) : arena_(arena) {}

  const StringData* string(std::string_view text);

  Node* node(NodeKind kind, std::uint32_t line, std::initializer_list<const Node*> children = {}, std::uint8_t op = 0);
  Node* node_of(NodeKind kind, std::uint32_t line, const std::vector<const Node*>& children, std::uint8_t op = 0);
  Node* named(NodeKind kind, std::uint32_t line, std::string_view text,
              std::initializer_list<const Node*> children = {});

  Node* literal(std::uint32_t line, const Constant& constant);
  Node* literal_string(std::uint32_t line, std::string_view text);
  Node* literal_int(std::uint32_t line, std::int64_t number);
  Node* literal_float(std::uint32_t line, double number);
  Node* literal_bool(std::uint32_t line, bool truth);
  Node* literal_null(std::uint32_t line);

  // A kArrayLiteral of the items, or a kLiteral when all of them are literals whose keys need no message.
  const Node* array(std::uint32_t line, const std::vector<const Node*>& items);

  template <typename T>
  List<T> list(const std::vector<T>& items) {
    return {arena_.copy(items), items.size()};
  }
  template <typename T>
  T* make() {
    return arena_.make<T>();
  }

 private:
  Arena& arena_;
  std::unordered_map<std::string_view, const StringData*> strings_;
};

}  // namespace assay::reference::php
