#include "conformance/reports/phpt_report.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>

#include "conformance/reports/clean_text.h"
#include "conformance/reports/phpt_harness.h"
#include "conformance/reports/phpt_matcher.h"
#include "conformance/reports/phpt_operations.h"
#include "conformance/reports/phpt_values.h"
#include "conformance/vocabulary/late_start.h"

namespace assay::conformance {
namespace {

// The shell takes the text of an action as one argument, which Linux limits to 128 KiB.
constexpr std::size_t max_action = 100'000;

std::size_t request_count(const Trace& trace) {
  return static_cast<std::size_t>(std::count_if(
      trace.steps.begin(), trace.steps.end(), [](const Step& step) { return std::holds_alternative<Request>(step); }));
}

// PHP puts these back only when a request ends, and a single process has but one.
std::string needs_request_end(const Trace& trace) {
  static const re2::RE2 declares(R"(\b(function|class|interface|trait|enum|const|define|static|global)\b|\$GLOBALS)");
  for (const Step& step : trace.steps) {
    if (const auto* action = std::get_if<Action>(&step)) {
      if (action->kind() == ActionKind::write && re2::RE2::PartialMatch(action->text("content"), declares)) {
        return "a script declares something, which lasts until the request ends, and the trace has several requests";
      }
      continue;
    }
    for (const Exchange& exchange : std::get<Request>(step).exchanges) {
      const OperationKind kind = exchange.operation.kind();
      const bool once = kind == OperationKind::include && exchange.operation.text("how").ends_with("_once");
      if (once || kind == OperationKind::reset || kind == OperationKind::ini_set || kind == OperationKind::change_dir ||
          kind == OperationKind::included_files) {
        return fmt::format("{} has an effect that ends with the request, and the trace has several requests",
                           once ? exchange.operation.text("how") : exchange.operation.spec->name);
      }
    }
  }
  return "";
}

// Why one process does not do; empty where it does.
std::string obstacle(const Trace& trace) {
  if (starts_late(trace)) return "files have to exist before PHP starts, and a PHPT test makes them afterwards";
  for (const Step& step : trace.steps) {
    const auto* request = std::get_if<Request>(&step);
    if (!request) continue;
    if (request->worker != 0) return "it needs more than one worker";
    if (!request->background.empty()) return "a request runs in the background";
    if (request->ends != "completed") return "a request does not end in the usual way";
  }
  if (request_count(trace) == 0) return "it has no request";
  return request_count(trace) > 1 ? needs_request_end(trace) : "";
}

bool uses(const Trace& trace, std::string_view prefix) {
  for (const std::string& feature : features_of(trace)) {
    if (feature.starts_with(prefix)) return true;
  }
  return false;
}

class PhptPrinter {
 public:
  PhptPrinter(const Trace& trace, const PhptOptions& options) : trace_(trace), options_(options) {}

  Expected<std::string> print() {
    if (const std::string why = obstacle(trace_); !why.empty()) return failure(why);
    for (const Step& step : trace_.steps) {
      ++number_;
      ASSAY_TRY(std::holds_alternative<Action>(step) ? action(std::get<Action>(step))
                                                     : request(std::get<Request>(step)));
    }
    const auto settings = ini();
    if (!settings) return settings;
    const std::string title = options_.title.empty() ? trace_.name : options_.title;
    return fmt::format(
        "--TEST--\n{}\n--EXTENSIONS--\n{}\n--INI--\n{}--SKIPIF--\n<?php\n{}?>\n--FILE--\n<?php\n{}\n?>\n--CLEAN--\n<?"
        "php\n"
        "exec('rm -rf -- ' . escapeshellarg(__DIR__ . '/{}.sandbox'));\n?>\n--EXPECT--\n{}",
        clean_line(title), extensions(), *settings, skip_if(), file(), options_.name, expected_);
  }

 private:
  bool apcu() const { return options_.static_cache == PhptStaticCache::apcu && uses(trace_, "static_cache"); }

  std::string extensions() const { return apcu() ? "opcache\napcu" : "opcache"; }

  std::string skip_if() const {
    std::string out = "if (!function_exists('opcache_get_status')) die('skip OPcache is not loaded');\n";
    // What --INI-- says does not hold here: whether APCu is enabled cannot be asked yet.
    if (!apcu() && uses(trace_, "static_cache")) {
      out += "if (!class_exists('OPcache\\VolatileCache')) die('skip there is no static cache');\n";
    }
    return out;
  }

