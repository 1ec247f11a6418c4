#pragma once

#include <string>
#include <utility>
#include <vector>

#include "conformance/models/volatile_model.h"

namespace assay::conformance {

// One call on several keys that takes effect in one moment: a read of a list, a clear. Keys by number.
struct SnapshotEvent {
  std::vector<std::pair<std::size_t, KeyEvent>> parts;
};

// Several keys of one data cache together, for calls that see or change them in one moment (ST-GET-10, ST-SET-19). Each
// key by itself is a VolatileKeyModel. A model for the checker; `names` are the keys, and are only read.
class SnapshotModel {
 public:
  using State = std::vector<KeyState>;
  using Event = SnapshotEvent;

  SnapshotModel(const VolatileKeyModel& key, const std::vector<std::string>& names) : key_(key), names_(&names) {}

  State initial() const { return State(names_->size(), key_.initial()); }
  void step(const State& state, const Event& event, std::vector<State>& next) const;
  bool reads_only(const Event& event) const;
  bool may_omit(const Event& event, const std::vector<const Event*>& others) const;
  void encode(const State& state, std::string& bytes) const;
  std::string text(const Event& event) const;

 private:
  VolatileKeyModel key_;
  const std::vector<std::string>* names_;
};

}  // namespace assay::conformance
