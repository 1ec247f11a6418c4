#include "conformance/suite/guarantees/point_traces.h"

#include "conformance/adapter/eviction_choice.h"
#include "conformance/scenario/scenario.h"
#include "conformance/vocabulary/status_paths.h"

namespace assay::conformance {
namespace {

class PointTrace : public Scenario {
 public:
  using Scenario::Scenario;

 protected:
  void faults_here() { act(ActionKind::arm, {{"point", "*"}, {"effect", "count"}}); }
  void faults_are_over() { act(ActionKind::disarm, {}); }
  // A worker that stored six values, which take most of the backend.
  WorkerHandle nearly_full(const std::string& keys, std::size_t size, std::int64_t ttl = 0) {
    ini("opcache.static_cache.volatile_size_mb", "8");
    auto w = worker();
    for (int i = 0; i < 6; ++i) expect(w.set(keys + std::to_string(i), std::string(size, 's'), ttl), true);
    return w;
  }
};

// In both caches.
class Repaired final : public PointTrace {
 public:
  using PointTrace::PointTrace;

 private:
  void steps() override {
    auto [victim, survivor] = workers<2>();
    write("@/a.php", returns("a"));
    die(victim, "store/copy").include("@/a.php");
    die(victim, "static/store/publish").set("k", "v");
    faults_here();
    expect(survivor.include("@/a.php"), "a");
    expect(survivor.set("k", "w"), true);
    faults_are_over();
    for (WorkerHandle worker : {survivor, victim}) {
      expect(worker.include("@/a.php"), "a");
      expect(worker.get("k"), "w");
    }
  }
  RequestBuilder die(WorkerHandle victim, const char* point) {
    act(ActionKind::arm, {{"point", point}, {"effect", "kill"}, {"worker", victim.number()}});
    auto doomed = victim.request();
    doomed.ends("died");
    return doomed;
  }
};

class Published final : public PointTrace {
 public:
  using PointTrace::PointTrace;

 private:
  void steps() override {
    const std::string classes =
        "use OPcache\\VolatileStatic;\nuse OPcache\\CacheStrategy;\nclass P { #[VolatileStatic] public static $a = 0;"
        " #[VolatileStatic(strategy: CacheStrategy::Tracking)] public static $b = []; }\n";
    write("@/store.php", php(classes + "P::$a = 'assigned'; P::$b = [1]; return 1;"));
    write("@/read.php", php(classes + "return [P::$a, P::$b];"));
    auto [one, two] = workers<2>();
    expect(one.include("@/read.php"), Value::list({0, Value::list({})}));
    faults_here();
    expect(one.include("@/store.php"), 1);
    faults_are_over();
    expect(one.include("@/store.php"), 1);
    expect(two.include("@/read.php"), Value::list({"assigned", Value::list({1})}));
  }
};

// A script is stored in a file, loaded from it, and refused, and the log is told; a killed worker is replaced.
class Filed final : public PointTrace {
 public:
  using PointTrace::PointTrace;

 private:
  void steps() override {
    ini("opcache.file_cache", "@");
    ini("opcache.log_verbosity_level", "2");
    ini("opcache.error_log", "@/log");
    auto [one, two] = workers<2>();
    write("@/a.php", returns("a"));
    faults_here();
    kill(two);
    expect(two.include("@/a.php"), "a");
    expect(one.reset(), true);
    expect(one.include("@/a.php"), "a");
    expect(one.invalidate("@/a.php", true), true);
    faults_are_over();
    // What cannot be removed is told to the log.
    act(ActionKind::arm, {{"point", "file_cache/unlink"}, {"effect", "fail"}, {"error", "EACCES"}});
    expect(one.invalidate("@/a.php", true), true);
    faults_are_over();
    expect(one.read_file("@/log"), matches("Warning .*a\\.php\\.bin"));
  }
};

class LoggedStore final : public PointTrace {
 public:
  using PointTrace::PointTrace;

