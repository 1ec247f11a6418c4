#include "reference/php/compiler/static_attributes.h"

#include <algorithm>
#include <array>
#include <utility>

#include "reference/php/compiler/text.h"

namespace assay::reference::php {
namespace {

constexpr std::array<std::string_view, 2> kParameters = {"ttl", "strategy"};

std::string quoted(const AttributeData& attribute) {
  return "Attribute \"" + std::string(attribute.name->view()) + "\"";
}

// The integer that the text says, where it says one without a name.
std::optional<std::int64_t> written_integer(const Node& node) {
  if (node.kind == NodeKind::literal && node.constant->kind == ConstantKind::integer) return node.constant->integer;
  if (node.kind != NodeKind::unary) return std::nullopt;
  const auto operand = written_integer(*node.child(0));
  if (!operand || static_cast<Operator>(node.op) != Operator::minus) return operand;
  return *operand == 0 ? 0 : -*operand;
}

// Whether the value stands in the text, so that nothing has to be looked up for it.
bool is_literal(const Node& node) {
  if (node.kind == NodeKind::literal || node.kind == NodeKind::array_literal) return true;
  if (node.kind != NodeKind::constant_name) return false;
  const std::string name = lower(node.text->view());
  return name == "null" || name == "true" || name == "false";
}

std::optional<std::string> argument_complaint(std::string_view parameter, const Node& value) {
  const bool is_written = is_literal(value);
  if (parameter == "strategy") {
    if (!is_written) return std::nullopt;
    return "the strategy must be a case of OPcache\\CacheStrategy";
  }
  if (const auto seconds = written_integer(value)) {
    const std::string_view complaint = time_to_live_complaint(*seconds);
    return complaint.empty() ? std::nullopt : std::optional(std::string(complaint));
  }
  if (!is_written) return std::nullopt;
  return "the time to live must be an integer";
}

std::optional<std::string> arguments_complaint(const AttributeData& attribute) {
  std::array<bool, kParameters.size()> given = {};
  std::size_t position = 0;
  if (static_attribute(attribute) == StaticAttribute::pinned)
    return attribute.arguments.empty() ? std::nullopt : std::optional<std::string>("it takes no arguments");
  for (const Node* argument : attribute.arguments) {
    if (argument->op == kSpread) return "Cannot use unpacking in attribute argument list";
    std::size_t index = position++;
    if (argument->text != nullptr) {
      const std::string_view name = argument->text->view();
      index = static_cast<std::size_t>(std::find(kParameters.begin(), kParameters.end(), name) - kParameters.begin());
      if (index == kParameters.size()) return "Unknown named parameter $" + std::string(name);
    }
    if (index >= kParameters.size()) return "it takes at most 2 arguments";
    if (given[index]) return "Named parameter $" + std::string(kParameters[index]) + " overwrites previous argument";
    given[index] = true;
    if (auto complaint = argument_complaint(kParameters[index], *argument->child(0))) return complaint;
  }
  return std::nullopt;
}

}  // namespace

StaticAttribute static_attribute(const AttributeData& attribute) {
  const std::string_view name = attribute.name->view();
  if (equal_ignoring_case(name, "OPcache\\VolatileStatic")) return StaticAttribute::volatile_;
  if (equal_ignoring_case(name, "OPcache\\PinnedStatic")) return StaticAttribute::pinned;
  return StaticAttribute::none;
}

const Node* static_attribute_argument(const AttributeData& attribute, std::string_view parameter) {
  std::size_t position = 0;
  for (const Node* argument : attribute.arguments) {
    const std::string_view name = argument->text != nullptr       ? argument->text->view()
                                  : position < kParameters.size() ? kParameters[position++]
                                                                  : "";
    if (name == parameter) return argument->child(0);
  }
  return nullptr;
}

std::string_view time_to_live_complaint(std::int64_t seconds) {
  return seconds >= 0 ? "" : "the time to live must be greater than or equal to 0";
}

std::optional<std::string> static_attribute_complaint(const List<AttributeData>& attributes, std::string_view target) {
  std::array<bool, 3> seen = {};
  for (const AttributeData& attribute : attributes) {
    const StaticAttribute which = static_attribute(attribute);
    if (which == StaticAttribute::none) continue;
    if (target != "class" && target != "property" && target != "method")
      return quoted(attribute) + " cannot target " + std::string(target) +
             " (allowed targets: class, method, property)";
    if (std::exchange(seen[static_cast<std::size_t>(which)], true)) return quoted(attribute) + " must not be repeated";
    if (const auto complaint = arguments_complaint(attribute)) return quoted(attribute) + ": " + *complaint;
  }
  return std::nullopt;
}

}  // namespace assay::reference::php
