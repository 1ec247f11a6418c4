#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "support/error.h"

namespace re2 {
class RE2;
}

namespace assay::conformance {

// A regular expression in the syntax of RE2, which has neither look-around nor back-references, so that a search takes
// time in proportion to the text. It sees bytes, not characters; `.` matches no line feed, `^` and `$` match at the ends
// of the text only. Immutable; copies share what was compiled; safe to use from several threads at a time.
class Pattern {
 public:
  // The empty expression, which every text contains.
  Pattern() : Pattern(std::string()) {}
  // REQUIRES: the text is a regular expression (std::logic_error otherwise: a bug).
  explicit Pattern(std::string text);
  static Expected<Pattern> parse(std::string text);

  const std::string& text() const { return text_; }
  bool found_in(std::string_view subject) const;

  friend bool operator==(const Pattern& a, const Pattern& b) { return a.text_ == b.text_; }

 private:
  Pattern(std::string text, std::shared_ptr<const re2::RE2> compiled);

  std::string text_;
  std::shared_ptr<const re2::RE2> compiled_;
};

}  // namespace assay::conformance
