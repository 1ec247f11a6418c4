#include "conformance/exploration/reply_difference.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

#include "conformance/reports/clean_text.h"

namespace assay::conformance {
namespace {

constexpr std::size_t longest_text = 80;  // of a text in a kind

// What a report says of memory: PART of a path, without the numbers and paths in it.
struct MemoryPart {
  OperationKind operation;
  std::string_view part;
};
constexpr std::array memory_parts = {MemoryPart{OperationKind::script_status, "memory_usage"},
                                     MemoryPart{OperationKind::script_status, "interned_strings_usage"},
                                     MemoryPart{OperationKind::script_status, "memory_consumption"},
                                     MemoryPart{OperationKind::cache_info, "configured_memory"},
                                     MemoryPart{OperationKind::cache_info, "shared_memory"},
                                     MemoryPart{OperationKind::cache_info, "segment_count"},
                                     MemoryPart{OperationKind::cache_info, "shared_model"}};

// Reports list what they have in the order of their tables.
bool is_unordered(OperationKind kind) {
  return kind == OperationKind::script_status || kind == OperationKind::script_configuration ||
         kind == OperationKind::realpath_cache_get || kind == OperationKind::cache_info;
}

std::string text_of(const Key& key) {
  if (std::holds_alternative<std::int64_t>(key)) return "N";
  const std::string& text = std::get<std::string>(key);
  return text.starts_with('@') || text.starts_with('/') ? "PATH" : without_particulars(text);
}

std::string place_of(const Path& path) {
  std::vector<std::string> parts;
  for (const Key& key : path) parts.push_back(text_of(key));
  return parts.empty() ? "value" : fmt::format("value at {}", fmt::join(parts, "/"));
}

std::string form_of(const Value& value) {
  if (value.is_bool() || value.is_null()) return to_text(value);
  return std::string(value.type_name());
}

std::string brief(const std::string& text) {
  const auto last = text.find_last_not_of(" \t\r\n");
  if (last == std::string::npos) return text.empty() ? "nothing" : "blanks";
  return clean_line(without_particulars(text.substr(0, last + 1)), longest_text);
}

std::string literal_regex(const std::string& text) {
  return "^" + re2::RE2::QuoteMeta(text) + "$";
}

// The differences between two replies to one operation.
class ReplyComparison {
 public:
  ReplyComparison(const Observation& a, const Observation& b, const ComparisonRules& rules,
                  std::vector<ReplyDifference>& found)
      : a_(a), b_(b), rules_(rules), found_(found) {}

  void compare() {
    if (a_.reply.kind == Reply::Kind::not_run || b_.reply.kind == Reply::Kind::not_run) return;
    if (a_.operation.kind() == OperationKind::process_id) return;
    if (a_.reply.kind != b_.reply.kind) {
      note("reply", brief_reply(a_.reply), brief_reply(b_.reply), to_text(a_.reply), to_text(b_.reply), reply_of_a());
    } else if (a_.reply.kind == Reply::Kind::thrown) {
      compare_thrown();
    } else {
      Path path;
      compare_values(a_.reply.value, b_.reply.value, path);
    }
    compare_output();
    compare_diagnostics();
  }

 private:
  void note(const std::string& part, const std::string& form_a, const std::string& form_b, std::string shown_a,
            std::string shown_b, Matcher expected) {
    found_.push_back({a_.step, a_.exchange,
                      fmt::format("{}: {}, {} against {}", a_.operation.spec->name, part, form_a, form_b),
                      std::move(shown_a), std::move(shown_b), std::move(expected), std::nullopt});
  }

  static std::string brief_reply(const Reply& reply) {
    return reply.kind == Reply::Kind::thrown ? "thrown " + reply.error_class : form_of(reply.value);
  }

  Matcher reply_of_a() const {
    if (a_.reply.kind == Reply::Kind::thrown)
      return throws(a_.reply.error_class, literal_regex(a_.reply.error_message));
    return a_.reply.value.is_array() ? of_type("array") : equals(a_.reply.value);
  }

  void compare_thrown() {
    if (a_.reply.error_class == b_.reply.error_class && a_.reply.error_message == b_.reply.error_message) return;
    const bool same_class = a_.reply.error_class == b_.reply.error_class;
    const auto form = [&](const Reply& reply) { return same_class ? brief(reply.error_message) : reply.error_class; };
    note(same_class ? "message of " + a_.reply.error_class : "thrown", form(a_.reply), form(b_.reply),
         to_text(a_.reply), to_text(b_.reply), reply_of_a());
  }

  void compare_output() {
    if (a_.reply.output == b_.reply.output) return;
    note("output", brief(a_.reply.output), brief(b_.reply.output), to_text(Value(a_.reply.output)),
         to_text(Value(b_.reply.output)), prints(a_.reply.output));
  }

  // The kind is that of the first that differs.
  void compare_diagnostics() {
    const auto &a = a_.reply.diagnostics, &b = b_.reply.diagnostics;
    if (a == b) return;
    const auto [in_a, in_b] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
    const auto shown = [](const std::vector<std::string>& list) {
      return list.empty() ? std::string("none") : fmt::format("{}", fmt::join(list, "; "));
    };
    note("diagnostics", in_a == a.end() ? "none" : brief(*in_a), in_b == b.end() ? "none" : brief(*in_b), shown(a),
         shown(b), diagnoses(equals(Value::list({a.begin(), a.end()}))));
  }

