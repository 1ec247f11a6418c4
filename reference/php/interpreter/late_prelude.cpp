#include "reference/php/interpreter/late_prelude.h"

#include <cstdlib>

#include "reference/php/compiler/text.h"

namespace assay::reference::php {
namespace {

constexpr std::string_view kDeclarations[] = {"class ", "abstract class ", "final class ", "interface ", "trait "};

std::string declared_in(std::string_view line) {
  for (const std::string_view declaration : kDeclarations) {
    if (!line.starts_with(declaration)) continue;
    line.remove_prefix(declaration.size());
    return lower(line.substr(0, line.find(' ')));
  }
  return "";
}

}  // namespace

std::vector<std::string> LatePrelude::names() const {
  std::vector<std::string> names;
  for (std::string_view rest = source_; !rest.empty();) {
    const std::size_t end = rest.find('\n');
    std::string name = declared_in(rest.substr(0, end));
    if (!name.empty()) names.push_back(std::move(name));
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  }
  return names;
}

void LatePrelude::compile() const {
  const auto compiled = SubsetCompiler().compile(source_, "", arena_);
  if (!compiled) std::abort();  // the text is our own: it compiles, or no test of the subset passes
  script_ = compiled->script;
  for (const ClassData* type : script_->classes) classes_.emplace(lower(type->name->view()), type);
}

const Script& LatePrelude::script() const {
  std::call_once(once_, [this] { compile(); });
  return *script_;
}

const ClassData* LatePrelude::find(const std::string& lower_name) const {
  (void)script();
  const auto found = classes_.find(lower_name);
  return found == classes_.end() ? nullptr : found->second;
}

}  // namespace assay::reference::php
