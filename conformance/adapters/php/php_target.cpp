#include "conformance/adapters/php/php_target.h"

#include <fmt/format.h>
#include <unistd.h>
#include <cerrno>

#include <algorithm>

#include "conformance/adapters/php/interposer_path.h"
#include "conformance/adapters/php/php_runtime.h"
#include "conformance/adapters/php/self_check.h"

namespace assay::conformance::php {

namespace {

using Options = std::vector<std::pair<std::string, std::string>>;

class PhpTarget final : public Target {
 public:
  PhpTarget(PhpSettings settings, Description description)
      : settings_(std::move(settings)), description_(std::move(description)) {}

  const Description& description() const override { return description_; }

  Expected<std::unique_ptr<Runtime>> start(const Configuration& configuration, const Sandbox& sandbox) override {
    return std::unique_ptr<Runtime>(ASSAY_TRY(PhpRuntime::start(settings_, configuration, sandbox)));
  }

 private:
  PhpSettings settings_;
  Description description_;
};

// A mistake of who named the target, not of this machine.
tl::unexpected<Error> wrong_option(std::string message) {
  return failure(std::move(message), EINVAL);
}

// Says that visits are not to be tried.
constexpr const char* kNoNginx = "none";

Expected<void> read_option(const std::string& name, const std::string& value, std::string& path,
                           PhpSettings& settings) {
  if (value.empty()) return wrong_option(fmt::format("target option {} needs a value", name));
  if (name == "php") path = value;
  if (name == "nginx") settings.nginx = value;
  if (name == "extension") settings.extensions.push_back(value);
  if (name != "ini") return {};
  const std::size_t equals = value.find('=');
  const std::string directive = value.substr(0, equals);
  const std::string setting = equals == std::string::npos ? "" : value.substr(equals + 1);
  if (auto checked = ini_assignment(directive, setting); equals == std::string::npos || !checked) {
    return wrong_option(fmt::format(
        "target option ini={}: write ini=DIRECTIVE=VALUE, for example ini=opcache.interned_strings_buffer=16", value));
  }
  settings.ini.emplace_back(directive, setting);
  return {};
}

Expected<PhpSettings> read_options(const Options& options) {
  PhpSettings settings;
  std::string path;
  for (const auto& [name, value] : options) {
    ASSAY_TRY(read_option(name, value, path, settings));
  }
  if (settings.nginx.empty()) settings.nginx = find_nginx().value_or("");
  if (settings.nginx == kNoNginx)
    settings.nginx.clear();
  else if (!settings.nginx.empty() && ::access(settings.nginx.c_str(), X_OK) != 0)
    return failure(fmt::format("option nginx={}: this is no program; scripts/install-dependencies installs nginx",
                               settings.nginx));
  if (path.empty()) {
    auto found = find_php_fpm();
    if (!found) return error_of(found.error());
    path = *found;
  }
  auto binary = inspect_php_binary(path);
  if (!binary) return error_of(binary.error());
  settings.binary = std::move(*binary);
  settings.cli = find_cli_of(path);
  for (const std::string& extension : settings.extensions) {
    if (auto checked = check_extension(settings.binary, extension); !checked) return error_of(checked.error());
  }
  auto interposer = find_interposer();
  if (!interposer) return error_of(interposer.error());
  settings.interposer = *interposer;
  return settings;
}

// Of every PHP under php-fpm with the interposer: what the adapter itself provides.
const std::set<std::string> kCommonFeatures = {"scripts", "files", "workers",    "workers.processes", "clock.virtual",
                                               "reload",  "fault", "fault.kill", "rendezvous"};

std::set<std::string> fpm_features(const PhpFacts& facts) {
  std::set<std::string> features = kCommonFeatures;
  features.insert({"script_cache",
                   "script_cache.memory_models",
                   "script_cache.forced_restart",
                   "script_cache.abandons_refused",
                   "script_cache.lock_bytes",
                   "script_cache.linked_classes",
                   "script_cache.wrappers",
                   "script_cache.file_override",
                   "script_cache.blacklist",
                   "script_cache.restrict_api",
                   "script_cache.finish_request",
                   "script_cache.functions",
                   "script_cache.log",
                   "script_cache.protect_memory",
                   "script_cache.file_cache",
                   "script_cache.jit",
                   "script_cache.preloading",
                   "realpath_cache",
                   "realpath_cache.wrappers",
                   "realpath_cache.open_basedir",
                   "deploy",
                   "deploy.user_ini",
                   "workers.recycled"});
  if (facts.has_volatile_cache) features.insert({"static_cache", "static_cache.volatile", "static_cache.ttl"});
  if (facts.has_pinned_cache) features.insert({"static_cache", "static_cache.pinned", "static_cache.locks"});
  return features;
}

// Deviations of OPcache that the model of the script cache follows, so that it can judge what comes after them
// (docs/findings.md).
const std::map<std::string, std::string> kOpcacheChoices = {{"compile-of-a-cached-file", "included"},
                                                            {"once-of-a-cached-file-that-is-gone", "included"},
                                                            {"keys-of-once-includes", "doubled"},
                                                            {"copy-after-a-discarded-compilation", "any"},
                                                            {"key-of-a-key", "unsafe"}};

Expected<std::unique_ptr<Target>> make_fpm(const Options& options) {
  auto settings = read_options(options);
  if (!settings) return tl::unexpected(settings.error());
  auto facts = check_php(*settings);
  if (!facts) return tl::unexpected(facts.error());
  if (!facts->has_script_cache) {
    return failure(fmt::format("{}: OPcache does not run with this configuration; look for opcache.enable",
                               settings->binary.path));
  }
  settings->entry_cost = facts->entry_cost;
  if (facts->has_volatile_cache) settings->bridge = StaticCacheBridge::opcache;
  Description description;
  description.name = "php-fpm";
  description.version = settings->binary.version;
  description.features = fpm_features(*facts);
  if (!settings->cli.empty()) {
    description.features.insert({"deploy.cli", "script_cache.cli"});
    if (has_module(settings->cli, "pcntl")) description.features.insert("realpath_cache.fork");
  }
  const bool unwanted =
      std::count(options.begin(), options.end(), std::pair<std::string, std::string>("nginx", kNoNginx)) > 0;
  if (settings->nginx.empty())
    description.unknown_operations["visit"] =
        unwanted ? "it was started with nginx=none"
                 : "there is no nginx on this machine; scripts/install-dependencies installs it";
  else
    description.features.insert("deploy.web_server");
  description.choices = kOpcacheChoices;
  description.contract = settings->binary.version.starts_with("8.2.") ? "php-8.2" : "portable";
  return std::make_unique<PhpTarget>(std::move(*settings), std::move(description));
}

// docs/spec/static-cache.md, C.3 and C.5.
const std::map<std::string, std::string> kApcuChoices = {
    {"evict", "wipe"},          {"locks", "none"},         {"leases", "no"},
    {"ttl-clock", "monotonic"}, {"ttl-edge", "inclusive"}, {"store-type", "no"},
    {"attributes", "no"},       {"partitions", "no"},      {"counters-overflow", "wrap-silent"},
    {"multi-read", "per-key"},  {"compaction", "no"},      {"sweep", "no"},
    {"int-keys", "yes"},        {"class-keys", "no"},      {"next-index", "lost"},
    {"read-lock", "waiting"}};

Expected<std::unique_ptr<Target>> make_apcu(const Options& options) {
  auto settings = ASSAY_TRY(read_options(options));
  settings.with_opcache = false;
  settings.bridge = StaticCacheBridge::apcu;
  const auto& given = settings.extensions;
  const bool loads_it =
      std::any_of(given.begin(), given.end(), [](const std::string& e) { return e.find("apcu") != std::string::npos; });
  if (!loads_it) {
    if (auto checked = check_extension(settings.binary, "apcu"); !checked) return error_of(checked.error());
    settings.extensions.insert(settings.extensions.begin(), "apcu");
  }
  auto facts = ASSAY_TRY(check_php(settings));
  if (facts.apcu_version.empty()) {
    return failure(fmt::format("{}: APCu is loaded but off; look for apc.enabled", settings.binary.path));
  }
  settings.entry_cost = facts.entry_cost;
  Description description;
  description.name = "apcu";
  description.version = fmt::format("{} (PHP {})", facts.apcu_version, settings.binary.version);
  description.features = kCommonFeatures;
  description.features.insert(
      {"static_cache", "static_cache.volatile", "static_cache.ttl", "static_cache.objects", "static_cache.references"});
  description.choices = kApcuChoices;
  for (const char* name : {"cache_lock", "cache_unlock"})
    description.unknown_operations[name] = "APCu has no reservations";
  description.unknown_operations["cache_store_type"] = "APCu does not tell how a value is stored";
  return std::make_unique<PhpTarget>(std::move(settings), std::move(description));
}

const std::vector<std::pair<std::string, std::string>> kOptions = {
    {"php", "path of the php-fpm program (default: the one of this machine)"},
    {"ini", "DIRECTIVE=VALUE, as in php.ini; may be given several times"},
    {"nginx", "path of the program nginx, or none (default: the one of this machine)"},
    {"extension", "name or path of an extension to load; may be given several times"}};

}  // namespace

TargetKind fpm_target_kind() {
  return {"php-fpm", "a PHP program under php-fpm: script cache and realpath cache", kOptions, make_fpm};
}

TargetKind apcu_target_kind() {
  return {"apcu", "the extension APCu under php-fpm, as a volatile static cache", kOptions, make_apcu};
}

}  // namespace assay::conformance::php
