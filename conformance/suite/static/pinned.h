#pragma once

#include <string>
#include <utility>
#include <vector>

#include "conformance/scenario/operations.h"

namespace assay::conformance {

// The operations of the static cache on one backend, for a worker or a request: `pinned(one).set("k", 1)`.
template <class Asker>
class BackendOf {
 public:
  BackendOf(Asker asker, std::string backend) : asker_(asker), backend_(std::move(backend)) {}

  ReplyRef get(std::string key, Value fallback = nullptr) {
    return asker_.cache_get(std::move(key), std::move(fallback), backend_);
  }
  ReplyRef get_multiple(std::vector<Value> keys, Value fallback = nullptr) {
    return asker_.cache_get_multiple(Value::list(std::move(keys)), std::move(fallback), backend_);
  }
  ReplyRef set(std::string key, Value value) { return asker_.cache_set(std::move(key), std::move(value), 0, backend_); }
  ReplyRef set_multiple(Value values) { return asker_.cache_set_multiple(std::move(values), 0, backend_); }
  ReplyRef has_key(std::string key) { return asker_.cache_has(std::move(key), backend_); }
  ReplyRef remove_key(std::string key) { return asker_.cache_delete(std::move(key), backend_); }
  ReplyRef remove_keys(std::vector<Value> keys) {
    return asker_.cache_delete_multiple(Value::list(std::move(keys)), backend_);
  }
  ReplyRef clear_cache() { return asker_.cache_clear(backend_); }
  ReplyRef cache_info() { return asker_.cache_info(backend_); }
  ReplyRef lock(std::string key, std::int64_t lease = 0) { return asker_.cache_lock(std::move(key), lease, backend_); }
  ReplyRef unlock(std::string key) { return asker_.cache_unlock(std::move(key), backend_); }
  ReplyRef increment(std::string key, std::int64_t step = 1) {
    return asker_.cache_increment(std::move(key), step, backend_);
  }
  ReplyRef decrement(std::string key, std::int64_t step = 1) {
    return asker_.cache_decrement(std::move(key), step, backend_);
  }

 private:
  Asker asker_;
  std::string backend_;
};

template <class Asker>
BackendOf<Asker> pinned(Asker asker) {
  return BackendOf<Asker>(asker, "pinned");
}

}  // namespace assay::conformance
