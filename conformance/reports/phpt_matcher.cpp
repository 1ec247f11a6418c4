#include "conformance/reports/phpt_matcher.h"

#include <fmt/format.h>

#include "conformance/reports/phpt_values.h"

namespace assay::conformance {
namespace {

using Kind = Matcher::Kind;

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

Expected<std::string> joined(const std::vector<Matcher>& parts, const std::string& reply, const char* between) {
  std::string out;
  for (const Matcher& part : parts) {
    auto condition = php_condition(part, reply);
    if (!condition) return condition;
    out += (out.empty() ? "(" : between) + *condition;
  }
  return out.empty() ? "true" : out + ")";
}

Expected<std::string> text_list(const std::vector<Value>& values) {
  std::string out = "[";
  for (const Value& value : values) {
    const auto literal = text_literal(value);
    if (!literal) return literal;
    out += (out.size() > 1 ? ", " : "") + *literal;
  }
  return out + "]";
}

// What a matcher says of one value, $r->value.
Expected<std::string> about_value(const Matcher& m, const std::string& value) {
  switch (m.kind) {
    case Kind::equal:
      return text_literal(m.value).map([&](const std::string& t) { return fmt::format("text({}) === {}", value, t); });
    case Kind::one_of:
      return text_list(m.values).map(
          [&](const std::string& t) { return fmt::format("in_array(text({}), {}, true)", value, t); });
    case Kind::matches:
      return fmt::format("is_string({0}) && preg_match({1}, with_at({0})) === 1", value, pattern(m.text));
    case Kind::any:
      return "true";
    case Kind::type:
      return fmt::format("type_of({}) === {}", value, php_text_literal(m.text));
    case Kind::has:
      return fmt::format("there({}, {})", value, path_literal(m.path));
    case Kind::lacks:
      return fmt::format("!there({}, {})", value, path_literal(m.path));
    case Kind::keys:
      return text_list(m.values).map([&](const std::string& t) {
        return fmt::format("is_array({0}) && array_map('text', array_keys({0})) === {1}", value, t);
      });
    case Kind::length:
      return fmt::format("length({}) === {}", value, m.value.as_int());
    case Kind::between: {
      const auto low = php_literal(m.values[0]), high = php_literal(m.values[1]);
      if (!low || !high) return low ? high : low;
      return fmt::format("is_number({0}) && {1} <= {0} && {0} <= {2}", value, *low, *high);
    }
    case Kind::sum: {
      std::string parts;
      for (const Path& path : m.paths) parts += (parts.empty() ? "" : ", ") + path_literal(path);
      return fmt::format("adds_up({}, [{}], {})", value, parts, path_literal(m.path));
    }
    case Kind::grew: {
      const auto by = php_literal(m.value);
      if (!by) return by;
      return fmt::format("grew({}, $replies[{}], {}, {})", value, php_text_literal(m.label), path_literal(m.path), *by);
    }
    case Kind::gained:
      return text_list(m.values).map([&](const std::string& keys) {
        return fmt::format("gained({}, $replies[{}], {}, {})", value, php_text_literal(m.label), path_literal(m.path), keys);
      });
    case Kind::same_as:
    case Kind::differs_from:
    case Kind::at_least:
    case Kind::at_most:
      return fmt::format("{}({}, $replies[{}], {})",
                         m.kind == Kind::same_as        ? "same_as"
                         : m.kind == Kind::differs_from ? "differs_from"
                         : m.kind == Kind::at_least     ? "at_least"
                                                        : "at_most",
                         value, php_text_literal(m.label), path_literal(m.path));
    default:
      return failure("a matcher has no PHP form");
  }
}

}  // namespace

Expected<std::string> php_condition(const Matcher& m, const std::string& reply) {
  // A part of the reply becomes a reply of its own, in a function of its own.
  const auto inner = [&](const std::string& part) {
    return php_condition(m.parts.front(), "$part").map([&](const std::string& condition) {
      return fmt::format("(fn($part) => {})({})", condition, part);
    });
  };
  switch (m.kind) {
    case Kind::thrown:
      return fmt::format("threw({}, {}, {})", reply, php_text_literal(m.label), pattern(m.text));
    case Kind::output:
      return inner(fmt::format("value({}->output)", reply));
    case Kind::diagnostics:
      return inner(fmt::format("value({}->diagnostics)", reply));
    case Kind::all:
      return joined(m.parts, reply, " && ");
    case Kind::any_of:
      return m.parts.empty() ? Expected<std::string>("false") : joined(m.parts, reply, " || ");
    case Kind::negation:
      return php_condition(m.parts.front(), reply).map([](const std::string& c) { return "!(" + c + ")"; });
    case Kind::at: {
      const std::string path = path_literal(m.path);
      const auto part = inner(fmt::format("value(at({}->value, {}))", reply, path));
      if (!part) return part;
      return fmt::format("({0}->is_value && there({0}->value, {1}) && {2})", reply, path, *part);
    }
    default:
      return about_value(m, reply + "->value").map([&](const std::string& condition) {
        return fmt::format("({}->is_value && {})", reply, condition);
      });
  }
}

}  // namespace assay::conformance
