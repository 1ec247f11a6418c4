#include "conformance/adapters/php/page_request.h"

#include <sstream>
#include <string_view>
#include <vector>

#include "conformance/adapter/served_page.h"

namespace assay::conformance::php {

namespace {

constexpr std::string_view kDiagnosticBegin = "<assay-diagnostic>\n";
constexpr std::string_view kDiagnosticEnd = "\n</assay-diagnostic>";

// "Level: text in FILE on line N"
std::string without_place(const std::string& text) {
  const std::size_t line = text.rfind(" on line ");
  const std::size_t file = line == std::string::npos ? line : text.rfind(" in ", line);
  return text.substr(0, file);
}

// Takes what PHP displayed out of the body.
std::vector<std::string> take_displayed(std::string& body) {
  std::vector<std::string> displayed;
  for (std::size_t at = 0; (at = body.find(kDiagnosticBegin, at)) != std::string::npos;) {
    const std::size_t text = at + kDiagnosticBegin.size();
    const std::size_t end = std::min(body.find(kDiagnosticEnd, text), body.size());
    displayed.push_back(without_place(body.substr(text, end - text)));
    body.erase(at, end + kDiagnosticEnd.size() - at);
  }
  return displayed;
}

constexpr const char* kLoadOpcache = "-d zend_extension=opcache";

// php-fpm puts this in front of what scripts and PHP itself report to the web server.
constexpr std::string_view kMessage = "PHP message: ";

}  // namespace

FastcgiParameters page_parameters(const std::string& script, const DriverSetup& setup) {
  const std::size_t slash = std::min(script.rfind('/'), script.size());
  const std::string name = script.substr(slash);
  return FastcgiParameters(FastcgiParameters::List{{"SCRIPT_FILENAME", script},
                                                   {"SCRIPT_NAME", name},
                                                   {"REQUEST_URI", name},
                                                   {"DOCUMENT_ROOT", script.substr(0, slash)},
                                                   {"QUERY_STRING", ""},
                                                   {"REQUEST_METHOD", "GET"},
                                                   {"ASSAY_SCRATCH", setup.scratch},
                                                   {"ASSAY_PHP_CLI", setup.cli},
                                                   {"ASSAY_CLI_OPCACHE", setup.cli_has_opcache ? "" : kLoadOpcache}});
}

Reply page_reply(int status, std::string body, const std::string& errors, const std::string& root) {
  std::vector<std::string> diagnostics = take_displayed(body);
  std::istringstream lines(errors);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(kMessage)) line.erase(0, kMessage.size());
    if (!line.empty()) diagnostics.push_back(line);
  }
  return served_page(status, std::move(body), std::move(diagnostics), root);
}

}  // namespace assay::conformance::php
