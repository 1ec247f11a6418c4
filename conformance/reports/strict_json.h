#pragma once

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "conformance/vocabulary/value_json.h"

namespace assay::conformance {

// Reads one JSON object field by field and remembers the first thing that is wrong with it, so that a reader is a plain
// list of fields. REQUIRES: done() at the end, which also finds the fields that nobody asked for.
//
//   StrictObject object(json, "suite", error);
//   object.text("version", suite.version);
//   object.done();  // `error` says what was wrong; empty: nothing
//
// Reports through `error` ("field \"suite.seed\": a number from 0 is needed"); after the first error nothing is read.
class StrictObject {
 public:
  // `where` names the object in messages; empty for the outermost. `error` is shared with the objects inside it.
  StrictObject(const Json& json, std::string where, std::string& error)
      : json_(json), where_(std::move(where)), error_(error) {
    if (error_.empty() && !json_.is_object()) error_ = fmt::format("{}: an object is needed", label());
  }

  void text(const char* name, std::string& into) {
    if (const Json* field = find(name, &Json::is_string, "a text")) into = field->get<std::string>();
  }
  void optional_text(const char* name, std::string& into) {
    if (json_.is_object() && json_.contains(name)) text(name, into);
  }
  void text_or_null(const char* name, std::string& into) {
    const Json* field = find(name);
    if (field && field->is_string()) into = field->get<std::string>();
    if (field && !field->is_string() && !field->is_null()) wrong(name, "a text or null is needed");
  }
  void boolean(const char* name, bool& into) {
    if (const Json* field = find(name, &Json::is_boolean, "true or false")) into = field->get<bool>();
  }
  void count(const char* name, std::uint64_t& into) {
    if (const Json* field = find(name, &Json::is_number_unsigned, "a whole number from 0"))
      into = field->get<std::uint64_t>();
  }
  void seconds(const char* name, double& into) {
    const Json* field = find(name, &Json::is_number, "a number from 0");
    if (field && field->get<double>() < 0)
      wrong(name, "a number from 0 is needed");
    else if (field)
      into = field->get<double>();
  }
  void texts(const char* name, std::vector<std::string>& into) {
    if (const Json* field = find(name, &Json::is_array, "a list")) {
      for (const Json& item : *field) {
        if (!item.is_string()) return wrong(name, "a list of texts is needed");
        into.push_back(item.get<std::string>());
      }
    }
  }
  void texts(const char* name, std::set<std::string>& into) {
    std::vector<std::string> list;
    texts(name, list);
    into.insert(list.begin(), list.end());
    if (into.size() != list.size()) wrong(name, "each text may stand there once only");
  }
  void texts_by_name(const char* name, std::map<std::string, std::string>& into) {
    if (const Json* field = find(name, &Json::is_object, "an object")) {
      for (const auto& [key, item] : field->items()) {
        if (!item.is_string()) return wrong(name, "texts by name are needed");
        into[key] = item.get<std::string>();
      }
    }
  }

  // The field itself, or nullptr after an error.
  const Json* object(const char* name) { return find(name, &Json::is_object, "an object"); }
  const Json* list(const char* name) { return find(name, &Json::is_array, "a list"); }

  void wrong(const char* name, const std::string& what) {
    if (error_.empty()) error_ = fmt::format("field \"{}\": {}", path(name), what);
  }
  std::string path(const std::string& name) const { return where_.empty() ? name : where_ + "." + name; }

  void done() {
    if (!error_.empty()) return;
    for (const auto& [name, value] : json_.items()) {
      if (asked_.count(name) == 0) {
        error_ = fmt::format("unknown field \"{}\"", path(name));
        return;
      }
    }
  }

 private:
  std::string label() const { return where_.empty() ? "the file" : fmt::format("field \"{}\"", where_); }

  const Json* find(const char* name) {
    asked_.insert(name);
    if (!error_.empty()) return nullptr;
    const auto found = json_.find(name);
    if (found != json_.end()) return &*found;
    error_ = fmt::format("field \"{}\" is missing", path(name));
    return nullptr;
  }
  const Json* find(const char* name, bool (Json::*is_type)() const noexcept, const char* needed) {
    const Json* field = find(name);
    if (field && !(field->*is_type)()) {
      wrong(name, fmt::format("{} is needed", needed));
      return nullptr;
    }
    return field;
  }

  const Json& json_;
  const std::string where_;
  std::string& error_;
  std::set<std::string> asked_;
};

}  // namespace assay::conformance
