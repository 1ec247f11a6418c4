#include "conformance/adapter/root_text.h"

#include <functional>

namespace assay::conformance {
namespace {

using TextChange = std::function<std::string(std::string)>;

Value changed(const Value& value, const TextChange& change);

Elements changed(const Elements& elements, const TextChange& change) {
  Elements result;
  for (const auto& [key, element] : elements) {
    const auto* text = std::get_if<std::string>(&key);
    result.emplace_back(text ? Key(change(*text)) : key, changed(element, change));
  }
  return result;
}

Value changed(const Value& value, const TextChange& change) {
  if (value.is_string()) return change(value.as_string());
  if (value.is_array()) return changed(value.as_array(), change);
  if (value.is_object()) {
    Object object = value.as_object();
    object.properties = changed(object.properties, change);
    return object;
  }
  if (value.is_reference() && !value.as_reference().content.empty()) {
    Reference reference = value.as_reference();
    reference.content.front() = changed(reference.content.front(), change);
    return reference;
  }
  return value;
}

}  // namespace

std::string with_root(std::string text, const std::string& root) {
  if (text == "@") return root;
  for (std::size_t at = 0; (at = text.find("@/", at)) != std::string::npos; at += root.size())
    text.replace(at, 1, root);
  return text;
}

Value with_root(const Value& value, const std::string& root) {
  return changed(value, [&](std::string text) { return with_root(std::move(text), root); });
}

Operation with_root(Operation operation, const std::string& root) {
  for (Value& argument : operation.arguments) argument = with_root(argument, root);
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

Value without_root(const Value& value, const std::string& root) {
  return changed(value, [&](std::string text) { return without_root(std::move(text), root); });
}

Reply without_root(Reply reply, const std::string& root) {
  reply.value = without_root(reply.value, root);
  reply.error_message = without_root(std::move(reply.error_message), root);
  reply.output = without_root(std::move(reply.output), root);
  for (std::string& line : reply.diagnostics) line = without_root(std::move(line), root);
  return reply;
}

}  // namespace assay::conformance
