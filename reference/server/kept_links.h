#pragma once

#include "reference/php/interpreter/linked_class_keeper.h"
#include "reference/script_cache/script_cache_client.h"

namespace assay::reference {

// The linked classes of a worker's requests: in the script cache, beside the scripts (SC-PER-10).
class KeptLinks final : public php::LinkedClassKeeper {
 public:
  // Borrowed.
  explicit KeptLinks(ScriptCacheClient& scripts) : scripts_(scripts) {}

  const php::LinkedClass* find(const php::ClassData& type, const php::List<const php::ClassData*>& ancestry) override {
    return scripts_.find_linked(type, ancestry);
  }
  bool lasts(const void* data) const override { return scripts_.lasts(data); }
  void keep(const php::LinkedClass& linked) override { scripts_.keep_linked(linked); }

 private:
  ScriptCacheClient& scripts_;
};

}  // namespace assay::reference