  // run-tests.php changes some settings; the trace expects PHP's own.
  Expected<std::string> ini() const {
    Directives all = {{"opcache.enable", "1"},
                      {"opcache.enable_cli", "1"},
                      {"opcache.revalidate_freq", "2"},
                      {"opcache.file_update_protection", "2"}};
    if (apcu()) all["apc.enable_cli"] = "1";
    for (const Directives* ini : {&trace_.configuration.ini, &trace_.configuration.pools.front().ini}) {
      for (const auto& [name, value] : *ini) all[name] = value;
    }
    std::string out;
    for (auto [name, value] : all) {
      if (value.find_first_of(std::string_view("\n\r\0", 3)) != std::string::npos) {
        return failure(fmt::format(
            "the directive {} has a line break or NUL in its value, which no PHPT can hold; take it out", name));
      }
      const std::string root = "{PWD}/" + options_.name + ".sandbox";
      if (value == "@") value = root;
      for (std::size_t at = 0; (at = value.find("@/", at)) != std::string::npos; at += root.size())
        value.replace(at, 1, root);
      out += fmt::format("{}={}\n", name, value);
    }
    return out;
  }

  std::string file() const {
    return fmt::format(
        "// {}\ndefine('ROOT', realpath(__DIR__) . '/{}.sandbox');\n{}{}\n"
        "exec('rm -rf -- ' . escapeshellarg(ROOT) . '; mkdir -p -- ' . escapeshellarg(ROOT));\n"
        "chdir(ROOT);\nclearstatcache(true);\n\n// The steps.\n{}",
        clean_line(trace_.note.empty() ? "Printed from a trace of Assay." : trace_.note), options_.name,
        phpt_harness + 1, apcu() ? phpt_apcu : "", steps_);
  }

  Expected<void> action(const Action& action) {
    const auto statements = ASSAY_TRY(php_statements(action));
    if (statements.size() > max_action) return failure("a file is too large for the command line of a PHP process");
    steps_ += fmt::format("outside(<<<'CODE'\n{}\nCODE);\n", statements);
    return {};
  }

  Expected<void> request(const Request& request) {
    steps_ += "request();\n";
    for (std::size_t i = 0; i < request.exchanges.size(); ++i) {
      const std::string place =
          request.exchanges.size() == 1 ? fmt::format("{}", number_) : fmt::format("{}.{}", number_, i + 1);
      if (auto done = exchange(request.exchanges[i], place); !done) return done;
    }
    return {};
  }

  Expected<void> exchange(const Exchange& exchange, const std::string& place) {
    const auto expression = ASSAY_TRY(php_expression(exchange.operation, options_.static_cache));
    const std::string label =
        exchange.label.empty() ? "" : fmt::format("$replies[{}] = ", php_text_literal(exchange.label));
    steps_ += fmt::format("{}$r = reply(fn() => {});\n", label, expression);
    if (!exchange.expected) return {};
    const std::string what = place + ". " + clean_line(to_text(static_cast<const Call&>(exchange.operation)));
    if (const auto* equal = std::get_if<matchers::Equal>(&exchange.expected->form)) return show(equal->value, what);
    return check(*exchange.expected, what);
  }

  Expected<void> show(const Value& value, const std::string& what) {
    const auto text = ASSAY_TRY(phpt_text(value));
    steps_ += fmt::format("show({}, $r);\n", label_literal(what));
    expected_ += what + " = " + text + "\n";
    return {};
  }

  Expected<void> check(const Matcher& matcher, const std::string& what) {
    const auto condition = ASSAY_TRY(php_condition(matcher, "$r"));
    const std::string question = what + " is " + clean_line(to_text(matcher), 300);
    steps_ += fmt::format("check({}, {}, $r);\n", label_literal(question), condition);
    expected_ += question + ": yes\n";
    return {};
  }

  // Text for people: "@" stays "@" in it.
  static std::string label_literal(const std::string& text) {
    std::string literal = "'";
    for (const char c : text) literal += c == '\'' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    return literal + "'";
  }

  const Trace& trace_;
  const PhptOptions& options_;
  int number_ = 0;
  std::string steps_, expected_;
};

}  // namespace

Expected<std::string> to_phpt(const Trace& trace, const PhptOptions& options) {
  return PhptPrinter(trace, options).print();
}

}  // namespace assay::conformance
