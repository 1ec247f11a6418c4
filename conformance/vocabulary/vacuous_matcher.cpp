#include "conformance/vocabulary/vacuous_matcher.h"

#include <algorithm>

namespace assay::conformance {
namespace {

using namespace matchers;

// Whether it holds for every value of one type: what a reply printed is a string, what was diagnosed an array.
bool matches_every_value(const Matcher& matcher, std::string_view type) {
  const auto inside = [&](const Matcher& part) { return matches_every_value(part, type); };
  if (std::holds_alternative<Any>(matcher.form)) return true;
  if (const auto* m = std::get_if<Type>(&matcher.form)) return m->name == type;
  if (const auto* m = std::get_if<Matches>(&matcher.form)) return m->pattern.text().empty() && type == "string";
  if (const auto* m = std::get_if<Has>(&matcher.form)) return m->path.empty();
  if (const auto* m = std::get_if<At>(&matcher.form)) return m->path.empty() && inside(*m->is);
  if (const auto* m = std::get_if<All>(&matcher.form)) return std::all_of(m->parts.begin(), m->parts.end(), inside);
  if (const auto* m = std::get_if<AnyOf>(&matcher.form)) return std::any_of(m->parts.begin(), m->parts.end(), inside);
  return false;
}

}  // namespace

bool matches_every_reply(const Matcher& matcher) {
  if (const auto* m = std::get_if<Output>(&matcher.form)) return matches_every_value(*m->is, "string");
  if (const auto* m = std::get_if<Diagnostics>(&matcher.form)) return matches_every_value(*m->are, "array");
  if (const auto* m = std::get_if<All>(&matcher.form))
    return std::all_of(m->parts.begin(), m->parts.end(), matches_every_reply);
  if (const auto* m = std::get_if<AnyOf>(&matcher.form))
    return std::any_of(m->parts.begin(), m->parts.end(), matches_every_reply);
  return false;
}

}  // namespace assay::conformance
