// What each matcher means, and how it is worded.
#include "conformance/vocabulary/matchers.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "conformance/vocabulary/matcher.h"

namespace assay::conformance {

Inner::Inner() : matcher_(std::make_unique<Matcher>()) {}
Inner::Inner(Matcher matcher) : matcher_(std::make_unique<Matcher>(std::move(matcher))) {}
Inner::Inner(const Inner& other) : matcher_(std::make_unique<Matcher>(*other)) {}
Inner::Inner(Inner&&) noexcept = default;
Inner& Inner::operator=(Inner other) noexcept {
  matcher_.swap(other.matcher_);
  return *this;
}
Inner::~Inner() = default;

namespace matchers {
namespace {

std::optional<double> number(const Value* value) {
  if (value && value->is_int()) return static_cast<double>(value->as_int());
  if (value && value->is_float()) return value->as_float();
  return std::nullopt;
}

// What stands at a place now and stood there in an earlier reply; nullptr where there is or was nothing.
struct Pair {
  Pair(const Value& value, const Earlier& place, const Labelled& earlier) : now(value.at(place.path)) {
    const auto reply = earlier.find(place.label);
    if (reply != earlier.end() && reply->second.kind == Reply::Kind::value) then = reply->second.value.at(place.path);
  }

  const Value* now;
  const Value* then = nullptr;
};

bool matches_part(const Matcher& matcher, const Reply& reply, const Labelled& earlier) {
  return !mismatch(matcher, reply, earlier);
}

Value as_value(const Key& key) {
  if (const auto* number = std::get_if<std::int64_t>(&key)) return *number;
  return std::get<std::string>(key);
}

std::string place(const Path& path) {
  return path.empty() ? "the value" : to_text(path);
}

std::string joined(const std::vector<Matcher>& parts, const char* between) {
  std::string out;
  for (const Matcher& part : parts) out += (out.empty() ? "" : between) + to_text(part);
  return out;
}

}  // namespace

std::string Any::text() const {
  return "any value";
}
bool Any::holds(const Value&, const Labelled&) const {
  return true;
}

std::string Equal::text() const {
  return to_text(value);
}
bool Equal::holds(const Value& found, const Labelled&) const {
  return found == value;
}

std::string OneOf::text() const {
  return "one of " + to_text(Value::list(values));
}
bool OneOf::holds(const Value& value, const Labelled&) const {
  return std::count(values.begin(), values.end(), value) > 0;
}

std::string Matches::text() const {
  return fmt::format("a string matching /{}/", pattern.text());
}
bool Matches::holds(const Value& value, const Labelled&) const {
  return value.is_string() && pattern.found_in(value.as_string());
}

std::string Type::text() const {
  return "a value of type " + name;
}
bool Type::holds(const Value& value, const Labelled&) const {
  return value.type_name() == name;
}

std::string At::text() const {
  return fmt::format("at {}: {}", to_text(path), to_text(*is));
}
bool At::holds(const Value& value, const Labelled& earlier) const {
  const Value* there = value.at(path);
  return there && matches_part(*is, Reply::of(*there), earlier);
}

std::string Has::text() const {
  return fmt::format("something at {}", to_text(path));
}
bool Has::holds(const Value& value, const Labelled&) const {
  return value.at(path) != nullptr;
}

std::string Lacks::text() const {
  return fmt::format("nothing at {}", to_text(path));
}
bool Lacks::holds(const Value& value, const Labelled&) const {
  return value.at(path) == nullptr;
}

std::string Keys::text() const {
  return "the keys " + to_text(Value::list(keys));
}
bool Keys::holds(const Value& value, const Labelled&) const {
  return value.is_array() &&
         std::ranges::equal(value.as_array(), keys, {}, [](const auto& element) { return as_value(element.first); });
}

std::string Length::text() const {
  return fmt::format("length {}", length);
}
bool Length::holds(const Value& value, const Labelled&) const {
  if (value.is_array()) return static_cast<std::int64_t>(value.as_array().size()) == length;
  return value.is_string() && static_cast<std::int64_t>(value.as_string().size()) == length;
}

std::string Between::text() const {
  return fmt::format("between {} and {}", to_text(range.low), to_text(range.high));
}
bool Between::holds(const Value& value, const Labelled&) const {
  const auto found = number(&value);
  return found && *number(&range.low) <= *found && *found <= *number(&range.high);
}

std::string Grew::text() const {
  const Value amount = by.is_range ? Value::list({by.low, by.high}) : by.low;
  return fmt::format("{} {} more than in {}", place(since.path), to_text(amount), since.label);
}
bool Grew::holds(const Value& value, const Labelled& earlier) const {
  const Pair pair(value, since, earlier);
  const auto now = number(pair.now), then = number(pair.then);
  return now && then && *then + *number(&by.low) <= *now && *now <= *then + *number(&by.high);
}

std::string Gained::text() const {
  return fmt::format("the keys of {} in {} and besides {}", place(since.path), since.label, to_text(Value::list(keys)));
}
bool Gained::holds(const Value& value, const Labelled& earlier) const {
  const Pair pair(value, since, earlier);
  if (!pair.now || !pair.then || !pair.now->is_array() || !pair.then->is_array()) return false;
  const auto whole = [](const Value& key) { return to_text(key, std::string::npos); };
  std::vector<std::string> expected, actual;
  for (const auto& [key, element] : pair.then->as_array()) expected.push_back(whole(as_value(key)));
  for (const Value& key : keys) expected.push_back(whole(key));
  for (const auto& [key, element] : pair.now->as_array()) actual.push_back(whole(as_value(key)));
  std::sort(expected.begin(), expected.end());
  std::sort(actual.begin(), actual.end());
  return expected == actual;
}

std::string SameAs::text() const {
  return fmt::format("{} as in {}", place(reply.path), reply.label);
}
bool SameAs::holds(const Value& value, const Labelled& earlier) const {
  const Pair pair(value, reply, earlier);
  return pair.now && pair.then && *pair.now == *pair.then;
}

std::string DiffersFrom::text() const {
  return fmt::format("{} other than in {}", place(reply.path), reply.label);
}
bool DiffersFrom::holds(const Value& value, const Labelled& earlier) const {
  const Pair pair(value, reply, earlier);
  return pair.now && pair.then && !(*pair.now == *pair.then);
}

std::string AtLeast::text() const {
  return fmt::format("{} at least that in {}", place(reply.path), reply.label);
}
bool AtLeast::holds(const Value& value, const Labelled& earlier) const {
  const Pair pair(value, reply, earlier);
  const auto now = number(pair.now), then = number(pair.then);
  return now && then && *now >= *then;
}

std::string AtMost::text() const {
  return fmt::format("{} at most that in {}", place(reply.path), reply.label);
}
bool AtMost::holds(const Value& value, const Labelled& earlier) const {
  const Pair pair(value, reply, earlier);
  const auto now = number(pair.now), then = number(pair.then);
  return now && then && *now <= *then;
}

std::string Sum::text() const {
  std::string out;
  for (const Path& path : of) out += (out.empty() ? "" : " + ") + to_text(path);
  return out + " = " + to_text(is);
}
bool Sum::holds(const Value& value, const Labelled&) const {
  double total = 0;
  for (const Path& path : of) {
    const auto part = number(value.at(path));
    if (!part) return false;
    total += *part;
  }
  const auto expected = number(value.at(is));
  return expected && *expected == total;
}

std::string Thrown::text() const {
  return fmt::format("{} thrown{}", error_class.empty() ? "anything" : error_class,
                     message.text().empty() ? "" : fmt::format(" with /{}/", message.text()));
}
bool Thrown::holds(const Reply& reply, const Labelled&) const {
  return reply.kind == Reply::Kind::thrown && (error_class.empty() || error_class == reply.error_class) &&
         message.found_in(reply.error_message);
}

std::string Output::text() const {
  return "output " + to_text(*is);
}
bool Output::holds(const Reply& reply, const Labelled& earlier) const {
  return matches_part(*is, Reply::of(reply.output), earlier);
}

std::string Diagnostics::text() const {
  return "diagnostics " + to_text(*are);
}
bool Diagnostics::holds(const Reply& reply, const Labelled& earlier) const {
  const std::vector<Value> lines(reply.diagnostics.begin(), reply.diagnostics.end());
  return matches_part(*are, Reply::of(Value::list(lines)), earlier);
}

std::string All::text() const {
  return joined(parts, " and ");
}
bool All::holds(const Reply& reply, const Labelled& earlier) const {
  return std::ranges::all_of(parts, [&](const Matcher& part) { return matches_part(part, reply, earlier); });
}

std::string AnyOf::text() const {
  return joined(parts, " or ");
}
bool AnyOf::holds(const Reply& reply, const Labelled& earlier) const {
  return std::ranges::any_of(parts, [&](const Matcher& part) { return matches_part(part, reply, earlier); });
}

std::string Not::text() const {
  return "not " + to_text(*matcher);
}
bool Not::holds(const Reply& reply, const Labelled& earlier) const {
  return reply.kind != Reply::Kind::not_run && !matches_part(*matcher, reply, earlier);
}

}  // namespace matchers
}  // namespace assay::conformance