  bool is_left_aside(const Value& a, const Value& b, const Path& path) const {
    if (!rules_.memory && is_memory(path)) return true;
    const auto is_real_time = [&](const Value& value) {
      return value.is_int() && value.as_int() >= rules_.real_began && value.as_int() <= rules_.real_ended;
    };
    return is_real_time(a) && is_real_time(b);
  }

  bool is_memory(const Path& path) const {
    return std::any_of(path.begin(), path.end(), [&](const Key& key) {
      return std::any_of(memory_parts.begin(), memory_parts.end(), [&](const MemoryPart& memory) {
        return memory.operation == a_.operation.kind() && key == Key(std::string(memory.part));
      });
    });
  }

  void note_value(const Path& path, const Value* a, const Value* b) {
    const auto form = [](const Value* value) { return value ? form_of(*value) : std::string("nothing"); };
    const auto shown = [](const Value* value) { return value ? to_text(*value) : std::string("nothing there"); };
    const std::string where = path.empty() ? "" : to_text(path) + " = ";
    note(place_of(path), form(a), form(b), where + shown(a), where + shown(b), value_of_a(path, a, b));
  }

  static Matcher value_of_a(const Path& path, const Value* a, const Value* b) {
    if (!a) return lacks(path);
    if (!b) return has(path);
    // Where the types differ the type says it: an array of a report may hold what is left aside.
    Matcher value = a->is_array() && !b->is_array() ? of_type("array") : equals(*a);
    return path.empty() ? value : at(path, std::move(value));
  }

  void compare_values(const Value& a, const Value& b, Path& path) {
    if (a == b || is_left_aside(a, b, path)) return;
    if (!a.is_array() || !b.is_array()) return note_value(path, &a, &b);
    const auto descend = [&](const Key& key, const Value* in_a, const Value* in_b) {
      path.push_back(key);
      if (in_a && in_b)
        compare_values(*in_a, *in_b, path);
      else if (rules_.memory || !is_memory(path))
        note_value(path, in_a, in_b);
      path.pop_back();
    };
    const std::size_t before = found_.size();
    for (const auto& [key, value] : a.as_array()) descend(key, &value, b.find(key));
    for (const auto& [key, value] : b.as_array())
      if (!a.find(key)) descend(key, nullptr, &value);
    if (found_.size() == before && !is_unordered(a_.operation.kind()) && keys_of(a) != keys_of(b))
      note(place_of(path) + " in another order", "array", "array", to_text(a), to_text(b), order_of_a(a, path));
  }

  static std::vector<Value> keys_of(const Value& array) {
    std::vector<Value> keys;
    for (const auto& [key, value] : array.as_array())
      keys.push_back(std::visit([](const auto& name) { return Value(name); }, key));
    return keys;
  }

  static Matcher order_of_a(const Value& a, const Path& path) {
    Matcher order = has_keys(keys_of(a));
    return path.empty() ? order : at(path, std::move(order));
  }

  const Observation& a_;
  const Observation& b_;
  const ComparisonRules& rules_;
  std::vector<ReplyDifference>& found_;
};

using ByPlace = std::map<std::pair<std::size_t, std::size_t>, const Observation*>;

ByPlace by_place(std::span<const Observation> observations) {
  ByPlace places;
  for (const Observation& seen : observations) places[{seen.step, seen.exchange}] = &seen;
  return places;
}

// The operation in which a request ended otherwise: the first that was not run on one side, else the first.
bool is_where_it_ended(const ByPlace& a, const ByPlace& b, std::size_t step, std::size_t exchange) {
  const auto was_run = [&](const ByPlace& side, std::size_t at) {
    const auto found = side.find({step, at});
    return found != side.end() && found->second->reply.kind != Reply::Kind::not_run;
  };
  const auto both = [&](std::size_t at) { return was_run(a, at) && was_run(b, at); };
  for (std::size_t at = 0; a.contains({step, at}); ++at)
    if (!both(at)) return at == exchange;
  return exchange == 0;
}

}  // namespace

std::vector<ReplyDifference> differences_between(std::span<const Observation> a, std::span<const Observation> b,
                                                 const ComparisonRules& rules) {
  std::vector<ReplyDifference> found;
  const ByPlace places_a = by_place(a), places_b = by_place(b);
  for (const auto& [place, in_a] : places_a) {
    const auto other = places_b.find(place);
    if (other == places_b.end()) continue;
    const Observation& in_b = *other->second;
    if (in_a->outcome != in_b.outcome && is_where_it_ended(places_a, places_b, place.first, place.second)) {
      const std::string end_a(to_text(in_a->outcome)), end_b(to_text(in_b.outcome));
      found.push_back({place.first, place.second,
                       fmt::format("{}: end of the request, {} against {}", in_a->operation.spec->name, end_a, end_b),
                       "the request " + end_a, "the request " + end_b, std::nullopt, in_a->outcome});
    }
    ReplyComparison(*in_a, in_b, rules, found).compare();
  }
  return found;
}

std::string without_particulars(const std::string& text) {
  static const re2::RE2 path(R"((@|/)[^\s'"(),;:]*)");
  static const re2::RE2 number(R"(\d+(\.\d+)?)");
  std::string general = text;
  re2::RE2::GlobalReplace(&general, path, "PATH");
  re2::RE2::GlobalReplace(&general, number, "N");
  return general;
}

}  // namespace assay::conformance
