#pragma once

#include <optional>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "conformance/vocabulary/matchers.h"

namespace assay::conformance {

template <class M, class Variant>
inline constexpr bool is_alternative = false;
template <class M, class... Forms>
inline constexpr bool is_alternative<M, std::variant<Forms...>> = (std::is_same_v<M, Forms> || ...);

// What is expected of a reply, as plain data with a JSON form: one of the matchers of matchers.h, each a struct and a row
// of docs/trace-format.md. Copying copies the matchers inside; safe to use from any one thread at a time.
struct Matcher {
  using Form = MatcherForm;

  Matcher();  // any value at all
  template <class M>
  requires is_alternative<std::remove_cvref_t<M>, Form> Matcher(M&& matcher) : form(std::forward<M>(matcher)) {}
  // Not inline: hundreds of sources include this.
  Matcher(const Matcher&);
  Matcher(Matcher&&) noexcept;
  Matcher& operator=(const Matcher&);
  Matcher& operator=(Matcher&&) noexcept;
  ~Matcher();

  // The same JSON.
  friend bool operator==(const Matcher& a, const Matcher& b);

  Form form;
};

// nullopt where the reply matches; otherwise what was expected, for people.
std::optional<std::string> mismatch(const Matcher& matcher, const Reply& reply, const Labelled& earlier);
// Of a reply that does not match, for people: what it has at the place that the matcher speaks of, else all of it.
std::string actual_of(const Matcher& matcher, const Reply& reply, const Labelled& earlier);

// {name: body}
Json to_json(const Matcher& matcher);
// Strict: unknown matchers and fields, wrong types, broken regular expressions and more than 512 matchers inside one
// another are errors.
Expected<Matcher> matcher_from_json(const Json& json);
// One line for people.
std::string to_text(const Matcher& matcher);

// Whether a matcher looks at the value of a reply only, rather than at the whole reply.
template <class M>
concept judges_value = requires(const M& matcher, const Value& value, const Labelled& earlier) {
  {matcher.holds(value, earlier)};
};

// All matchers, in the order of MatcherForm.
std::vector<const MatcherRow*> matcher_rows();

// Builders. They read like the clause: expect(reply, equals("new")), expect(status, grew({"hits"}, 1, before)).
Matcher equals(Value value);
Matcher one_of(std::vector<Value> values);
Matcher matches(std::string regex);
Matcher anything();
Matcher of_type(std::string type);
Matcher at(Path path, Matcher matcher);
Matcher at(Path path, Value value);
Matcher has(Path path);
Matcher lacks(Path path);
Matcher has_keys(std::vector<Value> keys);
Matcher has_length(std::int64_t length);
Matcher between(Value low, Value high);
Matcher sums_up(std::vector<Path> parts, Path total);
Matcher throws(std::string error_class, std::string message_regex = "");
Matcher prints(Matcher matcher);
Matcher prints(std::string text);
Matcher diagnoses(Matcher matcher);
Matcher all_of(std::vector<Matcher> parts);
Matcher any_of(std::vector<Matcher> parts);
Matcher negated(Matcher matcher);

}  // namespace assay::conformance
