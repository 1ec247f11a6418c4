// Every crash state of every operation of the script cache.
#include <fmt/format.h>

#include "conformance/suite/guarantees/crash_states.h"
#include "conformance/vocabulary/status_paths.h"

using namespace assay::conformance;
using std::chrono::seconds;

namespace {

constexpr const char* script_clauses = "GU-LIV-02 GU-LIV-03 GU-VAL-07 GU-RES-01 GU-RES-02 GU-RES-03 GU-IDN-02";

const Path& kUsed = status_path::used;

// Scripts that share names, keys and strings with each other.
std::string small_script(const std::string& own) {
  return php("$shared_name = ['shared key' => 'a string that several scripts have', 'own' => '" + own +
             "'];\nreturn $shared_name['own'];");
}
std::string class_script(const std::string& own) {
  const std::string name = "Crash" + own;
  return php(
      "if (!class_exists('" + name + "', false)) {\n  class " + name + " {\n    const KIND = '" + own +
      "';\n    public $size = [1, 2, 'shared key' => 3];\n    public static $count = 0;\n    public static "
      "function describe($suffix = 'shared') {\n      self::$count++;\n      return self::KIND . '/' . $suffix . "
      "'/' . self::$count;\n    }\n  }\n}\nreturn " +
      name + "::describe();");
}
std::string strings_script(const std::string& own) {
  return php(
      "function_exists('strlen');\nreturn ['shared key' => 'a string that several scripts have', 'another "
      "shared key' => ['shared key' => 'one more string', 'own key of " +
      own + "' => '" + own + "'], 'third key of " + own + "' => 'value of " + own + "'];");
}
Value strings_value(const std::string& own) {
  return Value::map(
      {{"shared key", "a string that several scripts have"},
       {"another shared key", Value::map({{"shared key", "one more string"}, {"own key of " + own, own}})},
       {"third key of " + own, "value of " + own}});
}

// Five scripts and their results. "old", "mixed" and "texts" are cached when the operation begins, by all workers;
// "new" comes with it; "later" comes after it.
class ScriptCacheCrash : public Scenario {
 public:
  using Scenario::Scenario;

 protected:
  virtual void prepare(WorkerHandle) {}
  // What the operation costs besides: a script that is stored a second time has a second block.
  virtual void rehearse(WorkerHandle) {}
  virtual void operation(RequestBuilder& doomed) = 0;
  virtual bool is_restart() const { return false; }
  virtual std::string new_script() const { return small_script("new"); }
  virtual Value new_result() const { return "new"; }

  void steps() override {
    ini("opcache.memory_consumption", "8");
    ini("opcache.interned_strings_buffer", "1");
    ini("opcache.static_cache.volatile_size_mb", "0");  // no other memory than the one under test
    auto [victim, one, two, rehearser] = workers<4>();
    write("@/old.php", small_script("old"));
    write("@/mixed.php", class_script("Mixed"));
    write("@/texts.php", strings_script("texts"));
    write("@/later.php", class_script("Later"));
    write("@/new.php", new_script());
    make_link("@/link.php", "@/old.php");
    // What all of it costs when nobody dies; then everything begins anew.
    const ReplyRef fresh = rehearser.status();
    use_all(rehearser);
    rehearse(rehearser);
    const ReplyRef rehearsed = after_invalidating_all(rehearser);
    expect(rehearser.reset(), true);
    expect(rehearser.status(), same_as(fresh, kUsed));

    for (WorkerHandle worker : {one, two, victim}) {
      auto r = worker.request();
      expect(r.include("@/old.php"), "old");
      expect(r.include("@/mixed.php"), "Mixed/shared/1");
      expect(r.include("@/texts.php"), strings_value("texts"));
      worker.status();
    }
    prepare(one);
    act(ActionKind::explore_crash, {{"worker", victim.number()}});
    auto doomed = victim.request();
    doomed.ends("any");
    operation(doomed);

    // Everybody twice: after that the death is history (guarantees.md, "settled").
    for (const WorkerHandle& worker : {one, two, victim}) use_all(worker);
    for (const WorkerHandle& worker : {two, victim, one}) use_all(worker);
    for (const WorkerHandle& worker : {victim, one, two}) all_cached(worker);
    // Inside a restart thousands of deaths are judged; what the store after it loses, the others show.
    if (is_restart()) return;
    // A death costs nothing that is not accounted for ...
    about("GU-RES-03");
    expect(after_invalidating_all(two), at_most(rehearsed, kUsed));
    // ... and nothing at all after the next restart.
    about("GU-LIV-03");
    expect(bounded(one).reset(), true);
    about("GU-RES-02");
    expect(bounded(two).status(), same_as(fresh, kUsed));
    use_all(victim);
    all_cached(one);
  }

