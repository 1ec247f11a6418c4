#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/vocabulary/value_json.h"

namespace assay::conformance {

// The type of a parameter of an operation or action. A path may begin with "@", which stands for the sandbox of the run
// (adapters replace it on the way in, and put it back in replies).
enum class ParameterType { path, text, integer, boolean, any, list, map };

// One named parameter. `default_json` is the JSON text of the value that stands where it is left out; nullptr means that it
// must be given.
struct Parameter {
  const char* name;
  ParameterType type;
  const char* default_json = nullptr;
  Value default_value{};  // the value of that text
};

// REQUIRES: the text is the JSON of a value.
Parameter optional_parameter(const char* name, ParameterType type, const char* default_json);

// One operation or action: its name in JSON, the feature a target must claim for it, and its parameters in order.
struct CallSpec {
  int kind;
  const char* name;
  const char* feature;
  std::vector<Parameter> parameters;
  const char* summary;
  const char* php;  // the PHP expression that does the same (operation.def); "" where there is none
};

// A call of a spec with a value for each of its parameters, in their order. Plain data.
struct Call {
  const CallSpec* spec = nullptr;
  std::vector<Value> arguments;

  // REQUIRES: the spec has a parameter of that name.
  const Value& argument(std::string_view name) const;
  const std::string& text(std::string_view name) const { return argument(name).as_string(); }
  std::int64_t integer(std::string_view name) const { return argument(name).as_int(); }
  bool flag(std::string_view name) const { return argument(name).as_bool(); }

  friend bool operator==(const Call& a, const Call& b) { return a.spec == b.spec && a.arguments == b.arguments; }
};

// Writes {tag: name, parameter: value, ...}; parameters that have their default value are left out.
Json call_to_json(const Call& call, const char* tag);
// Appends to `json` what call_to_json writes.
void append_call(Json& json, const Call& call, const char* tag);

// Reads a call from the fields of `json` that are not in `other_fields`. Strict: an unknown name, an unknown field, a
// missing parameter or a value of another type is an error that names it.
Expected<Call> call_from_json(const Json& json, const char* tag, std::span<const CallSpec> specs,
                              std::span<const std::string_view> other_fields);

// One line for people: name("a", 7).
std::string to_text(const Call& call);

}  // namespace assay::conformance
