// PL-CFG: when the preload script runs, as whom, and in which environment.
#include "conformance/suite/preload/preloading.h"

using namespace assay::conformance;

CLAUSE_TEST(Preloading, "PL-CFG-01/once", "the preload script runs once, however many workers there are") {
  auto [one, two] = workers<2>();
  preload(leave_trace() + "class P {}");
  start();
  for (WorkerHandle worker : {one, two}) {
    expect_runs(worker, 1);
    expect(evaluate(worker, has_class("P")), true);
  }
  expect_runs(one, 1);
}

CLAUSE_TEST(Preloading, "PL-CFG-02/cache-off", "nothing is preloaded where the cache is off") {
  ini("opcache.enable", "0");
  auto w = worker();
  preload(leave_trace() + "class P {}");
  start();
  expect(evaluate(w, has_class("P")), false);
  expect_runs(w, 0);
}

CLAUSE_TEST(Preloading, "PL-CFG-03/pool", "a preload script that only a pool names does not run") {
  auto w = worker({{"opcache.preload", "@/preload.php"}});
  auto other = worker();
  write("@/preload.php", php(leave_trace() + "class P {}"));
  start();
  expect(evaluate(w, has_class("P")), false);
  expect(evaluate(other, has_class("P")), false);
  expect_runs(w, 0);
  expect(w.ini_get("opcache.preload"), "@/preload.php");
}

CLAUSE_TEST(Preloading, "PL-CFG-04/root-needs-user", "a start as root without a user for the preload script fails") {
  needs("script_cache.preload_user");
  ini("opcache.preload_user", "");
  worker();
  preload("class P {}");
  start_fails({"status 254 ", "opcache.preload_user"});
}

CLAUSE_TEST(Preloading, "PL-CFG-04/unknown-user", "a start with an unknown user for the preload script fails") {
  needs("script_cache.preload_user");
  ini("opcache.preload_user", "no-such-user");
  worker();
  preload("class P {}");
  start_fails({"status 254 ", "no-such-user"});
}

CLAUSE_TEST(Preloading, "PL-CFG-05/other-user", "the preload script runs as its user, who may not read what root may") {
  needs("script_cache.preload_user");
  ini("opcache.preload_user", "nobody");
  worker();
  preload("class P {}");
  set_mode("@/preload.php", 0600);
  start_fails({"Permission denied", "Failed opening required '@/preload.php'"});
}

CLAUSE_TEST(Preloading, "PL-CFG-05/as-its-user",
            "the preload script runs as its user, and is served to workers of others") {
  needs("script_cache.preload_user");
  ini("opcache.preload_user", "nobody");
  auto w = worker();
  make_directory("@/out");
  set_mode("@/out", 0777);
  preload("touch(" + file("out/made") + "); class P {}");
  start();
  expect(evaluate(w, "fileowner(" + file("out/made") + ") !== 0"), true);
  expect(evaluate(w, has_class("P")), true);
}

CLAUSE_TEST(Preloading, "PL-CFG-06/root", "the preload script runs as root where root is named") {
  needs("script_cache.preload_user");
  ini("opcache.preload_user", "root");
  auto w = worker();
  preload("file_put_contents(" + file("trace") + ", fileowner('/proc/self')); class P {}");
  start();
  expect(w.read_file("@/trace"), "0");
  expect(evaluate(w, has_class("P")), true);
}

CLAUSE_TEST(Preloading, "PL-CFG-07/ignored-user", "preloading runs without root, and a named user is ignored") {
  needs("script_cache.ignored_preload_user");
  ini("opcache.preload_user", "nobody");
  ini("opcache.log_verbosity_level", "2");
  auto w = worker();
  preload("class P {}");
  start({"Warning .*\"?opcache.preload_user\"? is ignored"});
  expect(evaluate(w, has_class("P")), true);
}

CLAUSE_TEST(Preloading, "PL-CFG-08/command-line",
            "a program on the command line preloads before it runs, each time anew") {
  needs("deploy.cli");
  needs("script_cache.cli");
  auto w = worker();
  write("@/script.php", php("echo 'preload;'; class P {}"));
  write("@/job.php", php("echo (int) class_exists('P', false), ';';"));
  write("@/cli.php",
        php("$run = getenv('ASSAY_PHP_CLI') . ' -n ' . getenv('ASSAY_CLI_OPCACHE') . ' -d opcache.enable_cli=1 "
            "-d opcache.preload=' . __DIR__ . '/script.php -d opcache.preload_user=' . "
            "(fileowner('/proc/self') ? '' : 'root') . ' ' . __DIR__ . '/job.php 2>&1'; "
            "echo shell_exec($run), shell_exec($run);"));
  expect(w.serve("@/cli.php"), equals(Value::map({{"status", 200}, {"body", "preload;1;preload;1;"}})));
}

CLAUSE_TEST(Preloading, "PL-CFG-09/file-cache-only", "nothing is preloaded where there is only the file cache") {
  needs("script_cache.file_cache");
  ini("opcache.file_cache", "@");
  ini("opcache.file_cache_only", "1");
  ini("opcache.log_verbosity_level", "2");
  auto w = worker();
  preload(leave_trace() + "class P {}");
  start({"Warning .*reload.*file_cache_only"});
  expect(evaluate(w, has_class("P")), false);
  expect_runs(w, 0);
}

// The adapter's own files are beside the sandbox.
CLAUSE_TEST(Preloading, "PL-CFG-10/open-basedir", "open_basedir does not bind the preload script") {
  needs("realpath_cache.open_basedir");
  ini("open_basedir", "@/../scratch:@/allowed");
  auto w = worker();
  preload(compile("a.php") + "class P {}");
  write("@/a.php", php("class A {}"));
  write("@/allowed/ask.php", php("return [class_exists('A', false), class_exists('P', false)];"));
  start();
  expect(w.include("@/allowed/ask.php"), list_of({true, true}));
}

CLAUSE_TEST(Preloading, "PL-CFG-11/cache-control",
            "the cache reports itself as off to the preload script, but compiles") {
  needs("script_cache.functions");
  auto w = worker();
  preload(
      "echo 'said: ', json_encode([opcache_get_status()['opcache_enabled'], opcache_is_script_cached(__FILE__), "
      "opcache_reset(), opcache_invalidate(__FILE__, true), opcache_compile_file(" +
      file("a.php") + ")]), ';';");
  write("@/a.php", php("class A {}"));
  start({"said: \\[false,false,false,false,true\\];"});
  expect(evaluate(w, has_class("A")), true);
  expect(w.status(false), all_of({at(status_path::enabled, true), at(status_path::pending, false)}));
}

CLAUSE_TEST(Preloading, "PL-CFG-11/output", "what the preload script prints goes to the manager's output") {
  worker();
  preload("echo 'printed by the preload script';");
  start({"printed by the preload script"});
}

CLAUSE_TEST(Preloading, "PL-CFG-11/interface", "PHP_SAPI is the server's while the preload script runs") {
  needs_whole_language();
  auto w = worker();
  preload("file_put_contents(" + file("sapi") + ", PHP_SAPI);");
  start();
  expect(evaluate(w, "PHP_SAPI === file_get_contents(" + file("sapi") + ")"), true);
}

CLAUSE_TEST(Preloading, "PL-CFG-11/messages", "an open failure in the preload script is reported with 'PHP Startup:'") {
  worker();
  preload("include " + file("missing.php") + ";");
  start({"PHP Startup: Failed to open stream: No such file", "PHP Startup: Failed opening '@/missing.php'"});
}
