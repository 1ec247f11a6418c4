// The JSON form of matchers, both ways, from one table.
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <regex>

#include "conformance/vocabulary/matcher.h"

namespace assay::conformance {
namespace {

bool is_number(const Value& value) {
  return value.is_int() || value.is_float();
}

bool is_range(const Value& value) {
  if (!value.is_array() || value.as_array().size() != 2) return false;
  const Value *low = value.find(Key(std::int64_t{0})), *high = value.find(Key(std::int64_t{1}));
  return low && high && is_number(*low) && is_number(*high);
}

using Kind = Matcher::Kind;

// How the body of a matcher looks.
enum class Body { value, values, text, flag, at, path, relation, growth, gain, sum, thrown, part, parts };

struct Form {
  Kind kind;
  const char* name;
  Body body;
};

constexpr Form forms[] = {
    {Kind::equal, "equal", Body::value},
    {Kind::one_of, "one_of", Body::values},
    {Kind::matches, "matches", Body::text},
    {Kind::any, "any", Body::flag},
    {Kind::type, "type", Body::text},
    {Kind::at, "at", Body::at},
    {Kind::has, "has", Body::path},
    {Kind::lacks, "lacks", Body::path},
    {Kind::keys, "keys", Body::values},
    {Kind::length, "length", Body::value},
    {Kind::between, "between", Body::values},
    {Kind::grew, "grew", Body::growth},
    {Kind::gained, "gained", Body::gain},
    {Kind::same_as, "same_as", Body::relation},
    {Kind::differs_from, "differs_from", Body::relation},
    {Kind::at_least, "at_least", Body::relation},
    {Kind::at_most, "at_most", Body::relation},
    {Kind::sum, "sum", Body::sum},
    {Kind::thrown, "thrown", Body::thrown},
    {Kind::output, "output", Body::part},
    {Kind::diagnostics, "diagnostics", Body::part},
    {Kind::all, "all", Body::parts},
    {Kind::any_of, "any_of", Body::parts},
    {Kind::negation, "not", Body::part},
};

const Form& form_of(Kind kind) {
  return *std::find_if(std::begin(forms), std::end(forms), [&](const Form& f) { return f.kind == kind; });
}

Json path_to_json(const Path& path) {
  Json json = Json::array();
  for (const Key& key : path) json.push_back(key_to_json(key));
  return json;
}

Json values_to_json(const std::vector<Value>& values) {
  Json json = Json::array();
  for (const Value& value : values) json.push_back(to_json(value));
  return json;
}

Json parts_to_json(const std::vector<Matcher>& parts) {
  Json json = Json::array();
  for (const Matcher& part : parts) json.push_back(to_json(part));
  return json;
}

Json body_to_json(const Matcher& m, Body body) {
  switch (body) {
    case Body::value:
      return to_json(m.value);
    case Body::values:
      return values_to_json(m.values);
    case Body::text:
      return m.text;
    case Body::flag:
      return true;
    case Body::at:
      return Json{{"path", path_to_json(m.path)}, {"is", to_json(m.parts.front())}};
    case Body::path:
      return path_to_json(m.path);
    case Body::relation:
      return Json{{"reply", m.label}, {"path", path_to_json(m.path)}};
    case Body::growth:
      return Json{{"since", m.label}, {"path", path_to_json(m.path)}, {"by", to_json(m.value)}};
    case Body::gain:
      return Json{{"since", m.label}, {"path", path_to_json(m.path)}, {"keys", values_to_json(m.values)}};
    case Body::sum: {
      Json of = Json::array();
      for (const Path& path : m.paths) of.push_back(path_to_json(path));
      return Json{{"of", of}, {"is", path_to_json(m.path)}};
    }
    case Body::thrown:
      return Json{{"class", m.label}, {"message", m.text}};
    case Body::part:
      return to_json(m.parts.front());
    case Body::parts:
      return parts_to_json(m.parts);
  }
  return nullptr;
}

// Reads one matcher body; the first thing that is wrong stays in `error`.
class Reader {
 public:
  explicit Reader(const Form& form) : form_(form) { matcher_.kind = form.kind; }

  Expected<Matcher> read(const Json& body) {
    read_body(body);
    if (!error_.empty()) return failure(fmt::format("matcher \"{}\": {}", form_.name, error_));
    return std::move(matcher_);
  }

 private:
  void wrong(std::string message) {
    if (error_.empty()) error_ = std::move(message);
  }

  template <class T>
  T take(Expected<T> value) {
    if (value) return std::move(*value);
    wrong(value.error().message);
    return T();
  }

