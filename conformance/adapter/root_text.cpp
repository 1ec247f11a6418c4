#include "conformance/adapter/root_text.h"

#include <algorithm>
#include <functional>

namespace assay::conformance {
namespace {

// What is done to each text that has `mark` in it.
struct TextChange {
  const std::string& mark;
  std::function<std::string(std::string)> change;

  bool concerns(const std::string& text) const { return text.find(mark) != std::string::npos; }
};

bool concerns(const TextChange& change, const Value& value);

bool concerns(const TextChange& change, const Elements& elements) {
  return std::any_of(elements.begin(), elements.end(), [&](const auto& element) {
    const auto* text = std::get_if<std::string>(&element.first);
    return (text && change.concerns(*text)) || concerns(change, element.second);
  });
}

bool concerns(const TextChange& change, const Value& value) {
  if (value.is_string()) return change.concerns(value.as_string());
  if (value.is_array()) return concerns(change, value.as_array());
  if (value.is_object()) return concerns(change, value.as_object().properties);
  if (!value.is_reference()) return false;
  const auto& content = value.as_reference().content;
  return std::any_of(content.begin(), content.end(), [&](const Value& each) { return concerns(change, each); });
}

void apply(const TextChange& change, Value& value);

void apply(const TextChange& change, Elements& elements) {
  for (auto& [key, element] : elements) {
    if (auto* text = std::get_if<std::string>(&key); text && change.concerns(*text))
      *text = change.change(std::move(*text));
    apply(change, element);
  }
}

void apply(const TextChange& change, Value& value) {
  if (value.is_string()) {
    if (change.concerns(value.as_string())) value = change.change(value.as_string());
  } else if (value.is_array()) {
    apply(change, value.own_array());
  } else if (value.is_object()) {
    apply(change, value.own_object().properties);
  } else if (value.is_reference()) {
    for (Value& content : value.own_reference().content) apply(change, content);
  }
}

// Most values have nothing to change, and stay shared.
Value changed(const TextChange& change, Value value) {
  if (concerns(change, value)) apply(change, value);
  return value;
}

const std::string kMark = "@";

}  // namespace

std::string with_root(std::string text, const std::string& root) {
  if (text == kMark) return root;
  for (std::size_t at = 0; (at = text.find("@/", at)) != std::string::npos; at += root.size())
    text.replace(at, 1, root);
  return text;
}

Value with_root(Value value, const std::string& root) {
  return changed({kMark, [&](std::string text) { return with_root(std::move(text), root); }}, std::move(value));
}

Operation with_root(Operation operation, const std::string& root) {
  for (Value& argument : operation.arguments) argument = with_root(std::move(argument), root);
  return operation;
}

Configuration with_root(Configuration configuration, const std::string& root) {
  for (auto& [name, text] : configuration.ini) text = with_root(std::move(text), root);
  for (Pool& pool : configuration.pools) {
    for (auto& [name, text] : pool.ini) text = with_root(std::move(text), root);
  }
  return configuration;
}

std::string without_root(std::string text, const std::string& root) {
  if (root.empty()) return text;  // it would be found everywhere
  for (std::size_t at = 0; (at = text.find(root, at)) != std::string::npos; ++at) text.replace(at, root.size(), "@");
  return text;
}

Value without_root(Value value, const std::string& root) {
  if (root.empty()) return value;
  return changed({root, [&](std::string text) { return without_root(std::move(text), root); }}, std::move(value));
}

Reply without_root(Reply reply, const std::string& root) {
  reply.value = without_root(std::move(reply.value), root);
  reply.error_message = without_root(std::move(reply.error_message), root);
  reply.output = without_root(std::move(reply.output), root);
  for (std::string& line : reply.diagnostics) line = without_root(std::move(line), root);
  return reply;
}

}  // namespace assay::conformance
