#include "conformance/reports/phpt_operations.h"

#include <fmt/format.h>

#include <cstdlib>
#include <map>

#include "conformance/reports/phpt_values.h"

namespace assay::conformance {
namespace {

using Templates = std::map<std::string_view, std::string_view>;

// The static cache on APCu, with the functions of phpt_harness.h. The form of OPcache is in operation.def.
const Templates& apcu() {
  static const Templates forms = {
      {"cache_get", "apcu_get({key}, {default})"},
      {"cache_get_multiple", "apcu_get_multiple({keys}, {default})"},
      {"cache_set", "apcu_store({key}, {value}{ttl})"},
      {"cache_set_multiple", "apcu_store({values}, null{ttl}) === []"},
      {"cache_has", "apcu_exists({key})"},
      {"cache_delete", "apcu_remove({key})"},
      {"cache_delete_multiple", "apcu_remove_multiple({keys})"},
      {"cache_clear", "apcu_clear_cache()"},
  };
  return forms;
}

Expected<std::string> argument(const Call& call, std::string_view name) {
  if (name == "class") return call.text("backend") == "pinned" ? "OPcache\\PinnedCache" : "OPcache\\VolatileCache";
  // Entries without a time to live, and backends that have none, do not name it.
  if (name == "ttl") return call.integer("ttl") == 0 ? "" : fmt::format(", {}", call.integer("ttl"));
  return php_literal(call.argument(name));
}

Expected<std::string> filled(std::string_view form, const Call& call) {
  std::string out;
  while (!form.empty()) {
    const auto open = form.find('{');
    out += form.substr(0, open);
    if (open == std::string_view::npos) break;
    const auto close = form.find('}', open);
    const auto text = argument(call, form.substr(open + 1, close - open - 1));
    if (!text) return text;
    out += *text;
    form.remove_prefix(close + 1);
  }
  return out;
}

// A time of the virtual clock as one of the clock that PHP sees.
std::string present(std::int64_t virtual_time) {
  const std::int64_t distance = virtual_time - clock_start;
  return distance == 0 ? "time()" : fmt::format("time() {} {}", distance < 0 ? "-" : "+", std::abs(distance));
}

Expected<std::string> special(const Operation& operation) {
  switch (operation.kind()) {
    case OperationKind::include:
      return filled("run_" + operation.text("how") + "({path})", operation);
    case OperationKind::clear_stat_cache: {
      const Value& path = operation.argument("path");
      const bool whole = path.is_null() || (path.is_string() && path.as_string().empty());
      return filled(whole ? "clearstatcache({realpath})" : "clearstatcache({realpath}, {path})", operation);
    }
    case OperationKind::touch: {
      const auto time = operation.integer("mtime");
      return filled(time == 0 ? "touch({path})" : "touch({path}, " + present(time) + ")", operation);
    }
    case OperationKind::time:
    case OperationKind::request_time:
    case OperationKind::file_mtime:
      return failure(
          fmt::format("{} speaks of the virtual clock, which a plain PHP process has not", operation.spec->name));
    default:
      return failure(fmt::format("{} cannot be done in a single PHP process", operation.spec->name));
  }
}

}  // namespace

Expected<std::string> php_expression(const Operation& operation, PhptStaticCache form) {
  const CallSpec& spec = *operation.spec;
  if (std::string_view(spec.feature).starts_with("static_cache") && form == PhptStaticCache::apcu) {
    const auto found = apcu().find(spec.name);
    if (found == apcu().end()) return failure(fmt::format("APCu has no {}", spec.name));
    return filled(found->second, operation);
  }
  return *spec.php ? filled(spec.php, operation) : special(operation);
}

Expected<std::string> php_statements(const Action& action) {
  const std::string make_parents = "@mkdir(dirname({path}), 0777, true);";
  switch (action.kind()) {
    case ActionKind::write: {
      const Value& mtime = action.argument("mtime");
      const std::string time =
          mtime.is_int() ? present(mtime.as_int()) : fmt::format("time() - {}", action.integer("age"));
      return filled(make_parents + "$new = {path} . \".new\"; file_put_contents($new, {content}); touch($new, " + time +
                        "); rename($new, {path});",
                    action);
    }
    case ActionKind::make_directory:
      return filled("mkdir({path}, 0777, true);", action);
    case ActionKind::make_link:
      return filled(make_parents + "symlink({target}, {path});", action);
    case ActionKind::swap_link:
      return filled("symlink({target}, {path} . \".new\"); rename({path} . \".new\", {path});", action);
    case ActionKind::remove:
      return filled("exec(\"rm -rf -- \" . escapeshellarg({path}));", action);
    case ActionKind::move:
      return filled("rename({from}, {to});", action);
    case ActionKind::set_mtime:
      return filled("touch({path}, " + present(action.integer("mtime")) + ");", action);
    case ActionKind::set_mode:
      return filled("chmod({path}, {mode});", action);
    default:
      return failure(fmt::format("the action {} needs {}, which a single PHP process has not", action.spec->name,
                                 action.spec->feature));
  }
}

}  // namespace assay::conformance
