#pragma once

#include <utility>
#include <vector>

#include "conformance/vocabulary/operation.h"

namespace assay::conformance {

// An operation that a scenario has asked for: where its reply can be expected and referred to.
struct ReplyRef {
  std::size_t step = 0;
  std::size_t exchange = 0;
};

// The operations as functions, for whoever can `ask(Operation)`: each row of operation.def under its own name, with its
// parameters in order (`one.touch("@/a.php", 17)`), and shorter names for what clause tests ask most. No logic.
// REQUIRES of each: the parameters of the row; those with a default value may be left out (std::logic_error otherwise).
template <class Asker>
class Operations {
  using K = OperationKind;

 public:
#define OPERATION(kind, ...)                                                  \
  template <class... Arguments>                                               \
  ReplyRef kind(Arguments&&... arguments) {                                   \
    return in_order(K::kind, {Value(std::forward<Arguments>(arguments))...}); \
  }
#include "conformance/vocabulary/operation.def"
#undef OPERATION

  ReplyRef include_once(std::string path) {
    return include(std::move(path), "include_once");
  }
  ReplyRef require(std::string path) {
    return include(std::move(path), "require");
  }
  ReplyRef require_once(std::string path) {
    return include(std::move(path), "require_once");
  }
  ReplyRef status(bool scripts = true) {
    return script_status(scripts);
  }
  ReplyRef configuration() {
    return script_configuration();
  }

  ReplyRef realpath_listing() {
    return realpath_cache_get();
  }
  ReplyRef realpath_size() {
    return realpath_cache_size();
  }
  ReplyRef clear_realpath_cache() {
    return clear_stat_cache(true);
  }
  ReplyRef hard_link(std::string target, std::string link_path) {
    return link(std::move(target), std::move(link_path));
  }

  ReplyRef get(std::string key) {
    return cache_get(std::move(key));
  }
  ReplyRef get(std::string key, Value fallback) {
    return cache_get(std::move(key), std::move(fallback));
  }
  ReplyRef get_multiple(std::vector<Value> keys) {
    return cache_get_multiple(Value::list(std::move(keys)));
  }
  ReplyRef get_multiple(std::vector<Value> keys, Value fallback) {
    return cache_get_multiple(Value::list(std::move(keys)), std::move(fallback));
  }
  ReplyRef set(std::string key, Value value, std::int64_t ttl = 0) {
    return cache_set(std::move(key), std::move(value), ttl);
  }
  ReplyRef set_multiple(Value values, std::int64_t ttl = 0) {
    return cache_set_multiple(std::move(values), ttl);
  }
  ReplyRef has_key(std::string key) {
    return cache_has(std::move(key));
  }
  ReplyRef remove_key(std::string key) {
    return cache_delete(std::move(key));
  }
  ReplyRef remove_keys(std::vector<Value> keys) {
    return cache_delete_multiple(Value::list(std::move(keys)));
  }
  ReplyRef add(std::string key, Value value, std::int64_t ttl = 0) {
    return cache_add(std::move(key), std::move(value), ttl);
  }
  ReplyRef remember(std::string key, Value value, std::int64_t ttl = 0) {
    return cache_remember(std::move(key), std::move(value), ttl);
  }
  ReplyRef increment(std::string key, std::int64_t step = 1) {
    return cache_increment(std::move(key), step, "volatile");
  }
  ReplyRef decrement(std::string key, std::int64_t step = 1) {
    return cache_decrement(std::move(key), step, "volatile");
  }
  ReplyRef clear_cache() {
    return cache_clear();
  }
  ReplyRef lock(std::string key, std::int64_t lease = 0) {
    return cache_lock(std::move(key), lease);
  }
  ReplyRef unlock(std::string key) {
    return cache_unlock(std::move(key));
  }

 private:
  ReplyRef in_order(OperationKind kind, std::vector<Value> arguments) {
    return static_cast<Asker*>(this)->ask(operation_in_order(kind, std::move(arguments)));
  }
};

}  // namespace assay::conformance
