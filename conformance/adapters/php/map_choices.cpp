#include "conformance/adapters/php/map_choices.h"

namespace assay::conformance::php {

std::span<const MapChoice> map_choices() {
  static const std::vector<MapChoice> choices = {
      {"evict", {"refuse", "wipe", "lru"}},
      {"locks", {"striped(256)", "exact", "none"}},
      {"leases", {"yes", "no"}},
      {"ttl-clock", {"wall", "monotonic"}},
      {"ttl-edge", {"exclusive", "inclusive"}},
      {"expired", {"stays", "returns"}},
      {"store-type", {"yes", "no", "strict"}},
      {"attributes", {"yes", "no"}},
      {"partitions", {"yes", "no"}},
      {"counters-overflow", {"wrap", "error", "wrap-silent"}},
      {"multi-read", {"snapshot", "per-key"}},
      {"read-lock", {"waiting", "try"}},
      {"compaction", {"yes", "no"}},
      {"sweep", {"yes", "no"}},
      {"undecodable", {"keep", "delete"}},
      {"int-keys", {"no", "yes"}},
      {"class-keys", {"yes", "no"}},
      {"scalar-inline", {"yes", "no"}},
      {"next-index", {"kept", "lost"}},
      {"key-max", {}},
      {"capacity", {}},
      {"payload", {}},
      {"dead-owner", {"kept", "emptied"}},
      {"dead-owner-bound", {}},
  };
  return choices;
}

}  // namespace assay::conformance::php
