#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include "conformance/vocabulary/pattern.h"
#include "conformance/vocabulary/reply.h"

// Every matcher: a small struct whose `row` says how it is written and what it means, whose body() ties its members to
// the fields of the JSON form, whose text() is for people, and whose holds() is its meaning. CONTRIBUTING.md says how a
// new one is added.

namespace assay::conformance {

struct Matcher;

// The replies so far, by label.
using Labelled = std::map<std::string, Reply>;

// A row of the table in docs/trace-format.md. The body of the JSON form is an object with exactly these fields or,
// without any, the one member itself.
struct MatcherRow {
  const char* name;
  std::array<const char*, 3> fields;
  const char* form;     // for people: how it is written
  const char* meaning;  // for people: what the reply's value is or has
};

// A matcher inside a matcher: owned, copied with it. Never empty but in a moved-from object.
class Inner {
 public:
  Inner();
  Inner(Matcher matcher);
  Inner(const Inner& other);
  Inner(Inner&&) noexcept;
  Inner& operator=(Inner other) noexcept;
  ~Inner();
  const Matcher& operator*() const { return *matcher_; }

 private:
  std::unique_ptr<Matcher> matcher_;
};

// A place in the reply that has a label.
struct Earlier {
  std::string label;
  Path path;
};

// Two numbers, low and high.
struct Range {
  Value low, high;
};

// A number, or from one number to another.
struct Growth {
  Growth() = default;
  Growth(Range range) : low(std::move(range.low)), high(std::move(range.high)), is_range(true) {}
  Growth(Value exactly) : low(exactly), high(std::move(exactly)) {}
  Value low, high;
  bool is_range = false;
};

namespace matchers {

// Of the reply's value; a reply that is not a value fails all these.

struct Any {
  static constexpr MatcherRow row{"any", {}, R"({"any": true})", "is any value at all"};
  static auto body(auto&) { return std::tuple<>(); }
  std::string text() const;
  bool holds(const Value& value, const Labelled& earlier) const;
};

struct Equal {
  Value value;
  static constexpr MatcherRow row{"equal", {}, R"({"equal": v})", "is equal to v"};
  static auto body(auto& m) { return std::tie(m.value); }
  std::string text() const;
  bool holds(const Value& value, const Labelled& earlier) const;
};

struct OneOf {
  std::vector<Value> values;
  static constexpr MatcherRow row{"one_of", {}, R"({"one_of": [v, w]})", "is equal to one of them"};
  static auto body(auto& m) { return std::tie(m.values); }
  std::string text() const;
  bool holds(const Value& value, const Labelled& earlier) const;
};

struct Matches {
  Pattern pattern;
  static constexpr MatcherRow row{"matches", {}, R"({"matches": "regex"})", "is a string that contains a match"};
  static auto body(auto& m) { return std::tie(m.pattern); }
  std::string text() const;
  bool holds(const Value& value, const Labelled& earlier) const;
};

struct Type {
  std::string name;
  static constexpr MatcherRow row{"type", {}, R"({"type": "int"})", "has that type"};
  static auto body(auto& m) { return std::tie(m.name); }
  std::string text() const;
  bool holds(const Value& value, const Labelled& earlier) const;
};

struct At {
  Path path;
  Inner is;
  static constexpr MatcherRow row{
      "at", {"path", "is"}, R"({"at": {"path": [..], "is": M}})", "has a value there that matches M"};
  static auto body(auto& m) { return std::tie(m.path, m.is); }
  std::string text() const;
  bool holds(const Value& value, const Labelled& earlier) const;
};

struct Has {
  Path path;
  static constexpr MatcherRow row{"has", {}, R"({"has": [..]})", "has a value at the path"};
  static auto body(auto& m) { return std::tie(m.path); }
  std::string text() const;
  bool holds(const Value& value, const Labelled& earlier) const;
};

struct Lacks {
  Path path;
  static constexpr MatcherRow row{"lacks", {}, R"({"lacks": [..]})", "has no value at the path"};
  static auto body(auto& m) { return std::tie(m.path); }
  std::string text() const;
  bool holds(const Value& value, const Labelled& earlier) const;
};

struct Keys {
  std::vector<Value> keys;
  static constexpr MatcherRow row{"keys", {}, R"({"keys": [..]})", "is an array with exactly these keys in this order"};
  static auto body(auto& m) { return std::tie(m.keys); }
  std::string text() const;
  bool holds(const Value& value, const Labelled& earlier) const;
};

struct Length {
  std::int64_t length = 0;
  static constexpr MatcherRow row{"length", {}, R"({"length": n})", "is an array of n elements or a string of n bytes"};
  static auto body(auto& m) { return std::tie(m.length); }
  std::string text() const;
  bool holds(const Value& value, const Labelled& earlier) const;
};

struct Between {
  Range range;
  static constexpr MatcherRow row{"between", {}, R"({"between": [a, b]})", "is a number, a <= x <= b"};
  static auto body(auto& m) { return std::tie(m.range); }
  std::string text() const;
  bool holds(const Value& value, const Labelled& earlier) const;
};

struct Grew {
  Earlier since;
  Growth by;
  static constexpr MatcherRow row{
      "grew",
      {"since", "path", "by"},
      R"({"grew": {"since": L, "path": [..], "by": n}})",
      R"(has there n more than the reply labelled L; with `"by": [a, b]` from a to b more)"};
  static auto body(auto& m) { return std::tie(m.since.label, m.since.path, m.by); }
  std::string text() const;
  bool holds(const Value& value, const Labelled& earlier) const;
};

struct Gained {
  Earlier since;
  std::vector<Value> keys;
  static constexpr MatcherRow row{
      "gained",
      {"since", "path", "keys"},
      R"({"gained": {"since": L, "path": [..], "keys": [..]}})",
      "has there an array with the keys that it has in the reply labelled L and exactly these besides, in any order"};
  static auto body(auto& m) { return std::tie(m.since.label, m.since.path, m.keys); }
  std::string text() const;
  bool holds(const Value& value, const Labelled& earlier) const;
};

struct SameAs {
  Earlier reply;
  static constexpr MatcherRow row{"same_as",
                                  {"reply", "path"},
                                  R"({"same_as": {"reply": L, "path": [..]}})",
                                  "has there what the reply labelled L has there"};
  static auto body(auto& m) { return std::tie(m.reply.label, m.reply.path); }
  std::string text() const;
  bool holds(const Value& value, const Labelled& earlier) const;
};

struct DiffersFrom {
  Earlier reply;
  static constexpr MatcherRow row{"differs_from",
                                  {"reply", "path"},
                                  R"({"differs_from": {"reply": L, "path": [..]}})",
                                  "exists there in both and is not equal"};
  static auto body(auto& m) { return std::tie(m.reply.label, m.reply.path); }
  std::string text() const;
  bool holds(const Value& value, const Labelled& earlier) const;
};

struct AtLeast {
  Earlier reply;
  static constexpr MatcherRow row{"at_least",
                                  {"reply", "path"},
                                  R"({"at_least": {"reply": L, "path": [..]}})",
                                  "has a number there, no less than the reply labelled L"};
  static auto body(auto& m) { return std::tie(m.reply.label, m.reply.path); }
  std::string text() const;
  bool holds(const Value& value, const Labelled& earlier) const;
};

struct AtMost {
  Earlier reply;
  static constexpr MatcherRow row{"at_most",
                                  {"reply", "path"},
                                  R"({"at_most": {"reply": L, "path": [..]}})",
                                  "has a number there, no more than the reply labelled L"};
  static auto body(auto& m) { return std::tie(m.reply.label, m.reply.path); }
  std::string text() const;
  bool holds(const Value& value, const Labelled& earlier) const;
};

struct Sum {
  std::vector<Path> of;
  Path is;
  static constexpr MatcherRow row{"sum",
                                  {"of", "is"},
                                  R"({"sum": {"of": [[..], [..]], "is": [..]}})",
                                  "has numbers at the paths that add up to the one at `is`"};
  static auto body(auto& m) { return std::tie(m.of, m.is); }
  std::string text() const;
  bool holds(const Value& value, const Labelled& earlier) const;
};

// Of the whole reply.

struct Thrown {
  std::string error_class;  // empty: any
  Pattern message;
  static constexpr MatcherRow row{
      "thrown",
      {"class", "message"},
      R"({"thrown": {"class": c, "message": "regex"}})",
      R"((not a value) that class was thrown, `""` for any, with a message that contains a match; a fatal error is told as thrown by the class `Fatal error`, which no script can declare)"};
  static auto body(auto& m) { return std::tie(m.error_class, m.message); }
  std::string text() const;
  bool holds(const Reply& reply, const Labelled& earlier) const;
};

struct Output {
  Inner is;
  static constexpr MatcherRow row{"output", {}, R"({"output": M})", "(not a value) the output, a string, matches M"};
  static auto body(auto& m) { return std::tie(m.is); }
  std::string text() const;
  bool holds(const Reply& reply, const Labelled& earlier) const;
};

struct Diagnostics {
  Inner are;
  static constexpr MatcherRow row{
      "diagnostics", {}, R"({"diagnostics": M})", "(not a value) the diagnostics, a list of strings, match M"};
  static auto body(auto& m) { return std::tie(m.are); }
  std::string text() const;
  bool holds(const Reply& reply, const Labelled& earlier) const;
};

struct All {
  std::vector<Matcher> parts;
  static constexpr MatcherRow row{"all", {}, R"({"all": [M..]})", "(the reply) matches all of them"};
  static auto body(auto& m) { return std::tie(m.parts); }
  std::string text() const;
  bool holds(const Reply& reply, const Labelled& earlier) const;
};

struct AnyOf {
  std::vector<Matcher> parts;
  static constexpr MatcherRow row{"any_of", {}, R"({"any_of": [M..]})", "(the reply) matches one of them or more"};
  static auto body(auto& m) { return std::tie(m.parts); }
  std::string text() const;
  bool holds(const Reply& reply, const Labelled& earlier) const;
};

struct Not {
  Inner matcher;
  static constexpr MatcherRow row{
      "not", {}, R"({"not": M})", "(the reply) does not match M; an operation that was not run fails both"};
  static auto body(auto& m) { return std::tie(m.matcher); }
  std::string text() const;
  bool holds(const Reply& reply, const Labelled& earlier) const;
};

}  // namespace matchers

// All of them, in the order of their table.
using MatcherForm =
    std::variant<matchers::Any, matchers::Equal, matchers::OneOf, matchers::Matches, matchers::Type, matchers::At,
                 matchers::Has, matchers::Lacks, matchers::Keys, matchers::Length, matchers::Between, matchers::Grew,
                 matchers::Gained, matchers::SameAs, matchers::DiffersFrom, matchers::AtLeast, matchers::AtMost,
                 matchers::Sum, matchers::Thrown, matchers::Output, matchers::Diagnostics, matchers::All,
                 matchers::AnyOf, matchers::Not>;

}  // namespace assay::conformance
