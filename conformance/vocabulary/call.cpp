#include "conformance/vocabulary/call.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <stdexcept>

#include "support/text/near_names.h"

namespace assay::conformance {
namespace {

const char* type_name(ParameterType type) {
  switch (type) {
    case ParameterType::path:
      return "path";
    case ParameterType::text:
      return "string";
    case ParameterType::integer:
      return "integer";
    case ParameterType::boolean:
      return "boolean";
    case ParameterType::any:
      return "value";
    case ParameterType::list:
      return "list";
    case ParameterType::map:
      return "array";
  }
  return "value";
}

bool has_type(const Value& value, ParameterType type) {
  switch (type) {
    case ParameterType::path:
    case ParameterType::text:
      return value.is_string();
    case ParameterType::integer:
      return value.is_int();
    case ParameterType::boolean:
      return value.is_bool();
    case ParameterType::list:
    case ParameterType::map:
      return value.is_array();
    case ParameterType::any:
      return true;
  }
  return false;
}

// Names differ in their first letters: nobody needs their lengths.
bool is_same(const char* text, std::string_view other) {
  for (const char c : other) {
    if (*text++ != c) return false;
  }
  return *text == '\0';
}

Expected<Value> read_parameter(const Json& json, const CallSpec& spec, const Parameter& parameter) {
  if (!json.contains(parameter.name)) {
    if (parameter.default_json) return parameter.default_value;
    return failure(
        fmt::format("\"{}\" needs the field \"{}\" ({})", spec.name, parameter.name, type_name(parameter.type)));
  }
  auto value = value_from_json(json[parameter.name]);
  if (!value) {
    return failure(fmt::format("field \"{}\" of \"{}\": {}", parameter.name, spec.name, value.error().message));
  }
  if (!has_type(*value, parameter.type)) {
    return failure(fmt::format("field \"{}\" of \"{}\" must be of type {}, not {}", parameter.name, spec.name,
                               type_name(parameter.type), value->type_name()));
  }
  return value;
}

}  // namespace

Parameter optional_parameter(const char* name, ParameterType type, const char* default_json) {
  return {name, type, default_json, value_from_json(Json::parse(default_json)).value()};
}

const Value& Call::argument(std::string_view name) const {
  for (std::size_t i = 0; i < spec->parameters.size(); ++i) {
    if (is_same(spec->parameters[i].name, name)) return arguments[i];
  }
  throw std::logic_error(fmt::format("{} has no parameter {}", spec->name, name));
}

void append_call(Json& json, const Call& call, const char* tag) {
  json[tag] = call.spec->name;
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    const Parameter& parameter = call.spec->parameters[i];
    if (parameter.default_json && call.arguments[i] == parameter.default_value) continue;
    json[parameter.name] = to_json(call.arguments[i]);
  }
}

namespace {

struct Renamed {
  std::string_view of, old_name, hint;
};

std::string hint_for(std::span<const Renamed> table, std::string_view of, std::string_view name) {
  for (const Renamed& row : table) {
    if (row.of == of && row.old_name == name) return fmt::format(": {}", row.hint);
  }
  return "";
}

std::string nearest(std::string_view name, const std::vector<std::string>& known) {
  const auto names = near_names(name, known);
  return names.empty() ? "" : fmt::format("; nearest: {}", fmt::join(names, ", "));
}

std::string unknown_name(const char* tag, const std::string& name, std::span<const CallSpec> specs) {
  constexpr Renamed renamed[] = {
#define RENAMED(tag, old_name, hint) {tag, old_name, hint},
#define PARAMETER(...)
#include "conformance/vocabulary/renamed_calls.def"
#undef RENAMED
#undef PARAMETER
  };
  std::string hint = hint_for(renamed, tag, name);
  if (hint.empty()) {
    std::vector<std::string> known;
    for (const CallSpec& spec : specs) known.emplace_back(spec.name);
    hint = nearest(name, known);
  }
  return fmt::format("unknown {} \"{}\"{}", tag, name, hint);
}

std::string unknown_field(const CallSpec& spec, const std::string& field) {
  constexpr Renamed renamed[] = {
#define RENAMED(...)
#define PARAMETER(name, old_name, hint) {name, old_name, hint},
#include "conformance/vocabulary/renamed_calls.def"
#undef RENAMED
#undef PARAMETER
  };
  std::string hint = hint_for(renamed, spec.name, field);
  if (hint.empty()) {
    std::vector<std::string> known;
    for (const Parameter& parameter : spec.parameters) known.emplace_back(parameter.name);
    hint = nearest(field, known);
  }
  return fmt::format("\"{}\" has no field \"{}\"{}", spec.name, field, hint);
}

}  // namespace

Json call_to_json(const Call& call, const char* tag) {
  Json json = Json::object();
  append_call(json, call, tag);
  return json;
}

Expected<Call> call_from_json(const Json& json, const char* tag, std::span<const CallSpec> specs,
                              std::span<const std::string_view> other_fields) {
  if (!json.is_object() || !json.contains(tag) || !json[tag].is_string()) {
    return failure(fmt::format("expected an object with the field \"{}\"", tag));
  }
  const std::string name = json[tag].get<std::string>();
  const auto spec = std::find_if(specs.begin(), specs.end(), [&](const CallSpec& s) { return s.name == name; });
  if (spec == specs.end()) return failure(unknown_name(tag, name, specs));
  for (const auto& [field, value] : json.items()) {
    const bool known = field == tag || std::count(other_fields.begin(), other_fields.end(), field) > 0 ||
                       std::any_of(spec->parameters.begin(), spec->parameters.end(),
                                   [&f = field](const Parameter& p) { return f == p.name; });
    if (!known) return failure(unknown_field(*spec, field));
  }
  Call call{&*spec, {}};
  for (const Parameter& parameter : spec->parameters) {
    call.arguments.push_back(ASSAY_TRY(read_parameter(json, *spec, parameter)));
  }
  return call;
}

std::string to_text(const Call& call) {
  std::string out = std::string(call.spec->name) + "(";
  bool first = true;
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    const Parameter& parameter = call.spec->parameters[i];
    if (parameter.default_json && call.arguments[i] == parameter.default_value) continue;
    if (!first) out += ", ";
    out += (parameter.default_json ? std::string(parameter.name) + ": " : "") + to_text(call.arguments[i], 120);
    first = false;
  }
  return out + ")";
}

}  // namespace assay::conformance
