// Builders and the text for people.
#include "conformance/vocabulary/matcher.h"

#include <fmt/format.h>

namespace assay::conformance {
namespace {

using Kind = Matcher::Kind;

Matcher of_kind(Kind kind) {
  Matcher m;
  m.kind = kind;
  return m;
}

Matcher with_parts(Kind kind, std::vector<Matcher> parts) {
  Matcher m = of_kind(kind);
  m.parts = std::move(parts);
  return m;
}

std::string joined(const std::vector<Matcher>& parts, const char* between) {
  std::string out;
  for (const Matcher& part : parts) out += (out.empty() ? "" : between) + to_text(part);
  return out;
}

std::string place(const Path& path) {
  return path.empty() ? "the value" : to_text(path);
}

}  // namespace

Matcher equals(Value value) {
  Matcher m = of_kind(Kind::equal);
  m.value = std::move(value);
  return m;
}
Matcher one_of(std::vector<Value> values) {
  Matcher m = of_kind(Kind::one_of);
  m.values = std::move(values);
  return m;
}
Matcher matches(std::string regex) {
  Matcher m = of_kind(Kind::matches);
  m.text = std::move(regex);
  return m;
}
Matcher anything() {
  return of_kind(Kind::any);
}
Matcher of_type(std::string type) {
  Matcher m = of_kind(Kind::type);
  m.text = std::move(type);
  return m;
}
Matcher at(Path path, Matcher matcher) {
  Matcher m = with_parts(Kind::at, {std::move(matcher)});
  m.path = std::move(path);
  return m;
}
Matcher at(Path path, Value value) {
  return at(std::move(path), equals(std::move(value)));
}
Matcher has(Path path) {
  Matcher m = of_kind(Kind::has);
  m.path = std::move(path);
  return m;
}
Matcher lacks(Path path) {
  Matcher m = of_kind(Kind::lacks);
  m.path = std::move(path);
  return m;
}
Matcher has_keys(std::vector<Value> keys) {
  Matcher m = of_kind(Kind::keys);
  m.values = std::move(keys);
  return m;
}
Matcher has_length(std::int64_t length) {
  Matcher m = of_kind(Kind::length);
  m.value = length;
  return m;
}
Matcher between(Value low, Value high) {
  Matcher m = of_kind(Kind::between);
  m.values = {std::move(low), std::move(high)};
  return m;
}
Matcher sums_up(std::vector<Path> parts, Path total) {
  Matcher m = of_kind(Kind::sum);
  m.paths = std::move(parts);
  m.path = std::move(total);
  return m;
}
Matcher throws(std::string error_class, std::string message_regex) {
  Matcher m = of_kind(Kind::thrown);
  m.label = std::move(error_class);
  m.text = std::move(message_regex);
  return m;
}
Matcher prints(Matcher matcher) {
  return with_parts(Kind::output, {std::move(matcher)});
}
Matcher prints(std::string text) {
  return prints(equals(Value(std::move(text))));
}
Matcher diagnoses(Matcher matcher) {
  return with_parts(Kind::diagnostics, {std::move(matcher)});
}
Matcher all_of(std::vector<Matcher> parts) {
  return with_parts(Kind::all, std::move(parts));
}
Matcher any_of(std::vector<Matcher> parts) {
  return with_parts(Kind::any_of, std::move(parts));
}
Matcher negated(Matcher matcher) {
  return with_parts(Kind::negation, {std::move(matcher)});
}

std::string to_text(const Matcher& m) {
  switch (m.kind) {
    case Kind::equal:
      return to_text(m.value);
    case Kind::one_of:
      return "one of " + to_text(Value::list(m.values));
    case Kind::matches:
      return fmt::format("a string matching /{}/", m.text);
    case Kind::any:
      return "any value";
    case Kind::type:
      return "a value of type " + m.text;
    case Kind::at:
      return fmt::format("at {}: {}", to_text(m.path), to_text(m.parts.front()));
    case Kind::has:
      return fmt::format("something at {}", to_text(m.path));
    case Kind::lacks:
      return fmt::format("nothing at {}", to_text(m.path));
    case Kind::keys:
      return "the keys " + to_text(Value::list(m.values));
    case Kind::length:
      return "length " + to_text(m.value);
    case Kind::between:
      return fmt::format("between {} and {}", to_text(m.values[0]), to_text(m.values[1]));
    case Kind::grew:
      return fmt::format("{} {} more than in {}", place(m.path), to_text(m.value), m.label);
    case Kind::gained:
      return fmt::format("the keys of {} in {} and besides {}", place(m.path), m.label, to_text(Value::list(m.values)));
    case Kind::same_as:
      return fmt::format("{} as in {}", place(m.path), m.label);
    case Kind::differs_from:
      return fmt::format("{} other than in {}", place(m.path), m.label);
    case Kind::at_least:
      return fmt::format("{} at least that in {}", place(m.path), m.label);
    case Kind::at_most:
      return fmt::format("{} at most that in {}", place(m.path), m.label);
    case Kind::sum: {
      std::string out;
      for (const Path& path : m.paths) out += (out.empty() ? "" : " + ") + to_text(path);
      return out + " = " + to_text(m.path);
    }
    case Kind::thrown:
      return fmt::format("{} thrown{}", m.label.empty() ? "anything" : m.label,
                         m.text.empty() ? "" : fmt::format(" with /{}/", m.text));
    case Kind::output:
      return "output " + to_text(m.parts.front());
    case Kind::diagnostics:
      return "diagnostics " + to_text(m.parts.front());
    case Kind::all:
      return joined(m.parts, " and ");
    case Kind::any_of:
      return joined(m.parts, " or ");
    case Kind::negation:
      return "not " + to_text(m.parts.front());
  }
  return "";
}

}  // namespace assay::conformance
