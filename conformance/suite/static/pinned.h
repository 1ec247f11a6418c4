#pragma once

#include <string>
#include <utility>
#include <vector>

#include "conformance/scenario/operations.h"

namespace assay::conformance {

// The operations of the static cache on its pinned backend, for a worker or a request: `pinned(one).set("k", 1)`.
template <class Asker>
class Pinned {
 public:
  explicit Pinned(Asker asker) : asker_(asker) {}

  ReplyRef get(std::string key, Value fallback = nullptr) {
    return asker_.cache_get(std::move(key), std::move(fallback), "pinned");
  }
  ReplyRef get_multiple(std::vector<Value> keys, Value fallback = nullptr) {
    return asker_.cache_get_multiple(Value::list(std::move(keys)), std::move(fallback), "pinned");
  }
  ReplyRef set(std::string key, Value value) { return asker_.cache_set(std::move(key), std::move(value), 0, "pinned"); }
  ReplyRef set_multiple(Value values) { return asker_.cache_set_multiple(std::move(values), 0, "pinned"); }
  ReplyRef has_key(std::string key) { return asker_.cache_has(std::move(key), "pinned"); }
  ReplyRef remove_key(std::string key) { return asker_.cache_delete(std::move(key), "pinned"); }
  ReplyRef remove_keys(std::vector<Value> keys) {
    return asker_.cache_delete_multiple(Value::list(std::move(keys)), "pinned");
  }
  ReplyRef clear_cache() { return asker_.cache_clear("pinned"); }
  ReplyRef cache_info() { return asker_.cache_info("pinned"); }
  ReplyRef lock(std::string key, std::int64_t lease = 0) { return asker_.cache_lock(std::move(key), lease, "pinned"); }
  ReplyRef unlock(std::string key) { return asker_.cache_unlock(std::move(key), "pinned"); }
  ReplyRef increment(std::string key, std::int64_t step = 1) { return asker_.cache_increment(std::move(key), step); }
  ReplyRef decrement(std::string key, std::int64_t step = 1) { return asker_.cache_decrement(std::move(key), step); }

 private:
  Asker asker_;
};

template <class Asker>
Pinned<Asker> pinned(Asker asker) {
  return Pinned<Asker>(asker);
}

}  // namespace assay::conformance
