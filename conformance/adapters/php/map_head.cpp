#include "conformance/adapters/php/map_head.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <filesystem>

#include "conformance/adapters/php/map_catalogue.h"
#include "conformance/adapters/php/map_choices.h"
#include "conformance/vocabulary/operation.h"
#include "support/text/near_names.h"

namespace assay::conformance::php {

namespace {

constexpr std::string_view kPrefix = "cache_";
constexpr const char* kHelp = "docs/php-map.md";

// What the author has to mend.
tl::unexpected<Error> wrong(const std::string& place, const std::string& what) {
  return failure(fmt::format("{}: {} (see {})", place, what, kHelp), EINVAL);
}

// What may be due to this machine.
tl::unexpected<Error> unusable(const std::string& place, const std::string& what) {
  return failure(fmt::format("{}: {} (see {})", place, what, kHelp));
}

std::string text_in(const Value& value, const char* name) {
  const Value* found = value.find(Key(std::string(name)));
  return found && found->is_string() ? found->as_string() : "";
}

std::int64_t number_in(const Value& value, const char* name) {
  const Value* found = value.find(Key(std::string(name)));
  return found && found->is_int() ? found->as_int() : 0;
}

// One line, without the marks round what PHP itself says.
std::string one_line(std::string text) {
  for (const std::string mark : {"<assay-diagnostic>", "</assay-diagnostic>"}) {
    for (std::size_t at; (at = text.find(mark)) != std::string::npos;) text.erase(at, mark.size());
  }
  for (char& c : text) {
    if (std::iscntrl(static_cast<unsigned char>(c))) c = ' ';
  }
  text.erase(0, text.find_first_not_of(' '));
  text.erase(text.find_last_not_of(' ') + 1);
  return text.size() > 200 ? text.substr(0, 200) + "..." : text;
}

tl::unexpected<Error> explain_thrown(const Value& told, const std::string& file) {
  const std::string message = one_line(text_in(told, "message")), where = text_in(told, "file");
  const std::string place = fmt::format("{}:{}", where.empty() ? file : where, number_in(told, "line"));
  if (text_in(told, "problem") == "parse") return wrong(place, "PHP cannot read this map: " + message);
  const bool lacks = message.ends_with("not found") || message.starts_with("Undefined constant");
  return unusable(place,
                  fmt::format("loading the map throws {}: {}{}", text_in(told, "class"), message,
                              lacks ? "; if that is an extension's, add the target option extension=NAME or declare "
                                      "const EXTENSION = 'NAME' and use it in the methods only"
                                    : "; a map that is loaded only declares, its methods work"));
}

tl::unexpected<Error> explain_end(const Outcome& outcome, const std::string& file) {
  switch (outcome.kind) {
    case Outcome::Kind::hung:
      return unusable(
          file, "loading the map does not come to an end; take the work out of what runs when the file is loaded (" +
                    one_line(outcome.detail) + ")");
    case Outcome::Kind::died:
      return unusable(
          file, "loading the map kills the process: " + one_line(outcome.detail) + "; try it by hand: php " + file);
    case Outcome::Kind::aborted:
      if (!outcome.replies.empty() && outcome.replies[0].kind == Reply::Kind::thrown)
        return wrong(file, "PHP ends while it loads the map: " + one_line(outcome.replies[0].error_message));
      return wrong(file, "loading the map ends PHP (exit or die); leave that out: the file has to return an object");
    default:
      return unusable(file, "loading the map disturbs the replies of PHP: " + one_line(outcome.detail) +
                                "; leave output buffers and shutdown functions alone");
  }
}

// A list or map of texts under a constant's name; `shape` says what it should have been.
Expected<Elements> array_constant(const Value& constants, const char* name, const char* shape,
                                  const std::string& file) {
  const Value* found = constants.find(Key(std::string(name)));
  if (!found) return Elements{};
  bool fits = found->is_array();
  if (fits) {
    for (const auto& [key, value] : found->as_array()) fits = fits && value.is_string();
  }
  if (!fits) return wrong(file, fmt::format("const {} is {}; write it as {}", name, to_text(*found, 80), shape));
  return found->as_array();
}

Expected<std::string> text_constant(const Value& constants, const char* name, const std::string& file) {
  const Value* found = constants.find(Key(std::string(name)));
  if (!found) return std::string();
  if (!found->is_string() || found->as_string().empty())
    return wrong(file, fmt::format("const {} is {}; write a text", name, to_text(*found, 80)));
  return found->as_string();
}

std::string text_of(const Key& key) {
  return std::holds_alternative<std::string>(key) ? std::get<std::string>(key)
                                                  : std::to_string(std::get<std::int64_t>(key));
}

std::vector<std::string> all_methods() {
  std::vector<std::string> names;
  for (const CallSpec& spec : operation_specs()) {
    if (std::string_view(spec.name).starts_with(kPrefix))
      names.emplace_back(std::string_view(spec.name).substr(kPrefix.size()));
  }
  return names;
}

const Value* method(const Value& methods, const std::string& name) {
  return methods.find(Key(name));
}

// "getMultiple" and "get_multiple" are near.
std::string plain(std::string_view name) {
  std::string result;
  for (const char c : name) {
    if (c != '_') result += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return result;
}

// A slip in a name would be a skip that nobody asked for.
Expected<void> check_names(const Value& methods, const std::string& file) {
  const std::vector<std::string> known = all_methods();
  for (const auto& [key, about] : methods.as_array()) {
    const std::string name = text_of(key);
    if (std::count(known.begin(), known.end(), name) > 0) continue;
    for (const std::string& right : known) {
      if (plain(right) == plain(name))
        return wrong(fmt::format("{}:{}", file, number_in(about, "line")),
                     fmt::format("no operation is called {}; rename the method to {}", name, right));
    }
  }
  return {};
}

// The suite passes every argument of an operation but the backend.
Expected<void> check_parameters(const Value& methods, const std::string& file) {
  for (const CallSpec& spec : operation_specs()) {
    if (!std::string_view(spec.name).starts_with(kPrefix)) continue;
    const std::string name(std::string_view(spec.name).substr(kPrefix.size()));
    const Value* found = method(methods, name);
    if (!found) continue;
    const auto given = static_cast<std::int64_t>(spec.parameters.size()) - 1;
    if (number_in(*found, "needs") > given)
      return wrong(
          fmt::format("{}:{}", file, number_in(*found, "line")),
          fmt::format("{}() needs {} arguments, but it is given {}; take parameters away or give them defaults", name,
                      number_in(*found, "needs"), given));
  }
  return {};
}

struct ClaimRule {
  MapClaim claim;
  std::vector<std::string> methods;  // that the claim cannot be without
};

const std::vector<ClaimRule>& claim_rules() {
  static const std::vector<ClaimRule> rules = {
      {{"ttl", "entries expire after $ttl seconds"}, {"set"}},
      {{"objects", "objects come back as objects of their class"}, {}},
      {{"references", "references inside arrays come back as references"}, {}},
      {{"forbidden_values",
        "closures and resources are refused, not taken; a cache that dies of them must not claim it"},
       {}},
      {{"locks", "keys can be reserved"}, {"lock", "unlock"}},
      {{"pinned", "has a pinned backend beside the volatile one, with counters"},
       {"backend", "increment", "decrement"}},
      {{"store_type", "tells how a value is stored"}, {"store_type"}},
      {{"add", "stores a value only where there is no live entry"}, {"add"}},
      {{"counters", "counts on the volatile backend"}, {"increment", "decrement"}},
      {{"remember", "computes a missing value by a function of the caller"}, {"remember"}},
      {{"keys", "lists the keys of live entries"}, {"keys"}},
  };
  return rules;
}

Expected<void> check_claim(const std::string& name, const Value& methods, const std::string& file) {
  const auto& rules = claim_rules();
  const auto rule = std::find_if(rules.begin(), rules.end(), [&](const ClaimRule& r) { return r.claim.name == name; });
  if (rule == rules.end()) {
    std::vector<std::string> known;
    for (const ClaimRule& r : rules) known.emplace_back(r.claim.name);
    return wrong(file,
                 fmt::format("const CLAIMS: no map can claim \"{}\"; it may claim {}", name, fmt::join(known, ", ")));
  }
  for (const std::string& needed : rule->methods) {
    if (!method(methods, needed))
      return wrong(file, fmt::format("it claims {} but has no public method {}; add the method or take the claim away",
                                     name, needed));
  }
  if (name == "ttl" && number_in(*method(methods, "set"), "takes") < 3)
    return wrong(file, "it claims ttl but set() takes no $ttl; write set(string $key, mixed $value, int $ttl)");
  return {};
}

Expected<void> check_choice(const std::string& name, const std::string& value, const std::string& file) {
  std::vector<std::string> known;
  for (const MapChoice& choice : map_choices()) {
    known.emplace_back(choice.name);
    if (choice.name != name) continue;
    const bool is_number = !value.empty() && value.find_first_not_of("0123456789") == std::string::npos;
    if (choice.values.empty() ? is_number : std::count(choice.values.begin(), choice.values.end(), value) > 0)
      return {};
    return wrong(file, fmt::format("const CHOICES: {} is \"{}\"; it may be {}", name, value,
                                   choice.values.empty() ? "a whole number, as a text"
                                                         : fmt::format("{}", fmt::join(choice.values, ", "))));
  }
  const auto near = near_names(name, known);
  return wrong(file, fmt::format("const CHOICES: there is no choice \"{}\"{}", name,
                                 near.empty() ? "" : fmt::format("; near it: {}", fmt::join(near, ", "))));
}

// The values of what is written [NAME => VALUE, ...], which each must be able to be.
Expected<IniSettings> directives(const Value& constants, const char* name, const std::string& file) {
  IniSettings settings;
  for (const auto& [key, value] : ASSAY_TRY(array_constant(constants, name, "['directive' => '{MiB}M']", file))) {
    if (!ini_assignment(text_of(key), value.as_string()))
      return wrong(
          file, fmt::format("const {}: \"{}\" is no directive; write ['directive' => '{{MiB}}M']", name, text_of(key)));
    settings.emplace_back(text_of(key), value.as_string());
  }
  return settings;
}

Expected<void> read_methods(const Value& constants, const Value& methods, const std::string& file, MapHead& head) {
  std::map<std::string, std::string> reasons;
  for (const auto& [key, value] :
       ASSAY_TRY(array_constant(constants, "MISSING", "['lock' => 'why there is none']", file))) {
    if (method(methods, text_of(key)))
      return wrong(file, fmt::format("const MISSING names {}, but the map has that method; take one of them away",
                                     text_of(key)));
    reasons[text_of(key)] = value.as_string();
  }
  for (const std::string& name : all_methods()) {
    if (method(methods, name)) {
      head.operations.push_back(name);
      continue;
    }
    const auto reason = reasons.find(name);
    head.missing[std::string(kPrefix) + name] =
        reason == reasons.end() ? fmt::format("the map has no method {}", name) : reason->second;
  }
  return {};
}

Expected<MapHead> read_head(const Value& told, const std::string& file) {
  const Value* constants = told.find(Key(std::string("constants")));
  const Value* methods = told.find(Key(std::string("methods")));
  if (!constants || !methods || !constants->is_array() || !methods->is_array())
    return unusable(file, "the map's head cannot be read: " + to_text(told, 200));
  MapHead head;
  head.name = ASSAY_TRY(text_constant(*constants, "NAME", file));
  if (head.name.empty()) head.name = std::filesystem::path(file).stem().string();
  head.extension = ASSAY_TRY(text_constant(*constants, "EXTENSION", file));
  head.version = ASSAY_TRY(text_constant(*constants, "VERSION", file));
  if (head.version.empty()) head.version = text_in(told, "version");
  const Value* loaded = told.find(Key(std::string("loaded")));
  head.extension_loaded = loaded && loaded->is_bool() && loaded->as_bool();
  ASSAY_TRY(check_names(*methods, file));
  for (const char* needed : {"get", "set"}) {
    if (!method(*methods, needed))
      return wrong(file, fmt::format("the map has no public method {}; get and set are the least", needed));
  }
  ASSAY_TRY(check_parameters(*methods, file));
  head.claims = {"static_cache", "static_cache.volatile", "static_cache.scripts"};
  for (const auto& [key, value] : ASSAY_TRY(array_constant(*constants, "CLAIMS", "['ttl', 'objects']", file))) {
    ASSAY_TRY(check_claim(value.as_string(), *methods, file));
    head.claims.insert("static_cache." + value.as_string());
  }
  for (const auto& [key, value] : ASSAY_TRY(array_constant(*constants, "CHOICES", "['evict' => 'lru']", file))) {
    ASSAY_TRY(check_choice(text_of(key), value.as_string(), file));
    head.choices[text_of(key)] = value.as_string();
  }
  ASSAY_TRY(read_methods(*constants, *methods, file, head));
  head.size = ASSAY_TRY(directives(*constants, "SIZE", file));
  head.off = ASSAY_TRY(directives(*constants, "OFF", file));
  return head;
}

}  // namespace

Expected<MapHead> read_map_head(const Outcome& outcome, const std::string& file) {
  if (outcome.kind != Outcome::Kind::completed) return explain_end(outcome, file);
  const Reply& reply = outcome.replies.at(0);
  if (reply.kind != Reply::Kind::value)
    return unusable(file, "the map cannot be looked at: " + one_line(to_text(reply)));
  const std::string problem = text_in(reply.value, "problem");
  const std::string message = one_line(text_in(reply.value, "message"));
  if (problem == "parse" || problem == "thrown") return explain_thrown(reply.value, file);
  if (problem == "printed")
    return wrong(file,
                 "loading the map prints \"" + message + "\"; nothing may stand before <?php or be printed there");
  if (problem == "returned")
    return wrong(file, "the map returns " + message + "; let it end with: return new class { ... };");
  return read_head(reply.value, file);
}

}  // namespace assay::conformance::php

namespace assay::conformance {

std::span<const MapClaim> map_claims() {
  static const std::vector<MapClaim> claims = [] {
    std::vector<MapClaim> all;
    for (const php::ClaimRule& rule : php::claim_rules()) all.push_back(rule.claim);
    return all;
  }();
  return claims;
}

}  // namespace assay::conformance
