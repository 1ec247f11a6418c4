#pragma once

#include "conformance/exploration/pair.h"
#include "conformance/suite/guarantees/recovering.h"

namespace assay::conformance {

// What a worker can be doing when something happens to it: one request, with the replies that are right whatever the
// others do meanwhile.
enum class ScriptRole { hit, store, alias, revalidate, invalidate, reset, restart, status };
enum class CacheRole {
  get,
  get_list,
  set,
  set_list,
  overwrite,
  remove,
  remove_list,
  clear,
  expire,
  get_expired,
  has,
  lock,
  add,
  remember,
  count
};

// As ids and titles say it: "get-list".
const char* name_of(ScriptRole role);
const char* name_of(CacheRole role);
// What a target must claim to play it.
const char* feature_of(CacheRole role);

// Two workers in their roles on one script cache that holds some scripts, and what must hold when both are done.
class ScriptRoles : public Recovering<Pair> {
 public:
  ScriptRoles(const Description& target, ScriptRole a, ScriptRole b) : Recovering(target), roles_{a, b} {}

  // What B does next, whatever its role, within the bound of the guarantees.
  void next(ScriptRole role);

 private:
  void prepare() override;
  void before(int number) override;
  void work(int number, RequestBuilder& request) override;
  void verify() override;

  void play(ScriptRole role, RequestBuilder& request);
  void right_results(WorkerHandle worker);

  ScriptRole roles_[2];
};

// The same of a data cache.
class CacheRoles : public Pair {
 public:
  CacheRoles(const Description& target, CacheRole a, CacheRole b)
      : Pair(target), roles_{a, b}, has_reservations_(target.features.contains("static_cache.locks")) {}

  // What B does next, whatever its role, within the bound of the guarantees. A reservation: one key, given back.
  void next(CacheRole role);
  void next_info();
  bool has_reservations() const { return has_reservations_; }

 private:
  void prepare() override;
  void work(int number, RequestBuilder& request) override;
  void verify() override;

  // Of that worker, within the bound of the guarantees.
  RequestBuilder bounded(int number);
  RequestBuilder next_request();
  static void play(CacheRole role, int number, RequestBuilder& request);
  bool counts() const { return roles_[0] == CacheRole::count || roles_[1] == CacheRole::count; }
  void right_values(RequestBuilder& request);
  void stores_again(RequestBuilder& request);

  CacheRole roles_[2];
  bool has_reservations_;
};

}  // namespace assay::conformance
