#pragma once

#include <string>
#include <string_view>

namespace assay::conformance {

// The same text, safe in every report and on every terminal: valid UTF-8, and whatever is not plainly text (control
// characters but line feed and tab, bytes that are not UTF-8, direction overrides, noncharacters) as \xNN, byte by
// byte. A target's bytes cannot move a cursor, close a tag or break a JSON reader. Text that is clean comes back
// unchanged.
std::string clean_text(std::string_view bytes);

// One line of it: line feeds and tabs become blanks too, and it is cut to about `limit` bytes (never inside a
// character).
std::string clean_line(std::string_view bytes, std::size_t limit = std::string::npos);

// One line of it, escaped for Markdown.
std::string escape_markdown(std::string_view bytes);

// Escaped for element content and double-quoted attributes of HTML and XML; cleaned first.
std::string escape_markup(std::string_view bytes);

// The area, verdict or other name as an HTML class or file name: lower case letters, digits and "-".
std::string slug_of(std::string_view text);

}  // namespace assay::conformance
