#pragma once

#include "reference/static_cache/entry_store.h"

namespace assay::reference {

// Marks the store as being changed, for as long as the writer lives.
class EntryStore::Mutation {
 public:
  explicit Mutation(Header& header) : header_(header) { header_.mutating.store(1, std::memory_order_release); }
  ~Mutation() { header_.mutating.store(0, std::memory_order_release); }
  Mutation(const Mutation&) = delete;
  Mutation& operator=(const Mutation&) = delete;

 private:
  Header& header_;
};

}  // namespace assay::reference
