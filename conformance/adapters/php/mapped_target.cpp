#include "conformance/adapters/php/mapped_target.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>

#include "conformance/adapters/php/driver_target.h"
#include "conformance/adapters/php/found.h"
#include "conformance/adapters/php/map_catalogue.h"
#include "conformance/adapters/php/php_options.h"
#include "conformance/adapters/php/php_target.h"
#include "conformance/adapters/php/self_check.h"

namespace assay::conformance::php {

namespace {

constexpr const char* kOpcacheName = "Zend OPcache";

bool loads(const PhpSettings& settings, const std::string& extension) {
  const auto& given = settings.extensions;
  return std::any_of(given.begin(), given.end(),
                     [&](const std::string& e) { return e.find(extension) != std::string::npos; });
}

Expected<void> load_extension(PhpSettings& settings, const std::string& name) {
  if (name == kOpcacheName) {
    settings.with_opcache = true;
    return {};
  }
  if (loads(settings, name)) return {};
  if (auto checked = check_extension(settings.binary, settings.ini, name); !checked) return error_of(checked.error());
  settings.extensions.insert(settings.extensions.begin(), name);
  return {};
}

Description describe(const PhpKind& kind, const MapHead& head, const PhpSettings& settings) {
  Description description;
  description.name = head.name;
  description.version = fmt::format("{}{}PHP {}{}", head.version, head.version.empty() ? "" : " (",
                                    settings.binary.version, head.version.empty() ? "" : ")");
  description.features = kind.features;
  description.features.insert(head.claims.begin(), head.claims.end());
  description.choices = head.choices;
  description.unknown_operations = head.missing;
  description.contract = "php-" + settings.binary.version;
  return description;
}

Expected<std::unique_ptr<Target>> finish(const PhpKind& kind, PhpSettings settings, const PhpFacts& facts) {
  settings.entry_cost = facts.entry_cost;
  settings.size = facts.map->size;
  settings.off = facts.map->off;
  Description description = describe(kind, *facts.map, settings);
  return std::make_unique<DriverTarget>(kind, std::move(settings), std::move(description));
}

Expected<std::unique_ptr<Target>> make_apcu(const Options& options) {
  auto settings = ASSAY_TRY(read_options(options));
  if (!settings.map.empty())
    return failure(fmt::format("target apcu has a map of its own; write php-fpm:map={}", settings.map.file), EINVAL);
  settings.with_opcache = false;
  settings.map.text = kApcuMap;
  ASSAY_TRY(load_extension(settings, "apcu"));
  auto facts = ASSAY_TRY(check_php(settings, fpm_kind(), true));
  if (facts.apcu_version.empty()) {
    return failure(fmt::format("{}: APCu is loaded but off; look for apc.enabled", settings.binary.path));
  }
  return finish(fpm_kind(), std::move(settings), facts);
}

}  // namespace

Expected<std::unique_ptr<Target>> make_mapped(const PhpKind& kind, PhpSettings settings) {
  settings.with_opcache = false;
  auto facts = ASSAY_TRY(check_php(settings, kind));
  if (!facts.map->extension_loaded) {
    ASSAY_TRY(load_extension(settings, facts.map->extension));
    facts = ASSAY_TRY(check_php(settings, kind));
    if (!facts.map->extension_loaded)
      return failure(fmt::format("{}: const EXTENSION is \"{}\", but no loaded extension has that name",
                                 settings.map.file, facts.map->extension));
  }
  return finish(kind, std::move(settings), facts);
}

TargetKind apcu_target_kind() {
  return {"apcu", "the extension APCu under php-fpm, as a volatile static cache", known_options(), make_apcu,
          found_by_fpm};
}

}  // namespace assay::conformance::php
