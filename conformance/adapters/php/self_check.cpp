#include "conformance/adapters/php/self_check.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <fstream>

#include "conformance/adapter/stage.h"
#include "conformance/adapters/php/map_head.h"

namespace assay::conformance::php {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto kLimit = 10s;
constexpr const char* kWhyNot = "the interposer does not work with this PHP";

Expected<Reply> ask(DriverRuntime& runtime, Operation operation) {
  const Exchange exchange{std::move(operation), "", {}};
  auto outcome = ASSAY_TRY(runtime.worker(0).execute({&exchange, 1}, kLimit));
  if (outcome.kind == Outcome::Kind::completed) return outcome.replies[0];
  return failure(
      fmt::format("PHP cannot run the driver script: the request {}: {}", to_text(outcome.kind), outcome.detail));
}

std::int64_t count_in(const Value& value, const char* name) {
  const Value* found = value.find(Key(std::string(name)));
  return found && found->is_int() ? found->as_int() : -1;
}

bool flag_in(const Value& value, const char* name) {
  const Value* found = value.find(Key(std::string(name)));
  return found && found->is_bool() && found->as_bool();
}

Expected<void> check_clock(const Value& inspection) {
  for (const auto& [name, expected] : {std::pair("time", clock_start), std::pair("request_time", clock_start),
                                       std::pair("monotonic", clock_start * 1'000'000'000)}) {
    const std::int64_t seen = count_in(inspection, name);
    if (seen != expected)
      return failure(fmt::format("{}: {} is {}, the virtual clock says {}", kWhyNot, name, seen, expected));
  }
  return {};
}

// Storing a script takes the script cache's write lock.
Expected<void> check_locks(DriverRuntime& runtime, const fs::path& root) {
  const fs::path script = root / "check.php";
  std::ofstream(script) << "<?php return 'checked';";
  const timespec old{clock_start - 1000, 0}, times[2] = {old, old};
  if (::utimensat(AT_FDCWD, script.c_str(), times, 0) != 0)
    return failure(fmt::format("cannot set the time of {}", script.string()), errno);
  const std::string point = "posix/lock/fcntl/setlkw";
  const auto before = runtime.control().counter(point).reached;
  auto reply = ASSAY_TRY(ask(runtime, make_operation(OperationKind::include, {{"path", "@/check.php"}})));
  if (!(reply.value == Value("checked"))) return failure("PHP does not run a script: " + to_text(reply));
  if (runtime.control().counter(point).reached > before) return {};
  return failure(fmt::format("{}: a script was stored, but no call of {} was seen", kWhyNot, point));
}

Expected<void> check_expiry(DriverRuntime& runtime) {
  auto stored =
      ASSAY_TRY(ask(runtime, make_operation(OperationKind::cache_set, {{"key", "check"}, {"value", 1}, {"ttl", 5}})));
  const auto get = make_operation(OperationKind::cache_get, {{"key", "check"}, {"default", 2}});
  const Reply live = ASSAY_TRY(ask(runtime, get));
  runtime.control().advance_clock(10s);
  const Reply expired = ASSAY_TRY(ask(runtime, get));
  if (live.value == Value(1) && expired.value == Value(2)) return {};
  return failure(fmt::format("{}: an entry that lives 5 s is {} at once and {} after 10 s of the virtual clock",
                             kWhyNot, to_text(live), to_text(expired)));
}

}  // namespace

Expected<PhpFacts> check_php(const PhpSettings& settings, const PhpKind& kind, bool expires) {
  const TemporaryStage stage = ASSAY_TRY(TemporaryStage::make());
  const Sandbox& sandbox = stage.sandbox();
  auto runtime = ASSAY_TRY(kind.start(settings, Configuration{}, sandbox));
  auto inspection = ASSAY_TRY(runtime->driver_worker().inspect(kLimit));
  ASSAY_TRY(check_clock(inspection));

  PhpFacts facts;
  facts.has_script_cache = flag_in(inspection, "script_cache");
  facts.has_volatile_cache = flag_in(inspection, "volatile");
  facts.has_pinned_cache = flag_in(inspection, "pinned");
  facts.entry_cost = count_in(inspection, "entry_cost");
  const Value* apcu = inspection.find(Key(std::string("apcu")));
  if (apcu && apcu->is_string()) facts.apcu_version = apcu->as_string();
  if (facts.has_script_cache) {
    ASSAY_TRY(check_locks(*runtime, sandbox.root));
  }
  if (!settings.map.empty()) {
    const auto outcome = ASSAY_TRY(runtime->driver_worker().inspect_map(kLimit));
    facts.map = ASSAY_TRY(read_map_head(outcome, settings.map.file.empty() ? "map.php" : settings.map.file));
  }
  if (expires && !facts.apcu_version.empty()) {
    ASSAY_TRY(check_expiry(*runtime));
  }
  return facts;
}

}  // namespace assay::conformance::php
