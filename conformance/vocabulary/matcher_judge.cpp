// Judging: what each matcher means.
#include <fmt/format.h>

#include <algorithm>
#include <regex>

#include "conformance/vocabulary/matcher.h"

namespace assay::conformance {
namespace {

std::optional<double> number(const Value* value) {
  if (value && value->is_int()) return static_cast<double>(value->as_int());
  if (value && value->is_float()) return value->as_float();
  return std::nullopt;
}

Value diagnostics_value(const Reply& reply) {
  std::vector<Value> lines(reply.diagnostics.begin(), reply.diagnostics.end());
  return Value::list(std::move(lines));
}

Value as_value(const Key& key) {
  if (const auto* number = std::get_if<std::int64_t>(&key)) return *number;
  return std::get<std::string>(key);
}

class Judge {
 public:
  Judge(const Matcher& matcher, const Reply& reply, const Labelled& earlier)
      : m_(matcher), r_(reply), earlier_(earlier) {}

  bool holds() const {
    using Kind = Matcher::Kind;
    switch (m_.kind) {
      case Kind::thrown:
        return r_.kind == Reply::Kind::thrown && (m_.label.empty() || m_.label == r_.error_class) &&
               std::regex_search(r_.error_message, std::regex(m_.text));
      case Kind::output:
        return part_holds(m_.parts.front(), Reply::of(r_.output));
      case Kind::diagnostics:
        return part_holds(m_.parts.front(), Reply::of(diagnostics_value(r_)));
      case Kind::all:
        return std::all_of(m_.parts.begin(), m_.parts.end(), [&](const Matcher& p) { return part_holds(p, r_); });
      case Kind::any_of:
        return std::any_of(m_.parts.begin(), m_.parts.end(), [&](const Matcher& p) { return part_holds(p, r_); });
      case Kind::negation:
        return r_.kind != Reply::Kind::not_run && !part_holds(m_.parts.front(), r_);
      default:
        return r_.kind == Reply::Kind::value && value_holds();
    }
  }

 private:
  bool part_holds(const Matcher& part, const Reply& reply) const { return Judge(part, reply, earlier_).holds(); }

  bool value_holds() const {
    using Kind = Matcher::Kind;
    const Value& v = r_.value;
    const Value* there = v.at(m_.path);
    switch (m_.kind) {
      case Kind::equal:
        return v == m_.value;
      case Kind::one_of:
        return std::count(m_.values.begin(), m_.values.end(), v) > 0;
      case Kind::matches:
        return v.is_string() && std::regex_search(v.as_string(), std::regex(m_.text));
      case Kind::type:
        return v.type_name() == m_.text;
      case Kind::at:
        return there && part_holds(m_.parts.front(), Reply::of(*there));
      case Kind::has:
        return there != nullptr;
      case Kind::lacks:
        return there == nullptr;
      case Kind::keys:
        return keys_hold(v);
      case Kind::length:
        return (v.is_array() && Value(static_cast<std::int64_t>(v.as_array().size())) == m_.value) ||
               (v.is_string() && Value(static_cast<std::int64_t>(v.as_string().size())) == m_.value);
      case Kind::between:
        return number(&v) && *number(&m_.values[0]) <= *number(&v) && *number(&v) <= *number(&m_.values[1]);
      case Kind::sum:
        return sum_holds(v);
      case Kind::any:
        return true;
      default:
        return relation_holds(there);
    }
  }

  bool keys_hold(const Value& v) const {
    if (!v.is_array() || v.as_array().size() != m_.values.size()) return false;
    for (std::size_t i = 0; i < m_.values.size(); ++i) {
      if (!(as_value(v.as_array()[i].first) == m_.values[i])) return false;
    }
    return true;
  }

  bool sum_holds(const Value& v) const {
    double total = 0;
    for (const Path& path : m_.paths) {
      const auto part = number(v.at(path));
      if (!part) return false;
      total += *part;
    }
    const auto expected = number(v.at(m_.path));
    return expected && *expected == total;
  }

  bool relation_holds(const Value* there) const {
    const auto found = earlier_.find(m_.label);
    if (found == earlier_.end() || found->second.kind != Reply::Kind::value) return false;
    const Value* before = found->second.value.at(m_.path);
    if (!there || !before) return false;
    using Kind = Matcher::Kind;
    if (m_.kind == Kind::same_as) return *there == *before;
    if (m_.kind == Kind::differs_from) return !(*there == *before);
    if (m_.kind == Kind::gained) return gained(*there, *before);
    const auto now = number(there), then = number(before);
    if (!now || !then) return false;
    if (m_.kind == Kind::at_least) return *now >= *then;
    if (m_.kind == Kind::at_most) return *now <= *then;
    if (!m_.value.is_array()) return *now == *then + *number(&m_.value);
    const auto bound = [&](std::int64_t i) { return *number(m_.value.find(Key(i))); };
    return *then + bound(0) <= *now && *now <= *then + bound(1);
  }

  bool gained(const Value& now, const Value& before) const {
    if (!now.is_array() || !before.is_array()) return false;
    const auto whole = [](const Value& key) { return to_text(key, std::string::npos); };
    std::vector<std::string> expected, actual;
    for (const auto& [key, element] : before.as_array()) expected.push_back(whole(as_value(key)));
    for (const Value& key : m_.values) expected.push_back(whole(key));
    for (const auto& [key, element] : now.as_array()) actual.push_back(whole(as_value(key)));
    std::sort(expected.begin(), expected.end());
    std::sort(actual.begin(), actual.end());
    return expected == actual;
  }

  const Matcher& m_;
  const Reply& r_;
  const Labelled& earlier_;
};

std::string earlier_value(const Matcher& matcher, const Labelled& earlier) {
  const auto found = earlier.find(matcher.label);
  if (matcher.label.empty() || found == earlier.end()) return "";
  if (found->second.kind != Reply::Kind::value) return fmt::format(" (there: {})", to_text(found->second));
  const Value* before = found->second.value.at(matcher.path);
  return fmt::format(" (there: {})", before ? to_text(*before, 200) : "nothing");
}

}  // namespace

std::optional<std::string> mismatch(const Matcher& matcher, const Reply& reply, const Labelled& earlier) {
  if (matcher.kind == Matcher::Kind::all) {
    for (const Matcher& part : matcher.parts) {
      if (auto found = mismatch(part, reply, earlier)) return found;
    }
    return std::nullopt;
  }
  if (Judge(matcher, reply, earlier).holds()) return std::nullopt;
  return to_text(matcher) + earlier_value(matcher, earlier);
}

}  // namespace assay::conformance
