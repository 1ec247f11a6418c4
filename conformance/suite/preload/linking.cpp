// PL-LNK: require against opcache_compile_file, and how classes are linked.
#include "conformance/suite/preload/preloading.h"

using namespace assay::conformance;

namespace {

// A compiled file with a class that cannot be linked, and a function.
class Unlinked : public Preloading {
 public:
  Unlinked(const Description& target, std::string declaration, std::string reason)
      : Preloading(target), declaration_(std::move(declaration)), reason_(std::move(reason)) {}

 protected:
  void steps() override {
    if (reason_.starts_with("Declaration")) needs_whole_language();  // types of parameters
    auto w = worker();
    write("@/base.php",
          php("class Base { function m(int $a) {} } interface Face { const C = 1; function m(string $a); } "
              "final class Last {}"));
    write("@/a.php", php("\nfunction fa() { return 'fa'; }\n" + declaration_));
    preload(compile("a.php") + compile("base.php"));
    start({"Warning: Can't preload unlinked class Bad: " + reason_ + " in @/[a-z]+\\.php on line [24]"});
    expect(evaluate(
               w, "[class_exists('Bad', false) || interface_exists('Bad', false), fa(), class_exists('Base', false)]"),
           list_of({false, "fa", true}));
  }

 private:
  std::string declaration_, reason_;
};

TestCase unlinked(const std::string& id, const std::string& title, const std::string& declaration,
                  const std::string& reason) {
  return clause_test<Unlinked>(id, "PL-ERR-07", title, with(declaration, reason));
}

[[maybe_unused]] const bool linking_registered = register_tests({
    unlinked("PL-LNK-02/parent", "a class without its parent is not preloaded, and a warning names both",
             "class Bad extends None {}", "Unknown parent None"),
    unlinked("PL-LNK-02/interface", "a class without its interface is not preloaded, and a warning names both",
             "class Bad implements None {}", "Unknown interface None"),
    unlinked("PL-LNK-02/trait", "a class without its trait is not preloaded, and a warning names both",
             "class Bad { use None; }", "Unknown trait None"),
    unlinked("PL-LNK-02/enum", "an enum without its interface is not preloaded, and a warning names both",
             "enum Bad implements None { case One; }", "Unknown interface None"),
    unlinked("PL-LNK-02/parent-interface", "an interface without its parent is not preloaded, and a warning names both",
             "interface Bad extends None {}", "Unknown interface None"),
    unlinked("PL-LNK-03/parameter", "a class with an incompatible parameter is not preloaded",
             "class Bad extends Base { function m(string $a) {} }",
             "Declaration of Bad::m\\(string \\$a\\) must be compatible with Base::m\\(int \\$a\\)"),
    unlinked("PL-LNK-03/interface", "a class whose parent's method does not fit its interface is not preloaded",
             "class Bad extends Base implements Face {}",
             "Declaration of Base::m\\(int \\$a\\) must be compatible with Face::m\\(string \\$a\\)"),
});

}  // namespace

CLAUSE_TEST(Preloading, "PL-LNK-01/compiled", "compiled files may be in any order") {
  auto w = worker();
  write("@/grandchild.php", php("class G extends C { use T; const A = self::B . 'g'; }"));
  write("@/child.php", php("class C extends P implements I { const B = parent::B . 'c'; }"));
  write("@/trait.php", php("trait T { static $t = self::B; }"));
  write("@/parent.php", php("class P { const B = I::X; }"));
  write("@/interface.php", php("interface I { const X = 'i'; }"));
  preload(compile("grandchild.php") + compile("child.php") + compile("trait.php") + compile("parent.php") +
          compile("interface.php"));
  start();
  expect(evaluate(w, "[G::A, G::$t, new G instanceof P, new G instanceof I]"), list_of({"icg", "ic", true, true}));
}

CLAUSE_TEST(Preloading, "PL-LNK-01/required", "a required file whose parent is required later ends the start") {
  worker();
  write("@/child.php", php("class C extends P {}"));
  write("@/parent.php", php("class P {}"));
  preload(require_file("child.php") + require_file("parent.php"));
  start_fails({"Class \"P\" not found"});
}

CLAUSE_TEST(Preloading, "PL-LNK-02/chain", "a class whose parent could not be linked is not linked either") {
  auto w = worker();
  write("@/a.php", php("class A extends None {}"));
  write("@/b.php", php("class B extends A {} class Good {}"));
  preload(compile("b.php") + compile("a.php"));
  start({"unlinked class A: Unknown parent None", "unlinked class B: Unknown parent A"});
  expect(evaluate(w, "[" + has_class("A") + ", " + has_class("B") + ", " + has_class("Good") + "]"),
         list_of({false, false, true}));
}

CLAUSE_TEST(Preloading, "PL-LNK-04/constants",
            "constants that are unknown at the start are evaluated when they are used") {
  auto w = worker();
  write("@/a.php", php("class A { const C = LATER . '!'; public $p = [LATER => self::C]; } "
                       "class S { public static $s = LATER; } function fa($a = LATER) { return $a; }"));
  preload(compile("a.php"));
  start();
  for (const char* value : {"one", "two"})
    expect(evaluate(w, "[A::C, (new A)->p, S::$s, fa()]", "define('LATER', '" + std::string(value) + "');"),
           list_of({std::string(value) + "!", Value::map({{value, std::string(value) + "!"}}), value, value}));
  expect(evaluate(w, "$said", "try { $said = A::C; } catch (Error $e) { $said = $e->getMessage(); }"),
         "Undefined constant \"LATER\"");
}

