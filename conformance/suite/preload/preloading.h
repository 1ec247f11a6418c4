#pragma once

#include <string>
#include <utility>
#include <vector>

#include "conformance/registry/registration.h"
#include "conformance/vocabulary/status_paths.h"

// What the tests of preloading have in common.
namespace assay::conformance {

// A runtime that preloads: files are written first, then it starts.
class Preloading : public Scenario {
 public:
  using Scenario::Scenario;

 protected:
  // What the preload script does; `file()` names a file beside it there.
  void preload(const std::string& code) {
    ini("opcache.preload", "@/preload.php");
    write("@/preload.php", php(code));
  }
  static std::string file(const std::string& name) { return "__DIR__ . '/" + name + "'"; }
  static std::string compile(const std::string& name) { return "opcache_compile_file(" + file(name) + "); "; }
  static std::string require_file(const std::string& name) { return "require " + file(name) + "; "; }

  // What the preload script does to show that it ran, once and again.
  static std::string leave_trace() {
    return "touch(" + file("ran") + " . (file_exists(" + file("ran") + ") ? '-again' : '')); ";
  }
  void expect_runs(WorkerHandle worker, int times) {
    expect(worker.file_exists("@/ran"), times > 0);
    expect(worker.file_exists("@/ran-again"), times > 1);
  }
  // For scripts beyond the subset that some targets run.
  void needs_whole_language() { needs("script_cache.whole_language"); }

  // What an expression gives in a request: a script of its own returns it.
  ReplyRef evaluate(WorkerHandle worker, const std::string& expression, const std::string& statements = "") {
    const std::string path = "@/ask" + std::to_string(++asked_) + ".php";
    write(path, php(statements + " return " + expression + ";"));
    return worker.include(path);
  }
  static std::string has_class(const std::string& name) { return "class_exists('" + name + "', false)"; }
  static std::string has_function(const std::string& name) { return "function_exists('" + name + "')"; }

  // A request that is fatal in the file.
  void expect_fatal(WorkerHandle worker, const std::string& path, const std::string& message) {
    auto request = worker.request();
    request.ends("aborted");
    expect(request.include(path), throws("Fatal error", message));
  }

 private:
  int asked_ = 0;
};

inline Matcher list_of(std::vector<Value> values) {
  return equals(Value::list(std::move(values)));
}

// One file with a class and a function, compiled: what most tests begin with.
class PreloadedFile : public Preloading {
 public:
  using Preloading::Preloading;

 protected:
  static std::string source(const std::string& version) {
    return php("class A { const C = '" + version + "'; } function fa() { return '" + version + "'; } echo 'ran " +
               version + ";'; return 7;");
  }
  void begin() {
    preload(compile("a.php"));
    write("@/a.php", source("old"));
    start();
  }
  void expect_old(WorkerHandle worker) { expect(evaluate(worker, "[A::C, fa()]"), list_of({"old", "old"})); }
};

}  // namespace assay::conformance
