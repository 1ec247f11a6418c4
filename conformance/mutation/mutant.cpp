#include "conformance/mutation/mutant.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <stdexcept>

#include "conformance/mutation/mutant_files.h"
#include "conformance/vocabulary/value_json.h"

namespace assay::conformance {

Expected<Mutant> mutant_from_json(const std::string& text, const std::string& name) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return failure(fmt::format("mutant {}: not a JSON object", name));
  Mutant mutant;
  mutant.name = name;
  const std::pair<const char*, std::string*> fields[] = {{"defect", &mutant.defect},
                                                         {"summary", &mutant.summary},
                                                         {"file", &mutant.file},
                                                         {"find", &mutant.find},
                                                         {"replace", &mutant.replace}};
  for (const auto& [field, into] : fields) {
    if (!json.contains(field) || !json[field].is_string())
      return failure(fmt::format("mutant {}: needs the text \"{}\"", name, field));
    *into = json[field].get<std::string>();
  }
  if (!json.contains("clauses") || !json["clauses"].is_array() || json["clauses"].empty()) {
    return failure(fmt::format("mutant {}: needs a list \"clauses\"", name));
  }
  for (const Json& clause : json["clauses"]) {
    if (!clause.is_string()) return failure(fmt::format("mutant {}: \"clauses\" is a list of clause ids", name));
    mutant.clauses.push_back(clause.get<std::string>());
  }
  if (json.size() != 6) return failure(fmt::format("mutant {}: has a field that is not known", name));
  if (mutant.find.empty() || mutant.find == mutant.replace)
    return failure(fmt::format("mutant {}: changes nothing", name));
  return mutant;
}

Expected<std::string> planted(const Mutant& mutant, const std::string& source) {
  const auto first = source.find(mutant.find);
  if (first == std::string::npos || source.find(mutant.find, first + 1) != std::string::npos) {
    return failure(fmt::format("mutant {}: its text stands {} in {}; let it follow the source", mutant.name,
                               first == std::string::npos ? "nowhere" : "more than once", mutant.file));
  }
  return source.substr(0, first) + mutant.replace + source.substr(first + mutant.find.size());
}

std::span<const Mutant> all_mutants() {
  static const std::vector<Mutant> mutants = [] {
    std::vector<Mutant> list;
    for (const auto& [name, text] : mutant_files()) {
      auto mutant = mutant_from_json(std::string(text), std::string(name));
      if (!mutant) throw std::logic_error(mutant.error().message);
      list.push_back(std::move(*mutant));
    }
    std::sort(list.begin(), list.end(), [](const Mutant& a, const Mutant& b) { return a.name < b.name; });
    return list;
  }();
  return mutants;
}

}  // namespace assay::conformance
