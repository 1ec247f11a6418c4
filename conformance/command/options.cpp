#include "conformance/command/options.h"

#include <fmt/format.h>

#include <charconv>

namespace assay::conformance {

CLI::Validator whole_number(std::uint64_t least, std::uint64_t most) {
  const auto check = [=](std::string& text) -> std::string {
    std::uint64_t number = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool is_number = code == std::errc() && end == text.data() + text.size();
    if (is_number && number >= least && number <= most) return "";
    return fmt::format("{} is no whole number from {} to {}", text.empty() ? "\"\"" : text, least, most);
  };
  return CLI::Validator(check, fmt::format("{}..{}", least, most));
}

CLI::Validator not_empty() {
  return CLI::Validator(
      [](std::string& text) {
        return text.empty() ? std::string("the value is empty; give a name, or leave the option out") : "";
      },
      "");
}

}  // namespace assay::conformance
