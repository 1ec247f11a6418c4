#include "conformance/adapters/plugin/plugin_host.h"

#include <dlfcn.h>
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <ctime>
#include <fstream>
#include <thread>

#include "conformance/adapter/rendezvous.h"
#include "conformance/adapters/plugin/plugin_values.h"
#include "conformance/adapters/process/adapter_server.h"

namespace assay::conformance::plugin {
namespace {

constexpr const char* kSymbol = "assay_plugin";

class PluginCache final : public process::ServedCache {
 public:
  explicit PluginCache(std::string library) : library_(std::move(library)) {}

  Expected<process::Greeting> greeting() override {
    ASSAY_TRY(load());
    process::Greeting greeting;
    greeting.wants_interposer = true;
    Description& description = greeting.description;
    description.name = info_->name;
    description.version = info_->implementation ? info_->implementation : "";
    for (const char* const* feature = info_->features; *feature; ++feature) description.features.insert(*feature);
    // What the suite does for whoever is loaded by it.
    description.features.insert(
        {"workers", "workers.processes", "clock.virtual", "fault", "fault.kill", "rendezvous", "reload"});
    for (const char* const* choice = info_->choices; choice && choice[0] && choice[1]; choice += 2)
      description.choices[choice[0]] = choice[1];
    return greeting;
  }

  Expected<void> start(const Configuration& configuration, const Sandbox& sandbox) override {
    ASSAY_TRY(load());
    if (cache_ && info_->stop) info_->stop(cache_);
    scratch_ = sandbox.scratch;
    Elements ini;
    for (const auto& [name, value] : configuration.ini) ini.emplace_back(name, value);
    const Value directives(std::move(ini));
    char why[512] = "";
    (void)begin_reply();
    cache_ = info_->start(&host(), handed(directives), scratch_.c_str(), why, sizeof why);
    why[sizeof why - 1] = '\0';
    if (!cache_)
      return failure(
          fmt::format("start() returned NULL: {}", *why ? why : "it gives no reason; let it write one into `why`"));
    return {};
  }

  Expected<void> enter(int) override { return {}; }

  Expected<std::vector<Reply>> serve(std::span<const Operation> operations) override {
    std::vector<Reply> replies;
    if (info_->begin_request) info_->begin_request(cache_);
    for (const Operation& operation : operations) replies.push_back(ASSAY_TRY(perform(operation)));
    if (info_->end_request) info_->end_request(cache_);
    return replies;
  }

 private:
  Expected<void> load() {
    if (info_) return {};
    void* handle = ::dlopen(library_.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!handle) return failure(fmt::format("cannot load it: {}", ::dlerror()));
    const auto entry = reinterpret_cast<const assay_plugin_info* (*)()>(::dlsym(handle, kSymbol));
    if (!entry) return failure(fmt::format("it exports no function {}() (assay_plugin.h)", kSymbol));
    const assay_plugin_info* info = entry();
    if (!info) return failure(fmt::format("{}() returns NULL", kSymbol));
    if (info->version != ASSAY_PLUGIN_VERSION)
      return failure(
          fmt::format("it is made for version {} of assay_plugin.h, and this program has version {}; build it "
                      "with this program's header",
                      info->version, ASSAY_PLUGIN_VERSION));
    if (info->size < sizeof(assay_plugin_info))
      return failure("its assay_plugin_info is too short; set size to sizeof(assay_plugin_info)");
    if (!info->name || !*info->name) return failure("its assay_plugin_info has no name");
    if (!info->features) return failure("its assay_plugin_info has no list of features");
    if (!info->start || !info->perform) return failure("its assay_plugin_info lacks start or perform");
    info_ = info;
    return {};
  }

  Expected<Reply> perform(const Operation& operation) {
    switch (operation.kind()) {
      case OperationKind::process_id:
        return Reply::of(static_cast<std::int64_t>(::getpid()));
      case OperationKind::time:
        return Reply::of(static_cast<std::int64_t>(::time(nullptr)));
      case OperationKind::rendezvous:
        return rendezvous(operation.text("name"));
      default:
        break;
    }
    Elements parameters;
    for (std::size_t i = 0; i < operation.arguments.size(); ++i)
      parameters.emplace_back(std::string(operation.spec->parameters[i].name), operation.arguments[i]);
    const Value named(std::move(parameters));
    assay_reply* reply = begin_reply();
    info_->perform(cache_, operation.spec->name, handed(named), reply);
    auto made = end_reply();
    if (!made) return failure(fmt::format("perform(\"{}\"): {}", operation.spec->name, made.error().message));
    return made;
  }

  Reply rendezvous(const std::string& name) const {
    const RendezvousFiles files = rendezvous_files(scratch_, name);
    std::ofstream{files.arrived};
    while (!std::filesystem::exists(files.go)) std::this_thread::sleep_for(std::chrono::microseconds(200));
    return Reply::of(true);
  }

  const std::string library_;
  const assay_plugin_info* info_ = nullptr;
  void* cache_ = nullptr;
  std::filesystem::path scratch_;
};

}  // namespace

int host_plugin(const std::string& library) {
  PluginCache cache(library);
  return process::serve_over_standard_streams(cache);
}

}  // namespace assay::conformance::plugin