 private:
  void steps() override {
    ini("opcache.log_verbosity_level", "4");
    ini("opcache.error_log", "@/log");
    auto [one, two] = workers<2>();
    write("@/a.php", returns("a"));
    faults_here();
    expect(one.include("@/a.php"), "a");
    expect(two.include("@/a.php"), "a");
    faults_are_over();
    expect(one.read_file("@/log"), matches("a\\.php"));
  }
};

class Expired final : public PointTrace {
 public:
  using PointTrace::PointTrace;

 private:
  void steps() override {
    auto w = nearly_full("short", 1'000'000, 1);
    advance_clock(std::chrono::seconds(10));
    faults_here();
    expect(w.set("large", std::string(4'000'000, 'l')), true);
    faults_are_over();
  }
};

class Evicted final : public PointTrace {
 public:
  using PointTrace::PointTrace;

 private:
  void steps() override {
    needs("static_cache.eviction");
    ini(kEvictionChoice, "lru");
    auto w = nearly_full("k", 1'170'000);
    faults_here();
    expect(w.set("large", std::string(2'000'000, 'l')), true);
    faults_are_over();
    expect(w.set("large", std::string(2'000'000, 'l')), true);
    expect(w.get("large"), has_length(2'000'000));
  }
};

// Two entries go that are not beside each other, and the next one needs the room of both.
class Compacted final : public PointTrace {
 public:
  using PointTrace::PointTrace;

 private:
  void steps() override {
    auto w = nearly_full("k", 1'170'000);
    for (const char* key : {"k0", "k2"}) expect(w.remove_key(key), true);
    faults_here();
    expect(w.set("large", std::string(2'200'000, 'l')), true);
    faults_are_over();
    for (const char* key : {"k1", "k3", "k4", "k5"}) expect(w.get(key), has_length(1'170'000));
  }
};

class ForcedRestart final : public PointTrace {
 public:
  using PointTrace::PointTrace;

 private:
  void steps() override {
    ini("opcache.force_restart_timeout", "10");
    auto [reader, other] = workers<2>();
    write("@/a.php", returns("a"));
    expect(other.include("@/a.php"), "a");
    auto held = reader.background("reader");
    held.ends("any");
    held.include("@/a.php");
    held.rendezvous("held");
    wait_for_arrival("held");
    expect(other.reset(), true);
    advance_clock(std::chrono::seconds(10));
    faults_here();
    expect(other.include("@/a.php"), "a");
    faults_are_over();
    release("held");  // where a fault kept it alive
    await("reader");
    for (WorkerHandle worker : {other, reader}) {
      expect(worker.include("@/a.php"), "a");
      expect(worker.status(), all_of({at(status_path::enabled, true), at(status_path::pending, false)}));
    }
  }
};

// A is held, B waits for it, A goes on, then B. Both are let go also where a fault kept them from coming so far.
class Met : public PointTrace {
 public:
  Met(const Description& target, const char* held, const char* blocked)
      : PointTrace(target), held_(held), blocked_(blocked) {}

 protected:
  virtual void prepare() = 0;
  virtual void work(int number, RequestBuilder& request) = 0;
  virtual void right_again(WorkerHandle worker) = 0;

 private:
  void steps() override {
    auto [a, b, third] = workers<3>();
    prepare();
    hold(a, held_);
    hold(b, blocked_);
    faults_here();
    start(0, a);
    start(1, b);
    for (WorkerHandle worker : {a, b}) {
      act(ActionKind::unpause, {{"point", "*"}, {"worker", worker.number()}});
      wait_until_blocked(worker);
    }
    faults_are_over();
    for (const char* name : {"A", "B"}) await(name);
    for (WorkerHandle worker : {third, a, b}) right_again(worker);
  }
  void hold(WorkerHandle worker, const char* point) {
    act(ActionKind::arm, {{"point", point}, {"effect", "pause"}, {"worker", worker.number()}, {"optional", true}});
  }
  void start(int number, WorkerHandle worker) {
    auto request = worker.background(number == 0 ? "A" : "B");
    work(number, request);
    wait_until_blocked(worker);
  }

  const char* held_;
  const char* blocked_;
};

class LockMet final : public Met {
 public:
  explicit LockMet(const Description& target) : Met(target, "lock/write/held", "lock/write/blocked") {}

