// Every crash state of publishing declared statics.
#include "conformance/suite/guarantees/crash_states.h"

using namespace assay::conformance;
using std::chrono::seconds;

namespace {

constexpr const char* publishing_clauses = "GU-VAL-02 GU-RES-01 ST-ATT-09 ST-ATT-12 ST-ATT-26 ST-PRC-02";

Value list(std::vector<Value> values) {
  return Value::list(std::move(values));
}

// Statics that were published before; then a script of worker 0; then what the others and its successor find: of each
// entry the old state or the new one, no waiting, and counts that are true.
class StaticsCrash final : public Scenario {
 public:
  StaticsCrash(const Description& target, const char* doomed) : Scenario(target), doomed_(doomed) {
    needs("static_cache.attributes");
    needs("static_cache.scripts");
  }

 private:
  void steps() override {
    ini("opcache.static_cache.volatile_size_mb", "1");
    ini("opcache.memory_consumption", "16");  // little other memory than the one under test
    declare("old", "P::$a = ['old', 'old']; Whole::$x = Whole::$y = 'old'; return 1;");
    declare("doomed", doomed_);
    declare("read", "return [P::$a, P::$b, Whole::$x, Whole::$y];");
    declare("again", "P::$b = 'again'; return 1;");
    declare("delete", "P::$a; Whole::$x; return [Cache::delete('P'), Cache::delete('Whole')];");
    auto [victim, one, two] = workers<3>();
    expect(run(one, "old"), 1);
    // It has served before: what is followed is the operation and not the beginning of a worker.
    const Value before = list({list({"old", "old"}), "initial", "old", "old"});
    expect(run(victim, "read"), before);
    expect(run(two, "read"), before);
    act(ActionKind::explore_crash, {{"worker", victim.number()}});
    auto doomed = victim.request();
    doomed.ends("any");
    doomed.include("@/doomed.php");
    for (const WorkerHandle& survivor : {one, two, victim}) survive(survivor);
    about("GU-RES-01");
    expect(run(two, "delete"), list({true, true}));
    expect(one.cache_info(), at({"entry_count"}, 0));
  }

  void declare(const std::string& name, const std::string& code) {
    write("@/" + name + ".php", php(R"(
use OPcache\VolatileCache as Cache;
use OPcache\VolatileStatic;
use OPcache\CacheStrategy;
class P {
  #[VolatileStatic] public static $a = 'initial';
  #[VolatileStatic(strategy: CacheStrategy::Tracking)] public static $b = 'initial';
}
#[VolatileStatic] class Whole { public static $x = 'initial'; public static $y = 'initial'; }
)" + code));
  }
  ReplyRef run(WorkerHandle worker, const std::string& name) {
    auto request = worker.request();
    request.within(seconds(1));
    return request.include("@/" + name + ".php");
  }

  // The class is one entry: its second member is never newer than its first.
  void survive(WorkerHandle worker) {
    about("GU-VAL-02");
    const ReplyRef read = run(worker, "read");
    expect(read, at({0}, one_of({list({"old", "old"}), list({"new", "new"}), "initial"})));
    expect(read, at({1}, one_of({"initial", "new", "again"})));
    expect(read, any_of({all_of({at({2}, "old"), at({3}, "old")}), all_of({at({2}, "new"), at({3}, "old")}),
                         all_of({at({2}, "new"), at({3}, "new")}), all_of({at({2}, "initial"), at({3}, "initial")})}));
    expect(run(worker, "again"), 1);
    expect(run(worker, "read"), at({1}, "again"));
  }

  const char* doomed_;
};

TestCase crash_in(const char* id, const char* title, std::size_t quick, const char* doomed,
                  int line = __builtin_LINE()) {
  return crash_test<StaticsCrash>(id, publishing_clauses, title, {"static_cache.volatile"}, quick, with(doomed),
                                  __FILE__, line);
}

[[maybe_unused]] const bool crash_states_statics_registered = register_tests({
    crash_in("GU-LIV-01/crash-publish-at-once", "crash after each memory write while publishing statics at assignment",
             8, "P::$a = ['new', 'new']; Whole::$x = 'new'; Whole::$y = 'new'; return 1;"),
    crash_in("GU-LIV-01/crash-publish-tracked", "crash after each memory write while publishing a tracked static", 0,
             "P::$b = 'new'; return 1;"),
    crash_in("GU-LIV-01/crash-delete-class", "crash after each memory write while deleting a class", 0,
             "P::$a; return Cache::delete('P');"),
});

}  // namespace