 private:
  static constexpr const char* kPaths[] = {"@/old.php", "@/mixed.php", "@/texts.php", "@/new.php", "@/later.php"};

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
    expect(r.include("@/mixed.php"), "Mixed/shared/1");
    expect(r.include("@/later.php"), "Later/shared/1");
    expect(r.include("@/texts.php"), strings_value("texts"));
    expect(r.include("@/link.php"), "old");
  }
  void all_cached(WorkerHandle worker) {
    about("GU-LIV-02");
    auto r = bounded(worker);
    for (const char* path : kPaths) expect(r.is_cached(path), true);
    expect(r.status(), all_of({at(status_path::enabled, true), at(status_path::pending, false),
                               at(status_path::in_progress, false)}));
  }
  static ReplyRef after_invalidating_all(WorkerHandle worker) {
    auto r = bounded(worker);
    for (const char* path : kPaths) r.invalidate(path, true);
    return r.status();
  }
};

class StoreScript final : public ScriptCacheCrash {
  using ScriptCacheCrash::ScriptCacheCrash;
  void operation(RequestBuilder& doomed) override { doomed.include("@/new.php"); }
};

class StoreClass final : public ScriptCacheCrash {
  using ScriptCacheCrash::ScriptCacheCrash;
  void operation(RequestBuilder& doomed) override { doomed.include("@/new.php"); }
  std::string new_script() const override { return class_script("New"); }
  Value new_result() const override { return "New/shared/1"; }
};

class StoreStrings final : public ScriptCacheCrash {
  using ScriptCacheCrash::ScriptCacheCrash;
  void operation(RequestBuilder& doomed) override { doomed.include("@/new.php"); }
  std::string new_script() const override { return strings_script("new"); }
  Value new_result() const override { return strings_value("new"); }
};

// A class whose parent is PHP's own, of a script that another worker stored: it is linked when it runs (SC-PER-10).
class LinkClass final : public ScriptCacheCrash {
  using ScriptCacheCrash::ScriptCacheCrash;
  void prepare(WorkerHandle other) override { expect(other.compile_file("@/new.php"), true); }
  void operation(RequestBuilder& doomed) override { doomed.include("@/new.php"); }
  std::string new_script() const override {
    return php(
        "class CrashLinked extends RuntimeException {\n  public $size = [1, 2];\n  public static $count = 0;\n  "
        "function "
        "describe() {\n    return 'linked/' . $this->getCode() . '/' . ++self::$count;\n  }\n}\nreturn (new "
        "CrashLinked)->describe();");
  }
  Value new_result() const override { return "linked/0/1"; }
};

class AddAlias final : public ScriptCacheCrash {
  using ScriptCacheCrash::ScriptCacheCrash;
  void operation(RequestBuilder& doomed) override { doomed.include("@/link.php"); }
};

class Invalidate final : public ScriptCacheCrash {
  using ScriptCacheCrash::ScriptCacheCrash;
  void operation(RequestBuilder& doomed) override { doomed.invalidate("@/old.php", true); }
  void rehearse(WorkerHandle worker) override {
    worker.invalidate("@/old.php", true);
    worker.include("@/old.php");
  }
};

class Reset final : public ScriptCacheCrash {
  using ScriptCacheCrash::ScriptCacheCrash;
  void operation(RequestBuilder& doomed) override { doomed.reset(); }
};

class Restart final : public ScriptCacheCrash {
  using ScriptCacheCrash::ScriptCacheCrash;
  void prepare(WorkerHandle other) override { expect(other.reset(), true); }
  void operation(RequestBuilder& doomed) override { doomed.include("@/new.php"); }
  bool is_restart() const override { return true; }
};

template <class Crash>
TestCase crash_in(const char* id, const char* title, std::size_t quick, int line = __builtin_LINE()) {
  return crash_test<Crash>(id, script_clauses, title, {"script_cache"}, quick, {}, __FILE__, line);
}

[[maybe_unused]] const bool crash_states_scripts_registered = register_tests({
    crash_in<StoreScript>("GU-LIV-01/crash-store-script", "crash after each memory write while caching a small script",
                          8),
    crash_in<StoreClass>("GU-LIV-01/crash-store-class", "crash after each memory write while caching a class", 0),
    crash_in<StoreStrings>("GU-LIV-01/crash-store-strings",
                           "crash after each memory write while caching a script with shared strings", 0),
    crash_test<LinkClass>("GU-LIV-01/crash-link-class", script_clauses,
                          "crash after each memory write while linking a class", {"script_cache.linked_classes"}, 0),
    crash_in<AddAlias>("GU-LIV-01/crash-store-alias", "crash after each memory write while adding an alias", 0),
    crash_in<Invalidate>("GU-LIV-01/crash-invalidate", "crash after each memory write while invalidating a script", 0),
    crash_in<Reset>("GU-LIV-01/crash-reset", "crash after each memory write of a reset call", 0),
    crash_in<Restart>("GU-LIV-01/crash-restart",
                      "crash after each memory write of a restart and the first store after it", 8),
});

}  // namespace
