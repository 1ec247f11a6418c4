// Judging by any matcher, and the builders.
#include "conformance/vocabulary/matcher.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace assay::conformance {
namespace {

template <class M>
bool matches_reply(const M& matcher, const Reply& reply, const Labelled& earlier) {
  if constexpr (judges_value<M>)
    return reply.kind == Reply::Kind::value && matcher.holds(reply.value, earlier);
  else
    return matcher.holds(reply, earlier);
}

std::string there(const Earlier& place, const Labelled& earlier) {
  const auto found = earlier.find(place.label);
  if (found == earlier.end()) return "";
  if (found->second.kind != Reply::Kind::value) return fmt::format(" (there: {})", to_text(found->second));
  const Value* before = found->second.value.at(place.path);
  return fmt::format(" (there: {})", before ? to_text(*before, 200) : "nothing");
}

// What was expected, with the earlier value that it speaks of.
template <class M>
std::string expectation(const M& matcher, const Labelled& earlier) {
  if constexpr (requires { matcher.since; })
    return matcher.text() + there(matcher.since, earlier);
  else if constexpr (requires { matcher.reply; })
    return matcher.text() + there(matcher.reply, earlier);
  else
    return matcher.text();
}

// The place in the reply that a matcher speaks of; nullptr: all of it.
template <class M>
const Path* place_of(const M& matcher) {
  if constexpr (requires { matcher.since.path; })
    return &matcher.since.path;
  else if constexpr (requires { matcher.reply.path; })
    return &matcher.reply.path;
  else if constexpr (requires { matcher.path; })
    return &matcher.path;
  else
    return nullptr;
}

}  // namespace

Matcher::Matcher() = default;
Matcher::Matcher(const Matcher&) = default;
Matcher::Matcher(Matcher&&) noexcept = default;
Matcher& Matcher::operator=(const Matcher&) = default;
Matcher& Matcher::operator=(Matcher&&) noexcept = default;
Matcher::~Matcher() = default;

bool operator==(const Matcher& a, const Matcher& b) {
  return to_json(a) == to_json(b);
}

std::optional<std::string> mismatch(const Matcher& matcher, const Reply& reply, const Labelled& earlier) {
  if (const auto* all = std::get_if<matchers::All>(&matcher.form)) {
    for (const Matcher& part : all->parts) {
      if (auto found = mismatch(part, reply, earlier)) return found;
    }
    return std::nullopt;
  }
  return std::visit(
      [&](const auto& form) {
        return matches_reply(form, reply, earlier) ? std::nullopt : std::optional(expectation(form, earlier));
      },
      matcher.form);
}

std::string actual_of(const Matcher& matcher, const Reply& reply, const Labelled& earlier) {
  if (const auto* all = std::get_if<matchers::All>(&matcher.form)) {
    for (const Matcher& part : all->parts)
      if (mismatch(part, reply, earlier)) return actual_of(part, reply, earlier);
  }
  const Path* path = std::visit([](const auto& form) { return place_of(form); }, matcher.form);
  if (!path || path->empty() || reply.kind != Reply::Kind::value) return to_text(reply);
  const Value* value = reply.value.at(*path);
  return value ? fmt::format("{} there", to_text(*value)) : "nothing there, in " + to_text(reply);
}

std::string to_text(const Matcher& matcher) {
  return std::visit([](const auto& form) { return form.text(); }, matcher.form);
}

Matcher equals(Value value) {
  return matchers::Equal{std::move(value)};
}
Matcher one_of(std::vector<Value> values) {
  return matchers::OneOf{std::move(values)};
}
Matcher matches(std::string regex) {
  return matchers::Matches{Pattern(std::move(regex))};
}
Matcher anything() {
  return matchers::Any{};
}
Matcher of_type(std::string type) {
  return matchers::Type{std::move(type)};
}
Matcher at(Path path, Matcher matcher) {
  return matchers::At{std::move(path), std::move(matcher)};
}
Matcher at(Path path, Value value) {
  return at(std::move(path), equals(std::move(value)));
}
Matcher has(Path path) {
  return matchers::Has{std::move(path)};
}
Matcher lacks(Path path) {
  return matchers::Lacks{std::move(path)};
}
Matcher has_keys(std::vector<Value> keys) {
  return matchers::Keys{std::move(keys)};
}
Matcher has_length(std::int64_t length) {
  return matchers::Length{length};
}
Matcher between(Value low, Value high) {
  return matchers::Between{{std::move(low), std::move(high)}};
}
Matcher sums_up(std::vector<Path> parts, Path total) {
  return matchers::Sum{std::move(parts), std::move(total)};
}
Matcher throws(std::string error_class, std::string message_regex) {
  return matchers::Thrown{std::move(error_class), Pattern(std::move(message_regex))};
}
Matcher prints(Matcher matcher) {
  return matchers::Output{std::move(matcher)};
}
Matcher prints(std::string text) {
  return prints(equals(Value(std::move(text))));
}
Matcher diagnoses(Matcher matcher) {
  return matchers::Diagnostics{std::move(matcher)};
}
Matcher all_of(std::vector<Matcher> parts) {
  return matchers::All{std::move(parts)};
}
Matcher any_of(std::vector<Matcher> parts) {
  return matchers::AnyOf{std::move(parts)};
}
Matcher negated(Matcher matcher) {
  return matchers::Not{std::move(matcher)};
}

}  // namespace assay::conformance
