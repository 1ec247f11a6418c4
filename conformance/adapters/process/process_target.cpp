#include "conformance/adapters/process/process_target.h"

#include <fmt/format.h>

#include <cerrno>
#include <charconv>

#include "conformance/adapter/stage.h"
#include "conformance/adapters/php/interposer_path.h"
#include "conformance/adapters/process/command_words.h"
#include "conformance/adapters/process/self_check.h"

namespace assay::conformance::process {
namespace {

using Options = std::vector<std::pair<std::string, std::string>>;

class ProcessTarget final : public Target {
 public:
  ProcessTarget(ProcessSettings settings, Description description)
      : settings_(std::move(settings)), description_(std::move(description)) {}

  const Description& description() const override { return description_; }

  Expected<std::unique_ptr<Runtime>> start(const Configuration& configuration, const Sandbox& sandbox) override {
    auto runtime = ProcessRuntime::start(settings_, configuration, sandbox);
    if (!runtime) return tl::unexpected(runtime.error());
    return std::unique_ptr<Runtime>(std::move(*runtime));
  }

 private:
  ProcessSettings settings_;
  Description description_;
};

}  // namespace

Expected<std::chrono::milliseconds> limit_from(const std::string& text) {
  double value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size() || !(value >= 0.1 && value <= 600))
    return failure(fmt::format("target option limit={}: write a number of seconds from 0.1 to 600", text), EINVAL);
  return std::chrono::milliseconds(static_cast<std::int64_t>(value * 1000));
}

namespace {

Expected<ProcessSettings> read_options(const Options& options) {
  ProcessSettings settings;
  for (const auto& [name, value] : options) {
    if (name == "command") settings.command.words = ASSAY_TRY(command_words(value));
    if (name == "limit") settings.limit = ASSAY_TRY(limit_from(value));
  }
  if (settings.command.words.empty())
    return failure(
        "the target process needs the program that speaks for your cache: process:command=\"python3 store.py\"",
        EINVAL);
  settings.command.program = ASSAY_TRY(find_program(settings.command.words.front()));
  return settings;
}

Expected<Description> greet(ProcessSettings& settings) {
  const TemporaryStage stage = ASSAY_TRY(TemporaryStage::make());
  auto connected = ASSAY_TRY(connect(settings, stage.sandbox()));
  Greeting& greeting = connected.second;
  if (greeting.wants_interposer) {
    auto interposer = php::find_interposer();
    if (!interposer) return php::error_of(interposer.error());
    settings.interposer = *interposer;
  }
  settings.names_processes = greeting.description.features.contains("workers.processes");
  return std::move(greeting.description);
}

Expected<std::unique_ptr<Target>> make(const Options& options) {
  auto settings = ASSAY_TRY(read_options(options));
  const std::string who = fmt::format("target process, command \"{}\"", settings.command.text());
  return make_process_target(std::move(settings), who);
}

}  // namespace

Expected<std::unique_ptr<Target>> make_process_target(ProcessSettings settings, const std::string& who) {
  const auto named = [&](Error error) {
    error.message = who + ": " + error.message;
    return tl::unexpected(std::move(error));
  };
  auto description = greet(settings);
  if (!description) return named(description.error());
  if (auto checked = check_adapter(settings, *description); !checked) return named(checked.error());
  return std::make_unique<ProcessTarget>(std::move(settings), std::move(*description));
}

TargetKind process_target_kind() {
  return {"process",
          "a program in any language, over its standard input and output (docs/adapter-protocol.md)",
          {{"command", "the program and its arguments, separated by blanks; quotes hold blanks"},
           {"limit", "seconds that it may take to start, to replace a worker, ... (default: 10)"}},
          make};
}

}  // namespace assay::conformance::process
