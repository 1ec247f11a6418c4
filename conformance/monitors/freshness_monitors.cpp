#include <fmt/format.h>

#include "conformance/monitors/monitors.h"
#include "conformance/monitors/written_files.h"

namespace assay::conformance {

namespace {

// GU-IDN-05. A worker that was served a version of a literal script is not served an older one by a later request for
// the same name. Versions are told apart by their file times; a content that was written several times counts as the
// newest of them. Not judged: runs in which files may have other names, scripts that are not literal, what a worker
// was served before its process was replaced, and runs in which scripts change directives. While a refusal is armed a
// request may run the file as it is, without the cache: what it was served is no version to hold to.
class MonotoneReads final : public Monitor {
 public:
  std::string_view id() const override { return "GU-IDN-05"; }

  void observe(const ActionTaken& taken) override {
    files_.act(taken);
    if (taken.action->kind() == ActionKind::reload) served_.clear();
    if (taken.action->kind() == ActionKind::arm && taken.action->text("effect") == "fail") is_refusing_ = true;
    if (taken.action->kind() == ActionKind::disarm) is_refusing_ = false;
    if (taken.action->kind() == ActionKind::kill) forget(static_cast<int>(taken.action->integer("worker")));
  }
  void observe(const Observation& observation) override {
    files_.observe(observation);
    if (observation.outcome != Outcome::Kind::completed) forget(observation.worker);
    if (observation.operation.kind() == OperationKind::ini_set) changes_directives_ = true;
    const std::optional<Value> result = included(observation);
    if (!result || changes_directives_) return;
    const std::string& path = observation.operation.text("path");
    int oldest = 0, newest = 0;
    for (const WrittenFiles::Version& version : files_.versions(path)) {
      if (!version.result) return;
      if (version.result != *result) continue;
      if (oldest == 0) oldest = version.number;
      newest = version.number;
    }
    if (newest == 0) return;  // GU-VAL-01
    Served& served = served_[{observation.worker, path}];
    const bool later = served.version > 0 && observation.began > served.ended;
    if (later) count_judged();
    if (later && newest < served.version)
      violate(observation, fmt::format("worker {} was served version {} of {} before, and now version {} ({})",
                                       observation.worker, served.version, path, newest, to_text(*result)));
    if (oldest > served.version && !is_refusing_) served = {oldest, observation.ended};
  }

 private:
  struct Served {
    int version = 0;
    std::chrono::steady_clock::time_point ended;
  };
  void forget(int worker) {
    std::erase_if(served_, [&](const auto& known) { return known.first.first == worker; });
  }

  WrittenFiles files_;
  std::map<std::pair<int, std::string>, Served> served_;
  bool changes_directives_ = false;
  bool is_refusing_ = false;
};

}  // namespace

std::unique_ptr<Monitor> monotone_reads() {
  return std::make_unique<MonotoneReads>();
}

}  // namespace assay::conformance
