// SC-ALL, SC-STA, SC-API: what scripts find out by the control functions themselves, and have to compute.
#include "conformance/registry/registration.h"

using namespace assay::conformance;

namespace {

class FromScripts : public Scenario {
 public:
  using Scenario::Scenario;

 protected:
  void begin() {
    needs("deploy");
    needs("script_cache.functions");
    ini("opcache.memory_consumption", "16");
    worker_ = worker();
  }
  // What a main script with this code prints.
  void prints_page(const std::string& code, std::string text) {
    const std::string page = "@/page" + std::to_string(++pages_) + ".php";
    write(page, php(code));
    shows(page, std::move(text));
  }
  void shows(const std::string& page, std::string text) {
    expect(worker_.serve(page), equals(Value::map({{"status", 200}, {"body", std::move(text)}})));
  }
  WorkerHandle one() const { return worker_; }

 private:
  WorkerHandle worker_;
  int pages_ = 0;
};

}  // namespace

CLAUSE_TEST(FromScripts, "SC-STA-04/own-script", "a status report counts the cached main script that asks for it") {
  begin();
  write("@/hits.php", php("echo opcache_get_status()['opcache_statistics']['hits'];"));
  for (const char* count : {"0", "1", "2"}) shows("@/hits.php", count);
}

CLAUSE_TEST(FromScripts, "SC-ALL-02/store-size", "a store takes one block of the listed size plus 64 bytes") {
  begin();
  write("@/plain.php", php("function plain($x) { return ['a' => $x, 'b' => [1, 2, 3]]; } return 1;"));
  prints_page(
      "$file = __DIR__ . '/plain.php'; $before = opcache_get_status()['memory_usage']['free_memory']; include $file; "
      "$after = opcache_get_status(); $size = $after['scripts'][$file]['memory_consumption']; echo $size % 8, ' ', "
      "$before - $after['memory_usage']['free_memory'] - $size;",
      "0 64");
}

CLAUSE_TEST(FromScripts, "SC-ALL-02/same-size", "the same source stored again at the same path has the same size") {
  begin();
  write("@/plain.php", php("function plain($x) { return ['a' => $x, 'b' => [1, 2, 3]]; } return 1;"));
  const std::string size =
      "$file = __DIR__ . '/plain.php'; include $file; echo "
      "opcache_get_status()['scripts'][$file]['memory_consumption'];";
  write("@/first.php", php(size));
  auto first = one().serve("@/first.php");
  expect(one().invalidate("@/plain.php", true), true);
  expect(one().serve("@/first.php"), same_as(first));
}

CLAUSE_TEST(FromScripts, "SC-ALL-05/waste-share", "SC-ALL-06",
            "waste is also reported as a share of the whole, and all sizes are multiples of 8") {
  begin();
  write("@/a.php", php("return ['some', 'text', 'of', 'its', 'own'];"));
  prints_page(
      "$file = __DIR__ . '/a.php'; $right = []; for ($i = 0; $i < 4; ++$i) { $m = "
      "opcache_get_status()['memory_usage']; "
      "$right[] = $m['current_wasted_percentage'] == 100 * $m['wasted_memory'] / (16 << 20) && $m['used_memory'] % 8 "
      "=== "
      "0 && $m['free_memory'] % 8 === 0 && $m['wasted_memory'] % 8 === 0; include $file; opcache_invalidate($file, "
      "true); "
      "} echo $m['wasted_memory'] > 0 ? 'waste ' : '', implode(',', array_unique($right));",
      "waste 1");
}

CLAUSE_TEST(FromScripts, "SC-API-12/wrong-arguments", "arguments of wrong type or number throw") {
  begin();
  prints_page(
      "foreach ([fn() => opcache_get_status([]), fn() => opcache_invalidate([]), fn() => opcache_compile_file([]), "
      "fn() => "
      "opcache_is_script_cached([]), fn() => opcache_reset(1), fn() => opcache_get_status(true, 2), fn() => "
      "opcache_get_configuration(1), fn() => opcache_invalidate()] as $call) { try { $call(); echo 'none '; } catch "
      "(\\Throwable $e) { echo get_class($e), ' '; } }",
      "TypeError TypeError TypeError TypeError ArgumentCountError ArgumentCountError ArgumentCountError "
      "ArgumentCountError ");
}
