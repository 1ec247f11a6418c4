#include "conformance/reports/phpt_matcher.h"

#include <fmt/format.h>

#include "conformance/reports/phpt_values.h"

namespace assay::conformance {
namespace {

std::string pattern(const std::string& regex) {
  std::string escaped;
  for (const char c : regex) escaped += c == '~' ? std::string("\\~") : std::string(1, c);
  // Not a path of the sandbox, whatever it looks like.
  std::string literal = "\"~";
  for (const unsigned char c : escaped) {
    if (c == '"' || c == '\\' || c == '$')
      literal += fmt::format("\\{}", static_cast<char>(c));
    else if (c < 0x20 || c >= 0x7f)
      literal += fmt::format("\\x{:02x}", c);
    else
      literal += static_cast<char>(c);
  }
  return literal + "~\"";
}

std::string path_literal(const Path& path) {
  std::string out = "[";
  for (const Key& key : path) {
    const auto* number = std::get_if<std::int64_t>(&key);
    out += (out.size() > 1 ? ", " : "") +
           (number ? fmt::format("{}", *number) : php_text_literal(std::get<std::string>(key)));
  }
  return out + "]";
}

// The text of a value as a PHP literal, to be compared with text(...).
Expected<std::string> text_literal(const Value& value) {
  return phpt_text(value).map([](const std::string& text) {
    std::string literal = "'";
    for (const char c : text) literal += c == '\'' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    return literal + "'";
  });
}

Expected<std::string> text_list(const std::vector<Value>& values) {
  std::string out = "[";
  for (const Value& value : values) {
    const auto literal = ASSAY_TRY(text_literal(value));
    out += (out.size() > 1 ? ", " : "") + literal;
  }
  return out + "]";
}

Expected<std::string> joined(const std::vector<Matcher>& parts, const std::string& reply, const char* between) {
  std::string out;
  for (const Matcher& part : parts) out += (out.empty() ? "(" : between) + ASSAY_TRY(php_condition(part, reply));
  return out + ")";
}

// A part of the reply becomes a reply of its own, in a function of its own.
Expected<std::string> of_part(const Inner& matcher, const std::string& part) {
  return php_condition(*matcher, "$part").map([&](const std::string& condition) {
    return fmt::format("(fn($part) => {})({})", condition, part);
  });
}

// A function of the harness that compares a value with an earlier reply.
std::string compared(const char* function, const std::string& value, const Earlier& earlier,
                     const std::string& more = "") {
  return fmt::format("{}({}, $replies[{}], {}{})", function, value, php_text_literal(earlier.label),
                     path_literal(earlier.path), more);
}

// The condition of each matcher. `value` is an expression for the value of a reply that has one, `reply` one for the reply.

Expected<std::string> condition(const matchers::Any&, const std::string&) {
  return "true";
}
Expected<std::string> condition(const matchers::Equal& m, const std::string& value) {
  return fmt::format("text({}) === {}", value, ASSAY_TRY(text_literal(m.value)));
}
Expected<std::string> condition(const matchers::OneOf& m, const std::string& value) {
  return fmt::format("in_array(text({}), {}, true)", value, ASSAY_TRY(text_list(m.values)));
}
Expected<std::string> condition(const matchers::Matches& m, const std::string& value) {
  return fmt::format("is_string({0}) && preg_match({1}, with_at({0})) === 1", value, pattern(m.pattern.text()));
}
Expected<std::string> condition(const matchers::Type& m, const std::string& value) {
  return fmt::format("type_of({}) === {}", value, php_text_literal(m.name));
}
Expected<std::string> condition(const matchers::At& m, const std::string& value) {
  const std::string path = path_literal(m.path);
  return fmt::format("there({0}, {1}) && {2}", value, path,
                     ASSAY_TRY(of_part(m.is, fmt::format("value(at({}, {}))", value, path))));
}
Expected<std::string> condition(const matchers::Has& m, const std::string& value) {
  return fmt::format("there({}, {})", value, path_literal(m.path));
}
Expected<std::string> condition(const matchers::Lacks& m, const std::string& value) {
  return fmt::format("!there({}, {})", value, path_literal(m.path));
}
Expected<std::string> condition(const matchers::Keys& m, const std::string& value) {
  return fmt::format("is_array({0}) && array_map('text', array_keys({0})) === {1}", value,
                     ASSAY_TRY(text_list(m.keys)));
}
Expected<std::string> condition(const matchers::Length& m, const std::string& value) {
  return fmt::format("length({}) === {}", value, m.length);
}
Expected<std::string> condition(const matchers::Between& m, const std::string& value) {
  return fmt::format("is_number({0}) && {1} <= {0} && {0} <= {2}", value, ASSAY_TRY(php_literal(m.range.low)),
                     ASSAY_TRY(php_literal(m.range.high)));
}
Expected<std::string> condition(const matchers::Grew& m, const std::string& value) {
  const Value by = m.by.is_range ? Value::list({m.by.low, m.by.high}) : m.by.low;
  return compared("grew", value, m.since, ", " + ASSAY_TRY(php_literal(by)));
}
Expected<std::string> condition(const matchers::Gained& m, const std::string& value) {
  return compared("gained", value, m.since, ", " + ASSAY_TRY(text_list(m.keys)));
}
Expected<std::string> condition(const matchers::SameAs& m, const std::string& value) {
  return compared("same_as", value, m.reply);
}
Expected<std::string> condition(const matchers::DiffersFrom& m, const std::string& value) {
  return compared("differs_from", value, m.reply);
}
Expected<std::string> condition(const matchers::AtLeast& m, const std::string& value) {
  return compared("at_least", value, m.reply);
}
Expected<std::string> condition(const matchers::AtMost& m, const std::string& value) {
  return compared("at_most", value, m.reply);
}
Expected<std::string> condition(const matchers::Sum& m, const std::string& value) {
  std::string parts;
  for (const Path& path : m.of) parts += (parts.empty() ? "" : ", ") + path_literal(path);
  return fmt::format("adds_up({}, [{}], {})", value, parts, path_literal(m.is));
}
Expected<std::string> condition(const matchers::Thrown& m, const std::string& reply) {
  return fmt::format("threw({}, {}, {})", reply, php_text_literal(m.error_class), pattern(m.message.text()));
}
Expected<std::string> condition(const matchers::Output& m, const std::string& reply) {
  return of_part(m.is, fmt::format("value({}->output)", reply));
}
Expected<std::string> condition(const matchers::Diagnostics& m, const std::string& reply) {
  return of_part(m.are, fmt::format("value({}->diagnostics)", reply));
}
Expected<std::string> condition(const matchers::All& m, const std::string& reply) {
  return m.parts.empty() ? Expected<std::string>("true") : joined(m.parts, reply, " && ");
}
Expected<std::string> condition(const matchers::AnyOf& m, const std::string& reply) {
  return m.parts.empty() ? Expected<std::string>("false") : joined(m.parts, reply, " || ");
}
Expected<std::string> condition(const matchers::Not& m, const std::string& reply) {
  return "!(" + ASSAY_TRY(php_condition(*m.matcher, reply)) + ")";
}

}  // namespace

Expected<std::string> php_condition(const Matcher& matcher, const std::string& reply) {
  return std::visit(
      [&]<class M>(const M& form) -> Expected<std::string> {
        if constexpr (judges_value<M>)
          return fmt::format("({}->is_value && {})", reply, ASSAY_TRY(condition(form, reply + "->value")));
        else
          return condition(form, reply);
      },
      matcher.form);
}

}  // namespace assay::conformance
