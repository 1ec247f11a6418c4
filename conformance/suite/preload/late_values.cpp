// PL-LNK-04: values that are evaluated when they are used, in preloaded classes that inherit them.
#include "conformance/suite/preload/preloading.h"

using namespace assay::conformance;

namespace {

// What a request gets by an expression, where LATER is known to it alone.
class LateValue : public Preloading {
 public:
  LateValue(const Description& target, std::string classes, std::string expression, Value value)
      : Preloading(target),
        classes_(std::move(classes)),
        expression_(std::move(expression)),
        value_(std::move(value)) {}

 protected:
  void steps() override {
    // The subset evaluates a default where its object is made, and no other.
    if (classes_.find("UNKNOWN") != std::string::npos) needs_whole_language();
    auto w = worker();
    write("@/a.php", php(classes_));
    preload(compile("a.php"));
    start();
    for (int i = 0; i < 2; ++i) expect(evaluate(w, expression_, "const LATER = 'later';"), value_);
  }

 private:
  std::string classes_, expression_;
  Value value_;
};

TestCase late(const std::string& id, const std::string& title, const std::string& classes,
              const std::string& expression, Value value) {
  return clause_test<LateValue>(id, "GU-VAL-07 PL-SET-05", title, with(classes, expression, std::move(value)));
}

const char* family =
    "class P { public static $s = LATER; const C = LATER . '!'; public $p = [LATER]; "
    "static function f() { static $n = LATER; return $n .= '+'; } } class C extends P { }";

[[maybe_unused]] const bool late_values_registered = register_tests({
    late("PL-LNK-04/static-by-parent", "a late static property has its value, asked of its class first", family,
         "[P::$s, C::$s]", Value::list({"later", "later"})),
    late("PL-LNK-04/static-by-child", "a late static property has its value, asked of a child first",
         "class P { public static $s = LATER; } class C extends P { }", "C::$s . '.'", "later."),
    late("PL-LNK-04/static-of-trait", "a late static property of a trait has its value, asked of a child first",
         "trait T { public static $s = LATER; } class P { use T; } class C extends P { public $own = 1; }",
         "C::$s . '.'", "later."),
    late("PL-LNK-04/enum-case", "a static property that is an enum case has its value, asked of a child first",
         "enum E { case One; } class P { public static $s = E::One; } class C extends P { }", "C::$s->name", "One"),
    late("PL-LNK-04/inherited", "late constants, properties and static variables have their values in a child", family,
         "[C::C, (new C)->p, C::f(), C::f(), P::f()]",
         Value::list({"later!", Value::list({"later"}), "later+", "later++", "later+++"})),
    late("PL-LNK-04/unknown-of-parent", "a child is not made while a value of its parent cannot be evaluated",
         "class P { public $p = UNKNOWN; } class C extends P { public $p = 1; } "
         "function made() { try { return new C; } catch (Error $e) { return $e->getMessage(); } }",
         "made()", "Undefined constant \"UNKNOWN\""),
});

}  // namespace
