#include "fuzz/common/argument_stock.h"

#include <limits>
#include <string_view>

namespace assay::fuzz {

using namespace conformance;

namespace {

const std::vector<std::string>& stock_paths() {
  static const std::vector<std::string> paths = {
      "@/a.php", "@/b.php", "@/dir/a.php", "@/dir", "@/link",       "@/link/a.php", "@/dir/../a.php", "@//a.php",
      "@",       "a.php",   "./a.php",     "dir",   "@/dir/sub/..", "@/gone",       "../a.php",       "@/.user.ini"};
  return paths;
}

const std::vector<std::string>& stock_contents() {
  static const std::vector<std::string> contents = {"<?php return 'old';",
                                                    "<?php return 'new';",
                                                    "<?php return include __DIR__ . '/b.php';",
                                                    "<?php return include_once 'a.php';",
                                                    "<?php class C { public int $n = 1; } return new C;",
                                                    "<?php function f() { return 1; } return f();",
                                                    "<?php return [",
                                                    "",
                                                    "<?php return str_repeat('x', 5000);",
                                                    "opcache.revalidate_freq=0\n"};
  return contents;
}

const std::vector<std::int64_t>& stock_integers() {
  constexpr auto least = std::numeric_limits<std::int64_t>::min(), most = std::numeric_limits<std::int64_t>::max();
  static const std::vector<std::int64_t> integers = {0,
                                                     1,
                                                     2,
                                                     3,
                                                     5,
                                                     60,
                                                     119,
                                                     121,
                                                     3600,
                                                     100000,
                                                     -1,
                                                     -60,
                                                     0644,
                                                     0755,
                                                     1 << 20,
                                                     2147483647,
                                                     2147483648,
                                                     clock_start,
                                                     clock_start + 1,
                                                     clock_start - 1,
                                                     most,
                                                     least};
  return integers;
}

const std::vector<Value>& stock_values() {
  static const std::vector<Value> values = {nullptr,
                                            true,
                                            7,
                                            -1,
                                            1.5,
                                            "",
                                            "v",
                                            std::string(3000, 'x'),
                                            std::string("\xff\0", 2),
                                            Value::list({1, "two"}),
                                            Value::map({{"k", 1}, {"l", Value::list({})}})};
  return values;
}

const std::vector<std::string>& stock_keys() {
  static const std::vector<std::string> keys = {"k", "l", "m", "0", "", "a.b", std::string(300, 'k')};
  return keys;
}

// Parameters whose value is one of a few words.
std::vector<std::string> words_of(std::string_view name) {
  if (name == "how") return {"include", "include_once", "require", "require_once"};
  if (name == "backend") return {"volatile", "volatile", "pinned"};
  if (name == "effect") return {"fail", "count"};
  if (name == "error") return {"EINTR", "EACCES", "ENOMEM", "ENOSPC", "EIO"};
  if (name == "name")
    return {"opcache.enable", "opcache.revalidate_freq", "opcache.validate_timestamps", "include_path"};
  return {};
}

}  // namespace

ArgumentStock::ArgumentStock(const Trace& trace) : paths_(stock_paths()), integers_(stock_integers()) {
  for (const Step& step : trace.steps) {
    if (const auto* action = std::get_if<Action>(&step))
      take(*action);
    else
      for (const Exchange& exchange : std::get<Request>(step).exchanges) take(exchange.operation);
  }
  values_.insert(values_.end(), stock_values().begin(), stock_values().end());
}

void ArgumentStock::take(const Call& call) {
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    const Parameter& parameter = call.spec->parameters[i];
    const Value& value = call.arguments[i];
    if (parameter.type == ParameterType::path || std::string_view(parameter.name) == "path") {
      if (value.is_string()) paths_.push_back(value.as_string());
    } else if (value.is_string()) {
      texts_.push_back(value.as_string());
    } else if (value.is_int()) {
      integers_.push_back(value.as_int());
    } else {
      values_.push_back(value);
    }
  }
}

