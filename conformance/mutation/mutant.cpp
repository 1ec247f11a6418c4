#include "conformance/mutation/mutant.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <initializer_list>

#include "conformance/mutation/mutant_files.h"
#include "conformance/vocabulary/value_json.h"

namespace assay::conformance {
namespace {

// Reads one file; what is wrong with it is said with its name and a line.
class MutantReader {
 public:
  MutantReader(const std::string& text, const std::string& name) : text_(text), name_(name) {}

  Expected<Mutant> read() const {
    const Json json = ASSAY_TRY(parsed());
    if (!json.is_object()) return wrong_at(0, "is not a JSON object");
    ASSAY_TRY(check_fields(json, {"defect", "summary", "file", "find", "replace", "edits", "clauses"}));
    Mutant mutant;
    mutant.name = name_;
    mutant.defect = ASSAY_TRY(text_of(json, "defect"));
    mutant.summary = ASSAY_TRY(text_of(json, "summary"));
    mutant.edits = ASSAY_TRY(edits_of(json));
    mutant.clauses = ASSAY_TRY(clauses_of(json));
    return mutant;
  }

 private:
  Expected<Json> parsed() const {
    try {
      return Json::parse(text_);
    } catch (const Json::parse_error& error) {
      const std::string what = error.what();
      const auto colon = what.rfind(": ");
      return wrong_at(error.byte, "is not JSON: " + what.substr(colon == std::string::npos ? 0 : colon + 2));
    }
  }

  Expected<void> check_fields(const Json& object, std::initializer_list<const char*> known) const {
    for (const auto& [field, value] : object.items()) {
      if (std::find(known.begin(), known.end(), field) == known.end())
        return wrong(field, fmt::format("\"{}\" is no field; fields are {}", field, fmt::join(known, ", ")));
    }
    return {};
  }

  Expected<std::string> text_of(const Json& object, const char* field) const {
    if (!object.contains(field) || !object[field].is_string())
      return wrong(field, fmt::format("needs the text \"{}\"", field));
    return object[field].get<std::string>();
  }

  Expected<Edit> edit_of(const Json& object) const {
    Edit edit;
    edit.file = ASSAY_TRY(text_of(object, "file"));
    edit.find = ASSAY_TRY(text_of(object, "find"));
    edit.replace = ASSAY_TRY(text_of(object, "replace"));
    if (edit.find.empty() || edit.find == edit.replace) return wrong("find", "an edit changes nothing");
    return edit;
  }

  // The short form is one edit in the mutant itself.
  Expected<std::vector<Edit>> edits_of(const Json& json) const {
    if (!json.contains("edits")) return std::vector<Edit>{ASSAY_TRY(edit_of(json))};
    for (const char* field : {"file", "find", "replace"}) {
      if (json.contains(field))
        return wrong(field, fmt::format("\"{}\" stands in the edits, or instead of them", field));
    }
    if (!json["edits"].is_array() || json["edits"].empty()) return wrong("edits", "needs a list \"edits\"");
    std::vector<Edit> edits;
    for (const Json& object : json["edits"]) {
      if (!object.is_object()) return wrong("edits", "\"edits\" is a list of {file, find, replace}");
      ASSAY_TRY(check_fields(object, {"file", "find", "replace"}));
      edits.push_back(ASSAY_TRY(edit_of(object)));
    }
    return edits;
  }

  Expected<std::vector<std::string>> clauses_of(const Json& json) const {
    if (!json.contains("clauses") || !json["clauses"].is_array() || json["clauses"].empty())
      return wrong("clauses", "needs a list \"clauses\"");
    std::vector<std::string> clauses;
    for (const Json& clause : json["clauses"]) {
      if (!clause.is_string()) return wrong("clauses", "\"clauses\" is a list of clause ids");
      clauses.push_back(clause.get<std::string>());
    }
    return clauses;
  }

  // At the first place of the field, or at the head of the file where it does not stand.
  tl::unexpected<Error> wrong(const std::string& field, const std::string& what) const {
    const auto place = text_.find(fmt::format("\"{}\"", field));
    return wrong_at(place == std::string::npos ? 0 : place, what);
  }

  tl::unexpected<Error> wrong_at(std::size_t place, const std::string& what) const {
    const auto end = text_.begin() + static_cast<std::ptrdiff_t>(std::min(place, text_.size()));
    return failure(fmt::format("faults/mutants/{}.json:{}: {}", name_, 1 + std::count(text_.begin(), end, '\n'), what));
  }

  const std::string& text_;
  const std::string& name_;
};

Expected<std::vector<Mutant>> read_all() {
  std::vector<Mutant> list;
  for (const auto& [name, text] : mutant_files())
    list.push_back(ASSAY_TRY(mutant_from_json(std::string(text), std::string(name))));
  std::sort(list.begin(), list.end(), [](const Mutant& a, const Mutant& b) { return a.name < b.name; });
  return list;
}

}  // namespace

Expected<Mutant> mutant_from_json(const std::string& text, const std::string& name) {
  return MutantReader(text, name).read();
}

Expected<std::string> planted(const Mutant& mutant, const Edit& edit, const std::string& source) {
  const auto first = source.find(edit.find);
  if (first == std::string::npos || source.find(edit.find, first + 1) != std::string::npos) {
    return failure(fmt::format("faults/mutants/{}.json: its text stands {} in {}; let it follow the source: {}",
                               mutant.name, first == std::string::npos ? "nowhere" : "more than once", edit.file,
                               edit.find));
  }
  return source.substr(0, first) + edit.replace + source.substr(first + edit.find.size());
}

const Expected<std::vector<Mutant>>& all_mutants() {
  static const Expected<std::vector<Mutant>> mutants = read_all();
  return mutants;
}

std::vector<std::string> mutants_that_break(std::string_view clause) {
  std::vector<std::string> names;
  if (!all_mutants()) return names;
  for (const Mutant& mutant : *all_mutants()) {
    if (std::count(mutant.clauses.begin(), mutant.clauses.end(), clause) > 0) names.push_back(mutant.name);
  }
  return names;
}

}  // namespace assay::conformance