CLAUSE_TEST(Preloading, "PL-LNK-05/not-visible", "a compiled class does not exist for the rest of the preload script") {
  auto w = worker();
  write("@/a.php", php("class A {}"));
  preload(compile("a.php") + "echo 'exists: ', (int) class_exists('A', false), ';';");
  start({"exists: 0;"});
  expect(evaluate(w, has_class("A")), true);
}

CLAUSE_TEST(Preloading, "PL-LNK-06/compiled",
            "what a compiled file declares under a condition exists only once it is included") {
  auto w = worker();
  write("@/a.php", php("if (true) { class A {} function fa() {} } return 1;"));
  preload(compile("a.php"));
  start();
  expect(evaluate(w,
                  "[class_exists('A', false), function_exists('fa'), include __DIR__ . '/a.php', "
                  "class_exists('A', false), function_exists('fa')]"),
         list_of({false, false, 1, true, true}));
  expect(evaluate(w, has_class("A")), false);
}

CLAUSE_TEST(Preloading, "PL-LNK-06/executed", "what a required file declares under a condition is preloaded") {
  auto w = worker();
  write("@/a.php", php("if (strlen(__FILE__) > 0) { class A {} function fa() {} }"));
  preload(require_file("a.php"));
  start();
  expect(evaluate(w, "[" + has_class("A") + ", " + has_function("fa") + "]"), list_of({true, true}));
}

CLAUSE_TEST(Preloading, "PL-LNK-06/executed-again", "PL-REQ-01",
            "including a required file again skips what it declared under a condition") {
  auto w = worker();
  write("@/a.php", php("echo 'top;'; if (strlen(__FILE__) > 0) { class A {} function fa() {} } return 'a';"));
  preload(require_file("a.php"));
  start();
  auto r = w.request();
  for (int i = 0; i < 2; ++i) expect(r.include("@/a.php"), all_of({equals("a"), prints("top;")}));
}

CLAUSE_TEST(Preloading, "PL-LNK-06/compiled-and-executed", "PL-REQ-01",
            "a file that was compiled, then required, declares under a condition only once: again is fatal") {
  auto w = worker();
  write("@/a.php", php("echo 'top;'; if (strlen(__FILE__) > 0) { class A {} }"));
  preload(compile("a.php") + require_file("a.php"));
  start();
  auto r = w.request();
  r.ends("aborted");
  expect(r.include("@/a.php"), all_of({throws("Fatal error", "Cannot (re)?declare class A"), prints("top;")}));
}

CLAUSE_TEST(Preloading, "PL-LNK-07/top-level", "require runs the code of a file at the start, compiling does not") {
  auto w = worker();
  write("@/a.php", php("touch(__DIR__ . '/ran-a'); class A {}"));
  write("@/b.php", php("touch(__DIR__ . '/ran-b'); class B {}"));
  preload(compile("a.php") + require_file("b.php"));
  start();
  expect(evaluate(w, "[" + has_class("A") + ", " + has_class("B") + "]"), list_of({true, true}));
  expect(w.file_exists("@/ran-a"), false);
  expect(w.file_exists("@/ran-b"), true);
}

CLAUSE_TEST(Preloading, "PL-LNK-08/classes", "PL-REQ-09",
            "the first of two compiled classes of one name wins, and a warning names the other's file") {
  auto w = worker();
  write("@/a.php", php("class X { const FROM = 'a'; } class OnlyA {}"));
  write("@/b.php", php("class X { const FROM = 'b'; } class OnlyB {}"));
  preload(compile("a.php") + compile("b.php"));
  start({"Warning: Can't preload already declared class X in @/b.php on line 2"});
  expect(evaluate(w, "[X::FROM, " + has_class("OnlyA") + ", " + has_class("OnlyB") + "]"), list_of({"a", true, true}));
  expect_fatal(w, "@/b.php", "Cannot (re)?declare class X");
}

CLAUSE_TEST(Preloading, "PL-LNK-08/same-file",
            "a file that is compiled under two names is preloaded once, with a warning") {
  auto w = worker();
  write("@/a.php", php("class A {} return 'a';"));
  preload(compile("a.php") + compile("./a.php"));
  start({"Warning: Can't preload already declared class A in @/a.php on line 2"});
  expect(evaluate(w, has_class("A")), true);
  expect(w.include("@/a.php"), "a");
}

CLAUSE_TEST(Preloading, "PL-LNK-08/functions", "two compiled functions of one name end the start") {
  worker();
  write("@/a.php", php("function fa() {}"));
  write("@/b.php", php("function fa() {}"));
  preload(compile("a.php") + compile("b.php"));
  start_fails({"status (70|1) ", "Cannot redeclare (function )?fa\\(\\)"});
}