 private:
  void prepare() override {
    for (const char* file : {"@/0.php", "@/1.php"}) write(file, returns(file));
  }
  void work(int number, RequestBuilder& request) override {
    const std::string file = "@/" + std::to_string(number) + ".php";
    expect(request.include(file), file);
  }
  void right_again(WorkerHandle worker) override {
    for (const char* file : {"@/0.php", "@/1.php"}) expect(worker.include(file), file);
  }
};

class DataLockMet final : public Met {
 public:
  explicit DataLockMet(const Description& target) : Met(target, "static/lock/held", "static/lock/blocked") {}

 private:
  void prepare() override {}
  void work(int number, RequestBuilder& request) override { expect(request.set(key(number), number), true); }
  void right_again(WorkerHandle worker) override {
    for (const int number : {0, 1}) expect(worker.get(key(number)), number);
  }
  static std::string key(int number) { return "of " + std::to_string(number); }
};

// A dead owner's reservation is no longer in force, and one that stores has none any more.
class ReservationMet final : public Met {
 public:
  explicit ReservationMet(const Description& target)
      : Met(target, "static/fetch/lookup", "static/reservation/blocked") {}

 private:
  void prepare() override {}
  void work(int number, RequestBuilder& request) override {
    if (number == 0) {
      expect(request.lock("k"), true);
      request.get("other");
    }
    expect(request.set("k", number), true);
  }
  void right_again(WorkerHandle worker) override { expect(worker.get("k"), 1); }
};

// Who waits for a reservation has to ask the kernel whether its owner still lives. It does not.
class OwnerDies final : public PointTrace {
 public:
  using PointTrace::PointTrace;

 private:
  void steps() override {
    auto [owner, other] = workers<2>();
    act(ActionKind::arm,
        {{"point", "static/reservation/blocked"}, {"effect", "pause"}, {"worker", other.number()}, {"optional", true}});
    faults_here();
    auto held = owner.background("owner");
    held.ends("any");
    held.lock("k");
    held.rendezvous("held");
    wait_for_arrival("held");
    auto waits = other.background("other");
    expect(waits.set("k", "of the other"), true);
    wait_until_blocked(other);
    kill(owner);
    await("owner");
    act(ActionKind::unpause, {{"point", "*"}, {"worker", other.number()}});
    await("other");
    faults_are_over();
    for (WorkerHandle worker : {owner, other}) expect(worker.get("k"), "of the other");
  }
};

}  // namespace

Trace repaired(const Description& target) {
  return Repaired(target).build("workers that died in stores, and who repairs what they left", {"GU-LIV-01"});
}
Trace filed(const Description& target) {
  return Filed(target).build("a script in the file cache", {"GU-LIV-05"});
}
Trace logged(const Description& target) {
  return LoggedStore(target).build("a store and a hit, logged", {"GU-LIV-05"});
}
Trace expired(const Description& target) {
  return Expired(target).build("a store that needs the room of expired values", {"GU-LIV-05"});
}
Trace evicted(const Description& target) {
  return Evicted(target).build("a store that needs the room of values that live", {"GU-LIV-05"});
}
Trace compacted(const Description& target) {
  return Compacted(target).build("a store whose room is in pieces", {"GU-LIV-05"});
}
Trace published(const Description& target) {
  return Published(target).build("declared statics that are published", {"GU-LIV-05"});
}
Trace forced_restart(const Description& target) {
  return ForcedRestart(target).build("a restart that ends who holds it off", {"GU-LIV-05"});
}
Trace lock_met(const Description& target) {
  return LockMet(target).build("a store waits for the write lock", {"GU-LIV-05"});
}
Trace data_lock_met(const Description& target) {
  return DataLockMet(target).build("a store waits for the lock of the data cache", {"GU-LIV-05"});
}
Trace owner_dies(const Description& target) {
  return OwnerDies(target).build("a store waits for the reservation of one who dies", {"GU-LIV-05"});
}
Trace reservation_met(const Description& target) {
  return ReservationMet(target).build("a store waits for a reservation", {"GU-LIV-05"});
}

}  // namespace assay::conformance
