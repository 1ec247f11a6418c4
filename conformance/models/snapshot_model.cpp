#include "conformance/models/snapshot_model.h"

#include <algorithm>

namespace assay::conformance {

void SnapshotModel::step(const State& state, const Event& event, std::vector<State>& next) const {
  std::vector<State> reached = {state};
  std::vector<KeyState> of_key;
  for (const auto& [key, part] : event.parts) {
    std::vector<State> further;
    for (const State& before : reached) {
      of_key.clear();
      key_.step(before[key], part, of_key);
      for (const KeyState& after : of_key) {
        further.push_back(before);
        further.back()[key] = after;
      }
    }
    reached = std::move(further);
  }
  next.insert(next.end(), reached.begin(), reached.end());
}

bool SnapshotModel::reads_only(const Event& event) const {
  return std::ranges::all_of(event.parts, [](const auto& part) { return part.second.reads(); });
}

bool SnapshotModel::may_omit(const Event& event, const std::vector<const Event*>& others) const {
  return std::ranges::all_of(event.parts, [&](const auto& part) {
    std::vector<const KeyEvent*> of_same_key;
    for (const Event* other : others) {
      for (const auto& [key, of_other] : other->parts) {
        if (key == part.first) of_same_key.push_back(&of_other);
      }
    }
    return key_.may_omit(part.second, of_same_key);
  });
}

void SnapshotModel::encode(const State& state, std::string& bytes) const {
  for (const KeyState& of_key : state) key_.encode(of_key, bytes);
}

std::string SnapshotModel::text(const Event& event) const {
  const bool clears = !event.parts.empty() && event.parts.front().second.kind == KeyEvent::Kind::clear;
  if (clears) return key_.text(event.parts.front().second);
  std::string out;
  for (const auto& [key, part] : event.parts) {
    out += (out.empty() ? "" : ", ") + (*names_)[key] + ": " + key_.text(part);
  }
  return out;
}

}  // namespace assay::conformance
