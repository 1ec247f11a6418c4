// Deaths of a worker that changes files: right before each of its system calls, in the file cache and in the log.
#include "conformance/execution/call_deaths.h"
#include "conformance/registry/test_case.h"
#include "conformance/vocabulary/status_paths.h"

using namespace assay::conformance;
using std::chrono::seconds;

namespace {

constexpr const char* kClauses = "GU-LIV-01 GU-LIV-02 GU-VAL-07 GU-RES-05 GU-SYS-03 GU-SYS-06";

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

template <class Death>
bool register_file_deaths(const char* title, std::size_t quick, int line) {
  TestCase test = detail::describe_test("crash", kClauses, title, __FILE__, line);
  test.needs = {"script_cache", "script_cache.file_cache", "workers.processes"};
  test.seconds_limit = 600;
  if (quick == 0) test.profile = Profile::standard;
  test.body = [name = test.id, ids = test.clauses, quick](TestContext& context) {
    const Trace trace = Death(context.target.description()).build(name, ids);
    return CallDeaths(context.target, context.folder, context.profile == Profile::quick ? quick : 0).explore(trace);
  };
  return register_test(std::move(test));
}

#define FILE_DEATHS(name, title, quick, ...) \
  class name final : public FileDeath {      \
    using FileDeath::FileDeath;              \
    __VA_ARGS__                              \
  };                                         \
  [[maybe_unused]] const bool registered_##name = register_file_deaths<name>(title, quick, __LINE__)

FILE_DEATHS(StoreInFile, "every death between the system calls of a store in a file", 4, );

FILE_DEATHS(
    LoadFromFile, "every death between the system calls of a load from a file", 0,
    void prepare(WorkerHandle other) override {
      include_new(other);
      empty_memory(other);
    });

FILE_DEATHS(
    DeleteFile, "every death between the system calls of an invalidation that deletes a file", 0,
    void prepare(WorkerHandle other) override { include_new(other); } void operation(RequestBuilder& doomed)
        override { doomed.invalidate("@/new.php", true); });

FILE_DEATHS(
    ReplaceFile, "every death between the system calls that replace the file of an older source", 0,
    void prepare(WorkerHandle other) override {
      write_at("@/new.php", returns("older"), now() - 2000);
      include_new(other);
      empty_memory(other);
      write("@/new.php", new_script());
    });

}  // namespace
