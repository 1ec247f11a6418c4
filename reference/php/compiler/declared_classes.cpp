#include "reference/php/compiler/declared_classes.h"

#include "reference/php/compiler/text.h"

namespace assay::reference::php {
namespace {

// As deep as the parser lets nodes nest.
void collect(const Node* node, std::vector<std::string>& names) {
  if (node == nullptr) return;
  for (const Node* child : node->children) collect(child, names);
  if (node->function != nullptr) collect(node->function->body, names);
  if (node->klass == nullptr) return;
  names.push_back(lower(node->klass->name->view()));
  for (const FunctionData* method : node->klass->methods) collect(method->body, names);
}

}  // namespace

std::vector<std::string> declared_classes(const Script& script) {
  std::vector<std::string> names;
  collect(script.body, names);
  return names;
}

}  // namespace assay::reference::php
