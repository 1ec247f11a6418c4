#pragma once

#include <cstdio>
#include <string>
#include <string_view>

namespace assay::conformance {

// Colours on a terminal, or none. Colour never carries meaning alone: the words stand there too.
class TerminalStyle {
 public:
  TerminalStyle() = default;
  explicit TerminalStyle(bool coloured) : coloured_(coloured) {}
  // Coloured if the stream is a terminal that can, and NO_COLOR is not set (or empty: no-color.org).
  static TerminalStyle for_stream(std::FILE* stream);

  bool coloured() const { return coloured_; }
  std::string red(std::string_view text) const { return paint("31", text); }
  std::string green(std::string_view text) const { return paint("32", text); }
  std::string yellow(std::string_view text) const { return paint("33", text); }
  std::string dim(std::string_view text) const { return paint("2", text); }
  std::string bold(std::string_view text) const { return paint("1", text); }

 private:
  std::string paint(const char* code, std::string_view text) const;
  bool coloured_ = false;
};

}  // namespace assay::conformance
