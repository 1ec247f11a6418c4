// A worker that changes files is killed before each of its system calls, in the file cache and in the log.
#include "conformance/exploration/campaign.h"
#include "conformance/exploration/system_call_kills.h"
#include "conformance/registry/registration.h"
#include "conformance/vocabulary/status_paths.h"

using namespace assay::conformance;
using std::chrono::seconds;

namespace {

constexpr const char* file_clauses = "GU-LIV-02 GU-VAL-07 GU-RES-05 GU-SYS-03 GU-SYS-06";

const Path& kHits = status_path::hits;
const Path& kMisses = status_path::misses;

std::string new_script() {
  return php("class FiledAnew { const KIND = ['k' => 'v']; }\nreturn ['new', FiledAnew::KIND];");
}
Value new_result() {
  return Value::list({"new", Value::map({{"k", "v"}})});
}

class FileDeath : public Scenario {
 public:
  using Scenario::Scenario;

 protected:
  virtual void prepare(WorkerHandle) {}
  virtual void operation(RequestBuilder& doomed) { doomed.include("@/new.php"); }

  void steps() override {
    ini("opcache.file_cache", "@");
    ini("opcache.log_verbosity_level", "4");
    ini("opcache.error_log", "@/log");
    auto [victim, one] = workers<2>();
    write("@/old.php", returns("old"));
    write("@/new.php", new_script());
    expect(victim.include("@/old.php"), "old");
    expect(one.include("@/old.php"), "old");
    prepare(one);
    act(ActionKind::explore_crash, {{"worker", victim.number()}, {"by", "call"}});
    auto doomed = victim.request();
    doomed.ends("any");
    operation(doomed);

    for (WorkerHandle worker : {one, victim}) use_all(worker);
    about("GU-LIV-02");
    for (WorkerHandle worker : {one, victim}) {
      auto r = bounded(worker);
      for (const char* path : {"@/old.php", "@/new.php"}) expect(r.is_cached(path), true);
      expect(r.status(), at(status_path::enabled, true));
    }
    // What is in the files is right, whole, and refused at most once.
    empty_memory(one);
    use_all(one);
    about("GU-RES-05");
    expect(one.read_file("@/log"), negated(matches("Warning [^\n]*\\.php\\.bin")));
    empty_memory(victim);
    about("GU-SYS-06");
    auto before = one.status();
    use_all(one);
    about("GU-SYS-06");
    expect(one.status(), all_of({grew(kHits, 2, before), grew(kMisses, 0, before)}));
    // No line of the log was torn.
    about("GU-SYS-03");
    expect(one.read_file("@/log"), matches("^[^\n]*\n(([A-Z][a-z][a-z] [A-Z][a-z][a-z] [^\n]*)?\n)*$"));
  }

  static void include_new(WorkerHandle worker) { worker.include("@/new.php"); }
  // The next request finds nothing in memory.
  void empty_memory(WorkerHandle by) {
    about("GU-LIV-02");
    expect(bounded(by).reset(), true);
    by.status();
  }

 private:
  static RequestBuilder bounded(WorkerHandle worker) {
    auto r = worker.request();
    r.within(seconds(1));
    return r;
  }
  void use_all(WorkerHandle worker) {
    about("GU-VAL-07");
    auto r = bounded(worker);
    expect(r.include("@/new.php"), new_result());
    expect(r.include("@/old.php"), "old");
  }
};

class StoreInFile final : public FileDeath {
  using FileDeath::FileDeath;
};

class LoadFromFile final : public FileDeath {
  using FileDeath::FileDeath;
  void prepare(WorkerHandle other) override {
    include_new(other);
    empty_memory(other);
  }
};

class DeleteFile final : public FileDeath {
  using FileDeath::FileDeath;
  void prepare(WorkerHandle other) override { include_new(other); }
  void operation(RequestBuilder& doomed) override { doomed.invalidate("@/new.php", true); }
};

class ReplaceFile final : public FileDeath {
  using FileDeath::FileDeath;
  void prepare(WorkerHandle other) override {
    write_at("@/new.php", returns("older"), now() - 2000);
    include_new(other);
    empty_memory(other);
    write("@/new.php", new_script());
  }
};

template <class Death>
TestCase death_in(const char* id, const char* title, std::size_t quick, int line = __builtin_LINE()) {
  TestCase test = clause_test<Death>(id, file_clauses, title, std::tuple<>(), __FILE__, line);
  test.kind = "crash";
  test.needs = {"script_cache", "script_cache.file_cache", "workers.processes"};
  test.seconds_limit = 600;
  if (quick == 0) test.profile = Profile::standard;
  test.body = [scenario = std::exchange(test.trace, nullptr), quick](TestContext& context) {
    const Trace trace = scenario(context.target.description());
    return Campaign(context.target, context.folder)
        .run(SystemCallKills(trace, context.profile == Profile::quick ? quick : 0));
  };
  return test;
}

[[maybe_unused]] const bool crash_states_files_registered = register_tests({
    death_in<StoreInFile>("GU-LIV-01/crash-calls-store", "kill before each system call while storing a file", 4),
    death_in<LoadFromFile>("GU-LIV-01/crash-calls-load", "kill before each system call while loading a file", 0),
    death_in<DeleteFile>("GU-LIV-01/crash-calls-invalidate",
                         "kill before each system call while an invalidation deletes a file", 0),
    death_in<ReplaceFile>("GU-LIV-01/crash-calls-replace",
                          "kill before each system call while replacing the file of an older source", 0),
});

}  // namespace
