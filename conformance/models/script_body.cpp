#include "conformance/models/script_body.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace assay::conformance {

namespace {

using Element = ScriptBody::Element;

constexpr std::string_view kBroken = "return (;\n";
constexpr std::string_view kCut = "return [\n";
constexpr std::string_view kBallast = "$ballast = [";
constexpr std::string_view kStrings = "$strings = [";

std::string text_of(const Element& element) {
  switch (element.kind) {
    case Element::Kind::mark:
      return "'" + element.text + "'";
    case Element::Kind::own_file:
      return "__FILE__";
    case Element::Kind::own_directory:
      return "__DIR__";
    case Element::Kind::include:
      break;
  }
  return "(" + element.how + (element.beside ? " __DIR__ . '/" : " '") + element.text + "')";
}

// Takes `prefix` off the front of `rest`.
bool take(std::string_view& rest, std::string_view prefix) {
  if (!rest.starts_with(prefix)) return false;
  rest.remove_prefix(prefix.size());
  return true;
}

std::optional<std::string> take_until(std::string_view& rest, std::string_view end) {
  const std::size_t at = rest.find(end);
  if (at == std::string_view::npos) return std::nullopt;
  std::string text(rest.substr(0, at));
  rest.remove_prefix(at + end.size());
  return text;
}

std::optional<Element> take_element(std::string_view& rest) {
  if (take(rest, "__FILE__")) return Element{Element::Kind::own_file};
  if (take(rest, "__DIR__")) return Element{Element::Kind::own_directory};
  const bool include = take(rest, "(");
  Element element{include ? Element::Kind::include : Element::Kind::mark};
  if (include) {
    auto how = take_until(rest, " ");
    if (!how) return std::nullopt;
    element.how = std::move(*how);
    element.beside = take(rest, "__DIR__ . '/");
  }
  if (!element.beside && !take(rest, "'")) return std::nullopt;
  auto text = take_until(rest, include ? "')" : "'");
  if (!text) return std::nullopt;
  element.text = std::move(*text);
  return element;
}

}  // namespace

std::string source_of(const ScriptBody& body) {
  if (body == ScriptBody{}) return "";
  std::string source = "<?php\n";
  if (!body.printed.empty()) source += "echo '" + body.printed + "';\n";
  if (body.ballast > 0) {
    source += kBallast;
    for (int i = 0; i < body.ballast; ++i) source += "1,";
    source += "];\n";
  }
  if (body.strings > 0) {
    source += kStrings;
    for (int i = 0; i < body.strings; ++i) source += fmt::format("'{}.{}',", body.series, i);
    source += "];\n";
  }
  if (body.broken) return source.append(kBroken);
  if (body.is_cut) return source.append(kCut);
  if (body.returned.empty()) return source;
  source += "return [";
  for (std::size_t i = 0; i < body.returned.size(); ++i) source += (i > 0 ? ", " : "") + text_of(body.returned[i]);
  return source + "];\n";
}

std::optional<ScriptBody> body_of(const std::string& source) {
  ScriptBody body;
  std::string_view rest = source;
  if (rest.empty()) return body;
  if (!take(rest, "<?php\n")) return std::nullopt;
  if (take(rest, "echo '")) {
    auto printed = take_until(rest, "';\n");
    if (!printed) return std::nullopt;
    body.printed = std::move(*printed);
  }
  if (take(rest, kBallast)) {
    const auto numbers = take_until(rest, "];\n");
    if (!numbers) return std::nullopt;
    body.ballast = static_cast<int>(numbers->size() / 2);
  }
  if (take(rest, kStrings)) {
    const auto strings = take_until(rest, "];\n");
    if (!strings) return std::nullopt;
    body.strings = static_cast<int>(std::count(strings->begin(), strings->end(), ','));
    body.series = strings->substr(1, strings->find('.') - 1);
  }
  body.broken = rest == kBroken;
  body.is_cut = rest == kCut;
  if (!body.is_cut && take(rest, "return [")) {
    do {
      auto element = take_element(rest);
      if (!element) return std::nullopt;
      body.returned.push_back(std::move(*element));
    } while (take(rest, ", "));
  }
  // What was read is what would be written: nothing else is understood.
  if (source_of(body) != source) return std::nullopt;
  return body;
}

bool is_whole(const std::string& source) {
  const auto body = body_of(source);
  return body && !body->is_broken();
}

}  // namespace assay::conformance
