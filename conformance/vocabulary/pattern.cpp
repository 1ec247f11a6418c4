#include "conformance/vocabulary/pattern.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <stdexcept>

namespace assay::conformance {
namespace {

std::shared_ptr<const re2::RE2> compiled(const std::string& text) {
  re2::RE2::Options options;
  options.set_encoding(re2::RE2::Options::EncodingLatin1);  // one byte, one character: replies need not be UTF-8
  options.set_log_errors(false);
  return std::make_shared<const re2::RE2>(text, options);
}

}  // namespace

Pattern::Pattern(std::string text, std::shared_ptr<const re2::RE2> compiled)
    : text_(std::move(text)), compiled_(std::move(compiled)) {}

Pattern::Pattern(std::string text) {
  auto parsed = parse(std::move(text));
  if (!parsed) throw std::logic_error(parsed.error().message);
  *this = *std::move(parsed);
}

Expected<Pattern> Pattern::parse(std::string text) {
  auto expression = compiled(text);
  if (!expression->ok())
    return failure(fmt::format("\"{}\" is not a regular expression: {}", text, expression->error()));
  return Pattern(std::move(text), std::move(expression));
}

bool Pattern::found_in(std::string_view subject) const {
  return re2::RE2::PartialMatch(re2::StringPiece(subject.data(), subject.size()), *compiled_);
}

}  // namespace assay::conformance