Value ArgumentStock::any_value(Dice& dice) const {
  if (dice.percent(20) && !texts_.empty()) return dice.one_of(texts_);
  if (dice.percent(20)) return dice.one_of(integers_);
  if (dice.percent(10)) return Value::list({dice.one_of(values_), dice.one_of(values_)});
  return dice.one_of(values_);
}

Value ArgumentStock::draw(const Parameter& parameter, Dice& dice) const {
  const std::string_view name = parameter.name;
  if (parameter.default_json && dice.percent(50)) return parameter.default_value;
  if (const auto words = words_of(name); !words.empty()) return dice.one_of(words);
  switch (parameter.type) {
    case ParameterType::boolean:
      return dice.percent(50);
    case ParameterType::integer:
      if (name == "worker" || name == "operation") return static_cast<std::int64_t>(dice.below(3));
      return dice.one_of(integers_);
    case ParameterType::any:
      if (name == "path") return dice.one_of(paths_);
      if (name == "worker") return nullptr;
      if (name == "mtime") return dice.one_of(integers_);
      return any_value(dice);
    case ParameterType::list:
      return Value::list({dice.one_of(stock_keys()), dice.one_of(stock_keys())});
    case ParameterType::map:
      return Value::map({{dice.one_of(stock_keys()), any_value(dice)}, {dice.one_of(stock_keys()), any_value(dice)}});
    case ParameterType::path:
      return dice.one_of(paths_);
    case ParameterType::text:
      break;
  }
  if (name == "content" || name == "data") return dice.one_of(stock_contents());
  if (name == "key") return dice.one_of(stock_keys());
  return !texts_.empty() && dice.percent(20) ? dice.one_of(texts_) : dice.one_of(paths_);
}

Call ArgumentStock::call(const CallSpec& spec, Dice& dice) const {
  Call call{&spec, {}};
  for (const Parameter& parameter : spec.parameters) call.arguments.push_back(draw(parameter, dice));
  return call;
}

std::pair<std::string, std::string> ArgumentStock::directive(Dice& dice) {
  static const std::vector<std::pair<std::string, std::vector<std::string>>> directives = {
      {"opcache.enable", {"0", "1"}},
      {"opcache.memory_consumption", {"8", "9", "128"}},
      {"opcache.interned_strings_buffer", {"0", "1", "4"}},
      {"opcache.max_accelerated_files", {"200", "223", "1000", "1"}},
      {"opcache.max_wasted_percentage", {"1", "5", "50", "0"}},
      {"opcache.validate_timestamps", {"0", "1"}},
      {"opcache.revalidate_freq", {"0", "1", "2", "60", "-1"}},
      {"opcache.revalidate_path", {"0", "1"}},
      {"opcache.use_cwd", {"0", "1"}},
      {"opcache.file_update_protection", {"0", "2", "-1"}},
      {"opcache.max_file_size", {"0", "1", "20"}},
      {"opcache.file_cache", {"@/dir"}},
      {"opcache.file_cache_only", {"0", "1"}},
      {"opcache.file_cache_consistency_checks", {"0", "1"}},
      {"opcache.enable_file_override", {"0", "1"}},
      {"opcache.blacklist_filename", {"@/list", "@/l*"}},
      {"opcache.restrict_api", {"", "@/dir"}},
      {"opcache.log_verbosity_level", {"0", "1", "4"}},
      {"realpath_cache_size", {"0", "100", "1K", "4M"}},
      {"realpath_cache_ttl", {"0", "1", "120"}},
      {"open_basedir", {"", "@", "@/dir"}},
      {"include_path", {".", "@/dir:.", ""}},
      {"opcache.static_cache.volatile_size_mb", {"0", "1", "8"}}};
  const auto& [name, values] = dice.one_of(directives);
  return {name, dice.one_of(values)};
}

}  // namespace assay::fuzz
