#pragma once

#include "reference/static_cache/object_hooks.h"

namespace assay::reference {

// Objects of a request with so much memory.
class Poor final : public ObjectHooks {
 public:
  Poor(Heap& heap, std::uint64_t bytes) : plain_(heap), bytes_(bytes) {}
  std::uint64_t most_bytes() override { return bytes_; }
  Expected<State> state_of(const std::shared_ptr<Object>& object) override { return plain_.state_of(object); }
  Expected<std::shared_ptr<Object>> make(const std::string& name) override { return plain_.make(name); }
  Expected<std::shared_ptr<Object>> enum_case(const std::string& type, const std::string& name) override {
    return plain_.enum_case(type, name);
  }
  Expected<void> restore(const std::shared_ptr<Object>& object, Array state) override {
    return plain_.restore(object, std::move(state));
  }

 private:
  PlainObjects plain_;
  std::uint64_t bytes_;
};

}  // namespace assay::reference
