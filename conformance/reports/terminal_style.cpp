#include "conformance/reports/terminal_style.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>

namespace assay::conformance {

TerminalStyle TerminalStyle::for_stream(std::FILE* stream) {
  const char* refused = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  const bool capable = terminal && std::string_view(terminal) != "dumb";
  return TerminalStyle(::isatty(::fileno(stream)) != 0 && capable && (!refused || *refused == '\0'));
}

std::string TerminalStyle::paint(const char* code, std::string_view text) const {
  return coloured_ ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string(text);
}

}  // namespace assay::conformance
