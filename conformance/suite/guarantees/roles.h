#pragma once

#include "conformance/registry/verdict.h"
#include "conformance/scenario/interleaving.h"
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
  lock
};

// As ids and titles say it: "get-list".
const char* name_of(ScriptRole role);
const char* name_of(CacheRole role);
// What a target must claim to play it.
const char* feature_of(CacheRole role);

// Two workers in their roles on one script cache that holds some scripts, and what must hold when both are done.
class ScriptRoles : public Recovering<Interleaving> {
 public:
  ScriptRoles(const Description& target, ScriptRole a, ScriptRole b) : Recovering(target), roles_{a, b} {}

 protected:
  void prepare() override;
  void before(int who) override;
  void work(int who, RequestBuilder& request) override;
  void verify() override;

  void play(ScriptRole role, RequestBuilder& request);
  void right_results(WorkerHandle worker);

 private:
  ScriptRole roles_[2];
};

// The same of a data cache.
class CacheRoles : public Interleaving {
 public:
  CacheRoles(const Description& target, CacheRole a, CacheRole b) : Interleaving(target), roles_{a, b} {}

 protected:
  void prepare() override;
  void work(int who, RequestBuilder& request) override;
  void verify() override;

  static void play(CacheRole role, int who, RequestBuilder& request);
  void right_values(WorkerHandle worker);

 private:
  CacheRole roles_[2];
};

// The points inside the caches that a run came to, and how often.
Visits visits_inside(const Evidence& evidence);
// The system calls of a stock program's caches at which it can be held, besides those of its locks.
Visits visits_of_calls(const Evidence& evidence);

}  // namespace assay::conformance