  std::string string(const Json& json) {
    if (json.is_string()) return json.get<std::string>();
    wrong("a string is needed, not " + std::string(json.type_name()));
    return "";
  }

  std::string regex(const Json& json) {
    const std::string text = string(json);
    try {
      std::regex check(text);
    } catch (const std::regex_error& e) {
      wrong(fmt::format("\"{}\" is not a regular expression: {}", text, e.what()));
    }
    return text;
  }

  Path path(const Json& json) {
    Path path;
    if (!json.is_array())
      wrong("a path is a list of keys");
    else
      for (const Json& key : json) path.push_back(take(key_from_json(key)));
    return path;
  }

  std::vector<Value> values(const Json& json) {
    std::vector<Value> values;
    if (!json.is_array())
      wrong("a list of values is needed");
    else
      for (const Json& value : json) values.push_back(take(value_from_json(value)));
    return values;
  }

  bool fields(const Json& json, std::initializer_list<const char*> names) {
    bool right = json.is_object() && json.size() == names.size();
    for (const char* name : names) right = right && json.contains(name);
    if (!right) wrong(fmt::format("needs exactly the fields {}", fmt::join(names, ", ")));
    return right;
  }

  void part(const Json& json) { matcher_.parts.push_back(take(matcher_from_json(json))); }

  void read_relation(const Json& body, const char* label) {
    matcher_.label = string(body[label]);
    matcher_.path = path(body["path"]);
  }

  void read_sum(const Json& body) {
    if (!body["of"].is_array())
      wrong("\"of\" is a list of paths");
    else
      for (const Json& p : body["of"]) matcher_.paths.push_back(path(p));
    matcher_.path = path(body["is"]);
  }

  void read_values(const Json& body) {
    matcher_.values = values(body);
    const auto is_number = [](const Value& v) { return v.is_int() || v.is_float(); };
    if (form_.kind == Kind::between &&
        (matcher_.values.size() != 2 || !is_number(matcher_.values[0]) || !is_number(matcher_.values[1]))) {
      wrong("needs two numbers");
    }
  }

  void read_body(const Json& body) {
    switch (form_.body) {
      case Body::value:
        matcher_.value = take(value_from_json(body));
        break;
      case Body::values:
        read_values(body);
        break;
      case Body::text:
        matcher_.text = form_.kind == Kind::matches ? regex(body) : string(body);
        break;
      case Body::flag:
        if (body != Json(true)) wrong("takes true");
        break;
      case Body::path:
        matcher_.path = path(body);
        break;
      case Body::at:
        if (fields(body, {"path", "is"})) matcher_.path = path(body["path"]), part(body["is"]);
        break;
      case Body::relation:
        if (fields(body, {"reply", "path"})) read_relation(body, "reply");
        break;
      case Body::growth:
        if (fields(body, {"since", "path", "by"})) {
          read_relation(body, "since");
          matcher_.value = take(value_from_json(body["by"]));
          if (!is_number(matcher_.value) && !is_range(matcher_.value)) wrong("\"by\" is a number, or two: [low, high]");
        }
        break;
      case Body::gain:
        if (fields(body, {"since", "path", "keys"})) {
          read_relation(body, "since");
          matcher_.values = values(body["keys"]);
        }
        break;
      case Body::sum:
        if (fields(body, {"of", "is"})) read_sum(body);
        break;
      case Body::thrown:
        if (fields(body, {"class", "message"}))
          matcher_.label = string(body["class"]), matcher_.text = regex(body["message"]);
        break;
      case Body::part:
        part(body);
        break;
      case Body::parts:
        if (!body.is_array())
          wrong("needs a list of matchers");
        else
          for (const Json& p : body) part(p);
        break;
    }
  }

  const Form& form_;
  Matcher matcher_;
  std::string error_;
};

}  // namespace

Json to_json(const Matcher& matcher) {
  const Form& form = form_of(matcher.kind);
  return Json{{form.name, body_to_json(matcher, form.body)}};
}

Expected<Matcher> matcher_from_json(const Json& json) {
  if (!json.is_object() || json.size() != 1) return failure("a matcher is an object with one field, its name");
  const std::string& name = json.begin().key();
  const auto form = std::find_if(std::begin(forms), std::end(forms), [&](const Form& f) { return name == f.name; });
  if (form == std::end(forms)) return failure(fmt::format("unknown matcher \"{}\"", name));
  return Reader(*form).read(json.begin().value());
}

}  // namespace assay::conformance
