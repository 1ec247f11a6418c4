#include "conformance/monitors/written_files.h"

#include <algorithm>

namespace assay::conformance {

namespace {

bool is_plain_path(const std::string& path) {
  return path.starts_with("@/") && path.find("//") == std::string::npos && path.find("/.") == std::string::npos &&
         !path.ends_with('/');
}

}  // namespace

std::optional<Value> included(const Observation& observation) {
  if (observation.operation.kind() != OperationKind::include) return std::nullopt;
  if (observation.operation.text("how").ends_with("_once")) return std::nullopt;
  const Reply& reply = observation.reply;
  if (observation.outcome != Outcome::Kind::completed || reply.kind != Reply::Kind::value) return std::nullopt;
  if (!reply.diagnostics.empty() || reply.value == Value(false)) return std::nullopt;
  if (reply.value.is_string() && reply.value.as_string().find('@') != std::string::npos) return std::nullopt;
  return reply.value;
}

void WrittenFiles::act(const ActionTaken& taken) {
  switch (taken.action->kind()) {
    case ActionKind::write: {
      const Value& mtime = taken.action->argument("mtime");
      return write(taken.action->text("path"), taken.action->text("content"),
                   mtime.is_int() ? mtime.as_int() : taken.now - taken.action->integer("age"));
    }
    case ActionKind::make_link:
    case ActionKind::swap_link:
    case ActionKind::move:
    case ActionKind::set_mtime:
      loose_ = true;
      return;
    default:
      return;
  }
}

void WrittenFiles::observe(const Observation& observation) {
  switch (observation.operation.kind()) {
    case OperationKind::put_file:
      loose_ = true;
      return write(observation.operation.text("path"), observation.operation.text("data"), std::nullopt);
    case OperationKind::change_dir:
    case OperationKind::copy:
    case OperationKind::link:
    case OperationKind::rename:
    case OperationKind::symlink:
    case OperationKind::touch:
      loose_ = true;
      return;
    default:
      return;
  }
}

void WrittenFiles::write(const std::string& path, const std::string& content, std::optional<std::int64_t> mtime) {
  const std::optional<Value> result = literal_result(content);
  if (!result) all_literal_ = false;
  std::vector<Version>& versions = versions_[path];
  const auto known = mtimes_.find(path);
  const bool same_time = mtime && known != mtimes_.end() && known->second == *mtime && !versions.empty();
  const int number = versions.empty() ? 1 : versions.back().number + (same_time ? 0 : 1);
  versions.push_back({result, number});
  if (mtime) mtimes_[path] = *mtime;
}

const std::vector<WrittenFiles::Version>& WrittenFiles::versions(const std::string& path) const {
  static const std::vector<Version> none;
  const auto found = versions_.find(path);
  return loose_ || found == versions_.end() || !is_plain_path(path) ? none : found->second;
}

bool WrittenFiles::anywhere(const Value& result) const {
  return std::any_of(versions_.begin(), versions_.end(), [&](const auto& file) {
    return std::any_of(file.second.begin(), file.second.end(), [&](const Version& v) { return v.result == result; });
  });
}

}  // namespace assay::conformance
