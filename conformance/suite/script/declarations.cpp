// SC-PER-03, SC-PER-06, SC-PER-09, SC-API-08: functions and classes that are declared twice in a request.
#include "conformance/registry/registration.h"
#include "conformance/scenario/scenario.h"
#include "conformance/suite/script/common.h"

using namespace assay::conformance;

namespace {

constexpr const char* cached = "1";
constexpr const char* uncached = "0";

// One file is included twice in a request, and then two files that declare the same name.
class DeclaredTwice : public Scenario {
 public:
  DeclaredTwice(const Description& target, const char* enable, std::string declaration)
      : Scenario(target), enable_(enable), declaration_(std::move(declaration)) {}

 private:
  void steps() override {
    ini("opcache.enable", enable_);
    auto w = worker();
    for (const char* path : {"@/a.php", "@/b.php"}) write(path, php("echo 'ran '; " + declaration_ + " return 1;"));
    for (const char* path : {"@/a.php", "@/b.php"}) expect(w.include(path), all_of({equals(1), prints("ran ")}));
    for (const char* second : {"@/a.php", "@/b.php", "@/a.php"}) {
      auto r = w.request();
      r.ends("aborted");
      expect(r.include("@/a.php"), 1);
      expect(r.include(second), throws("Fatal error", "already in use|redeclare"));
    }
  }

  std::string enable_, declaration_;
};

[[maybe_unused]] const bool declarations_registered = register_tests({
    clause_test<DeclaredTwice>("SC-PER-06/class", "SC-PER-09", "a class that is declared twice is fatal",
                               with(cached, std::string("class K {}"))),
    clause_test<DeclaredTwice>("SC-PER-06/class-uncached", "a class that is declared twice is fatal without the cache",
                               with(uncached, std::string("class K {}"))),
    clause_test<DeclaredTwice>("SC-PER-06/interface", "SC-PER-09", "an interface that is declared twice is fatal",
                               with(cached, std::string("interface K {}"))),
    clause_test<DeclaredTwice>("SC-PER-06/trait", "SC-PER-09", "a trait that is declared twice is fatal",
                               with(cached, std::string("trait K {}"))),
    clause_test<DeclaredTwice>("SC-PER-06/enum", "SC-PER-09", "an enum that is declared twice is fatal",
                               with(cached, std::string("enum K { case A; }"))),
    clause_test<DeclaredTwice>("SC-PER-06/function", "SC-PER-09", "a function that is declared twice is fatal",
                               with(cached, std::string("function k() {}"))),
});

}  // namespace

CLAUSE_TEST(Scenario, "SC-PER-03/function-exists", "SC-PER-06",
            "a file whose function exists already does not compile and is not stored") {
  auto w = worker();
  for (const char* path : {"@/a.php", "@/b.php"}) write(path, php("echo 'ran '; function k() {} return 1;"));
  auto before = w.status();
  auto r = w.request();
  r.ends("aborted");
  expect(r.include("@/a.php"), 1);
  expect(r.include("@/b.php"), all_of({throws("Fatal error", "Cannot redeclare (function )?k\\(\\)"), prints("")}));
  expect(w.status(), all_of({grew(misses, 2, before), has({"scripts", "@/a.php"}), lacks({"scripts", "@/b.php"})}));
  expect(w.include("@/b.php"), 1);
}

CLAUSE_TEST(Scenario, "SC-API-09/function-exists", "SC-PER-03 SC-API-08",
            "compile fails for a file whose function exists already, and stores nothing") {
  auto w = worker();
  for (const char* path : {"@/a.php", "@/b.php"}) write(path, php("function k() {} return 1;"));
  auto r = w.request();
  expect(r.compile_file("@/a.php"), true);
  expect(r.compile_file("@/b.php"), all_of({equals(false), diagnoses(has_length(2))}));
  expect(r.is_cached("@/b.php"), false);
  expect(w.include("@/b.php"), 1);
}

namespace {

// Compiles a file with a function and classes, twice: nobody, then compile had stored it.
class StoredByCompile : public Scenario {
 public:
  StoredByCompile(const Description& target, bool declares) : Scenario(target), declares_(declares) {}

 protected:
  void steps() override {
    auto w = worker();
    write("@/a.php", php("function f() {} class K {} class Child extends K {} interface I {} trait T {} "
                         "if (true) { class Conditional {} } return 1;"));
    write("@/ask.php",
          php("return [function_exists('f'), class_exists('K', false), class_exists('Child', false), "
              "interface_exists('I', false), trait_exists('T', false), class_exists('Conditional', false)];"));
    for (int use = 0; use < 2; ++use) {
      auto r = w.request();
      expect(r.compile_file("@/a.php"), true);
      expect(r.include("@/ask.php"), Value::list({true, declares_, declares_, declares_, declares_, false}));
    }
  }

 private:
  bool declares_;
};

[[maybe_unused]] const bool stored_by_compile_registered = register_tests({
    clause_test<StoredByCompile>("SC-API-16/stored-by-compile",
                                 "compiling a file that compile stored declares its functions and no class",
                                 with(false)),
    clause_test<StoredByCompile>("SC-API-17/stored-by-compile",
                                 "compiling a file that compile stored declares its functions and classes", with(true)),
});

}  // namespace
