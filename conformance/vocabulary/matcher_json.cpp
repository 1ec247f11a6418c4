// The JSON form of matchers, both ways, from their rows and bodies.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <span>
#include <utility>

#include "conformance/vocabulary/matcher.h"

namespace assay::conformance {
namespace {

constexpr int max_matcher_depth = 512;

std::span<const char* const> fields_of(const MatcherRow& row) {
  const auto end = std::find(row.fields.begin(), row.fields.end(), nullptr);
  return {row.fields.begin(), end};
}

// Writing: a form for each type that a member of a matcher may have.

Json written(const std::string& text) {
  return text;
}
Json written(const Pattern& pattern) {
  return pattern.text();
}
Json written(std::int64_t number) {
  return number;
}
Json written(const Value& value) {
  return to_json(value);
}
Json written(const Key& key) {
  return key_to_json(key);
}
Json written(const Matcher& matcher) {
  return to_json(matcher);
}
Json written(const Inner& matcher) {
  return to_json(*matcher);
}
template <class T>
Json written(const std::vector<T>& items) {
  Json json = Json::array();
  for (const T& item : items) json.push_back(written(item));
  return json;
}
Json written(const Range& range) {
  return Json::array({written(range.low), written(range.high)});
}
Json written(const Growth& growth) {
  return growth.is_range ? written(Range{growth.low, growth.high}) : written(growth.low);
}

template <class M>
Json body_of(const M& matcher) {
  const auto body = M::body(matcher);
  constexpr std::size_t size = std::tuple_size_v<decltype(body)>;
  if constexpr (size == 0) return true;
  if constexpr (M::row.fields[0] != nullptr) {
    Json json = Json::object();
    const auto write = [&]<std::size_t... I>(std::index_sequence<I...>) {
      ((json[M::row.fields[I]] = written(std::get<I>(body))), ...);
    };
    write(std::make_index_sequence<size>());
    return json;
  } else if constexpr (size > 0) {
    static_assert(size == 1, "a body of several members needs names for them");
    return written(std::get<0>(body));
  }
}

bool is_number(const Value& value) {
  return value.is_int() || value.is_float();
}

// Reading: the same types the other way.
class MatcherReader {
 public:
  explicit MatcherReader(int depth) : depth_(depth) {}

  Expected<Matcher> matcher(const Json& json) const;

 private:
  MatcherReader inside() const { return MatcherReader(depth_ + 1); }

  Expected<void> read(const Json& json, std::string& text) const {
    if (!json.is_string()) return failure(fmt::format("a string is needed, not {}", json.type_name()));
    text = json.get<std::string>();
    return {};
  }
  Expected<void> read(const Json& json, Pattern& pattern) const {
    std::string text;
    ASSAY_TRY(read(json, text));
    pattern = ASSAY_TRY(Pattern::parse(std::move(text)));
    return {};
  }
  Expected<void> read(const Json& json, std::int64_t& number) const {
    const Value value = ASSAY_TRY(value_from_json(json));
    if (!value.is_int()) return failure(fmt::format("an integer is needed, not {}", value.type_name()));
    number = value.as_int();
    return {};
  }
  Expected<void> read(const Json& json, Value& value) const {
    value = ASSAY_TRY(value_from_json(json));
    return {};
  }
  Expected<void> read(const Json& json, Key& key) const {
    key = ASSAY_TRY(key_from_json(json));
    return {};
  }
  Expected<void> read(const Json& json, Matcher& matcher) const {
    matcher = ASSAY_TRY(inside().matcher(json));
    return {};
  }
  Expected<void> read(const Json& json, Inner& matcher) const {
    matcher = Inner(ASSAY_TRY(inside().matcher(json)));
    return {};
  }
  template <class T>
  Expected<void> read(const Json& json, std::vector<T>& items) const {
    if (!json.is_array()) return failure(fmt::format("a list is needed, not {}", json.type_name()));
    for (const Json& item : json) ASSAY_TRY(read(item, items.emplace_back()));
    return {};
  }
  Expected<void> read(const Json& json, std::vector<Matcher>& parts) const {
    ASSAY_TRY(read<Matcher>(json, parts));
    if (parts.empty()) return failure("needs one matcher or more");
    return {};
  }
  Expected<void> read(const Json& json, Range& range) const {
    std::vector<Value> bounds;
    ASSAY_TRY(read(json, bounds));
    if (bounds.size() != 2 || !is_number(bounds[0]) || !is_number(bounds[1])) return failure("needs two numbers");
    range = Range{std::move(bounds[0]), std::move(bounds[1])};
    return {};
  }
  Expected<void> read(const Json& json, Growth& growth) const {
    if (json.is_array()) {
      Range range;
      ASSAY_TRY(read(json, range));
      growth = std::move(range);
      return {};
    }
    Value by;
    ASSAY_TRY(read(json, by));
    if (!is_number(by)) return failure("\"by\" is a number, or two: [low, high]");
    growth = std::move(by);
    return {};
  }

