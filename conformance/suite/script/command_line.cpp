// SC-LIF: the cache of a program on the command line, started by a script.
#include "conformance/suite/script/common.h"
#include "conformance/vocabulary/status_paths.h"

using namespace assay::conformance;

namespace {

// A main script that shows what a script beside it prints on the command line with these directives.
std::string on_command_line(const std::string& directives, const std::string& script) {
  return php("echo trim(shell_exec(getenv('ASSAY_PHP_CLI') . ' -n ' . getenv('ASSAY_CLI_OPCACHE') . ' " + directives +
             " ' . __DIR__ . '/" + script + " 2>&1'));");
}

}  // namespace

CLAUSE_TEST(Scenario, "SC-LIF-03/cli-enabled", "the cache works on the command line only where it is enabled") {
  needs("deploy.cli");
  needs("script_cache.cli");
  auto w = worker();
  write("@/is_on.php", php("var_export(is_array(opcache_get_status()));"));
  write("@/standard.php", on_command_line("", "is_on.php"));
  write("@/off.php", on_command_line("-d opcache.enable_cli=0", "is_on.php"));
  write("@/on.php", on_command_line("-d opcache.enable_cli=1", "is_on.php"));
  expect(w.serve("@/standard.php"), page("false"));
  expect(w.serve("@/off.php"), page("false"));
  expect(w.serve("@/on.php"), page("true"));
}

CLAUSE_TEST(Scenario, "SC-LIF-01/cli-separate", "command line and workers do not share a cache") {
  needs("deploy.cli");
  needs("script_cache.cli");
  auto [one, two] = workers<2>();
  write("@/a.php", returns(1));
  write("@/job.php",
        php("$a = __DIR__ . '/a.php'; echo (int) opcache_is_script_cached($a), include $a, "
            "(int) opcache_is_script_cached($a), (int) opcache_invalidate($a, true), (int) opcache_reset();"));
  write("@/cli.php", on_command_line("-d opcache.enable_cli=1", "job.php"));
  expect(one.include("@/a.php"), 1);
  auto before = one.status();
  expect(two.serve("@/cli.php"), page("01111"));
  expect(one.status(), all_of({at(status_path::pending, false), same_as(before, status_path::manual_restarts)}));
  for (WorkerHandle worker : {one, two}) expect(worker.is_cached("@/a.php"), true);
}
