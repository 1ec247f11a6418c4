#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "conformance/vocabulary/reply.h"

namespace assay::conformance {

// What is expected of a reply, as plain data with a JSON form. Each matcher looks at the value of a reply, but for
// `thrown`, `output` and `diagnostics`; a reply that is not a value fails all others.
//
//   {"equal": v}                                  equal to v
//   {"one_of": [v, w]}                            equal to one of them
//   {"matches": "regex"}                          a string that contains a match (ECMAScript)
//   {"any": true}                                 any value at all
//   {"type": "int"}                               a value of that type
//   {"at": {"path": [..], "is": M}}               the value there exists and matches
//   {"has": [..]} / {"lacks": [..]}               there is a / there is no value at the path
//   {"keys": [..]}                                an array with exactly these keys in this order
//   {"length": n}                                 an array of n elements or a string of n bytes
//   {"between": [a, b]}                           a number, a <= x <= b
//   {"grew": {"since": L, "path": [..], "by": n}} the number there is n more than in the reply labelled L
//                                                 (by [a, b]: from a to b more)
//   {"gained": {"since": L, "path": [..], "keys": [..]}}  the array there has the keys that it has in the reply
//   labelled
//                                                 L and exactly these besides, in any order
//   {"same_as": {"reply": L, "path": [..]}}       equal to what the reply labelled L has there
//   {"differs_from": {"reply": L, "path": [..]}}  both exist and are not equal
//   {"at_least": {"reply": L, "path": [..]}} / {"at_most": ...}   numbers, compared with the reply labelled L
//   {"sum": {"of": [[..], [..]], "is": [..]}}     the numbers at the paths add up to the one at `is`
//   {"thrown": {"class": c, "message": "regex"}}  that class was thrown ("" for any), with a message that matches
//   {"output": M} / {"diagnostics": M}            M matches the output (a string) or the diagnostics (a list of
//   strings)
//   {"all": [M..]} / {"any_of": [M..]} / {"not": M}
struct Matcher {
  enum class Kind {
    equal,
    one_of,
    matches,
    any,
    type,
    at,
    has,
    lacks,
    keys,
    length,
    between,
    grew,
    gained,
    same_as,
    differs_from,
    at_least,
    at_most,
    sum,
    thrown,
    output,
    diagnostics,
    all,
    any_of,
    negation
  };
  Kind kind = Kind::any;
  Value value;                 // equal, length, grew (by)
  std::vector<Value> values;   // one_of, keys, between, gained (keys)
  std::string text;            // matches, type, thrown (message)
  std::string label;           // grew, gained, same_as, differs_from, at_least, at_most; thrown (class)
  Path path;                   // at, has, lacks, grew, gained, same_as, differs_from, at_least, at_most, sum (is)
  std::vector<Path> paths;     // sum (of)
  std::vector<Matcher> parts;  // at, output, diagnostics, all, any_of, negation
  friend bool operator==(const Matcher&, const Matcher&) = default;
};

// The replies so far, by label.
using Labelled = std::map<std::string, Reply>;

// nullopt where the reply matches; otherwise what was expected, for people.
std::optional<std::string> mismatch(const Matcher& matcher, const Reply& reply, const Labelled& earlier);

Json to_json(const Matcher& matcher);
// Strict: unknown matchers and fields, wrong types and broken regular expressions are errors.
Expected<Matcher> matcher_from_json(const Json& json);
// One line for people.
std::string to_text(const Matcher& matcher);

// Builders. They read like the clause: expect(reply, equals("new")), expect(status, grew({"hits"}, 1, before)).
Matcher equals(Value value);
Matcher one_of(std::vector<Value> values);
Matcher matches(std::string regex);
Matcher anything();
Matcher of_type(std::string type);
Matcher at(Path path, Matcher matcher);
Matcher at(Path path, Value value);
Matcher has(Path path);
Matcher lacks(Path path);
Matcher has_keys(std::vector<Value> keys);
Matcher has_length(std::int64_t length);
Matcher between(Value low, Value high);
Matcher sums_up(std::vector<Path> parts, Path total);
Matcher throws(std::string error_class, std::string message_regex = "");
Matcher prints(Matcher matcher);
Matcher prints(std::string text);
Matcher diagnoses(Matcher matcher);
Matcher all_of(std::vector<Matcher> parts);
Matcher any_of(std::vector<Matcher> parts);
Matcher negated(Matcher matcher);

}  // namespace assay::conformance