  template <class M>
  Expected<void> read_body(const Json& json, M& matcher) const {
    const auto body = M::body(matcher);
    constexpr std::size_t size = std::tuple_size_v<decltype(body)>;
    if constexpr (size == 0) {
      if (json != Json(true)) return failure("takes true");
    } else if constexpr (M::row.fields[0] == nullptr) {
      ASSAY_TRY(read(json, std::get<0>(body)));
      if constexpr (std::is_same_v<M, matchers::OneOf>)
        if (matcher.values.empty()) return failure("needs one value or more");
    } else {
      return read_fields(json, M::row, body, std::make_index_sequence<size>());
    }
    return {};
  }

  template <class Body, std::size_t... I>
  Expected<void> read_fields(const Json& json, const MatcherRow& row, const Body& body,
                             std::index_sequence<I...>) const {
    const auto names = fields_of(row);
    const bool right = json.is_object() && json.size() == names.size() &&
                       std::ranges::all_of(names, [&](const char* name) { return json.contains(name); });
    if (!right) return failure(fmt::format("needs exactly the fields {}", fmt::join(names, ", ")));
    Expected<void> done;
    // Stops at the first field that is wrong.
    (void)((done = read(json[row.fields[I]], std::get<I>(body))) && ...);
    return done;
  }

  template <class M>
  Expected<Matcher> form(const Json& json) const {
    M matcher;
    if (const auto done = read_body(json, matcher); !done) {
      const std::string& message = done.error().message;
      // The innermost matcher is named: that is where the mistake is.
      return failure(message.starts_with("matcher") ? message
                                                    : fmt::format("matcher \"{}\": {}", M::row.name, message));
    }
    return Matcher(std::move(matcher));
  }

  // The readers by name, from the alternatives of Matcher::Form.
  struct Named {
    const MatcherRow* row;
    Expected<Matcher> (MatcherReader::*read)(const Json&) const;
  };
  template <class... Forms>
  static std::vector<Named> named(std::in_place_type_t<std::variant<Forms...>>) {
    return {Named{&Forms::row, &MatcherReader::form<Forms>}...};
  }

 public:
  static const std::vector<Named>& all() {
    static const std::vector<Named> forms = named(std::in_place_type<Matcher::Form>);
    return forms;
  }

 private:
  int depth_;
};

Expected<Matcher> MatcherReader::matcher(const Json& json) const {
  if (depth_ > max_matcher_depth)
    return failure(fmt::format("matchers are nested deeper than {} levels", max_matcher_depth));
  if (!json.is_object() || json.size() != 1) return failure("a matcher is an object with one field, its name");
  const std::string& name = json.begin().key();
  const auto found = std::ranges::find(all(), name, [](const Named& form) { return std::string_view(form.row->name); });
  if (found == all().end()) return failure(fmt::format("unknown matcher \"{}\"", name));
  return (this->*found->read)(json.begin().value());
}

}  // namespace

Json to_json(const Matcher& matcher) {
  return std::visit([]<class M>(const M& form) { return Json{{M::row.name, body_of(form)}}; }, matcher.form);
}

Expected<Matcher> matcher_from_json(const Json& json) {
  return MatcherReader(1).matcher(json);
}

std::vector<const MatcherRow*> matcher_rows() {
  std::vector<const MatcherRow*> rows;
  for (const auto& form : MatcherReader::all()) rows.push_back(form.row);
  return rows;
}

}  // namespace assay::conformance
