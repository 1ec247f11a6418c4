// DP-15 to DP-22, DP-36, DP-37: what ends staleness, and for whom.
#include "conformance/suite/deploy/releases.h"
#include "conformance/vocabulary/status_paths.h"

using namespace assay::conformance;
using std::chrono::seconds;

CLAUSE_TEST(Releases, "DP-15/reset-any-worker", "DP-23", "a reset in one worker refreshes all workers") {
  auto all = workers<3>();
  releases();
  all_give(all, "r1/r1");
  swap("r2");
  const ReplyRef before = all[0].status();
  expect(all[0].reset(), true);
  expect(all[1].realpath_listing(), lacks({"@/current"}));
  all_give(all, "r2/r2");
  expect(all[2].status(), grew(statistic("manual_restarts"), 1, before));
}

CLAUSE_TEST(Releases, "DP-16/restart-waits", "a restart waits for running requests") {
  auto all = workers<3>();
  releases();
  all_give(all, "r1/r1");
  swap("r2");
  const ReplyRef before = all[0].status();
  auto running = all[1].background("running");
  expect(running.include("@/releases/r1/lib.php"), "r1");
  expect(running.rendezvous("middle"), true);
  wait_for_arrival("middle");
  expect(all[0].reset(), true);
  for (int i = 0; i < 2; ++i) {
    gives(all[0], "r1/r1");
    gives(all[2], "r1/r1");
    expect(all[0].status(), at(status_path::pending, true));
    advance_clock(seconds(1));
  }
  release("middle");
  await("running");
  gives(all[0], "r2/r2");
  gives(all[2], "r2/r2");
  const ReplyRef after = all[0].status();
  expect(after, at(status_path::pending, false));
  expect(after, grew(statistic("manual_restarts"), 1, before));
  gives(all[1], "r2/r2");
}

CLAUSE_TEST(Releases, "DP-17/invalidate-realpath-off",
            "invalidation by the link reaches the new file with the realpath cache off") {
  ini("realpath_cache_size", "0");
  auto all = workers<2>();
  releases();
  all_give(all, "r1/r1");
  swap("r2");
  expect(all[0].invalidate(kPage, true), true);
  all_give(all, "r1/r1");
  expect(all[0].invalidate("@/releases/r1/index.php", true), true);
  all_give(all, "r2/r2");
}

CLAUSE_TEST(Releases, "DP-17/invalidate-stale-link",
            "invalidation by the link reaches the old file while entries are stale") {
  auto all = workers<2>();
  releases();
  all_give(all, "r1/r1");
  swap("r2");
  const ReplyRef before = all[0].status();
  expect(all[0].invalidate(kPage, true), true);
  expect(all[0].status(), differs_from(before, status_path::wasted));
  all_give(all, "r1/r1");
}

CLAUSE_TEST(Releases, "DP-17/invalidate-old-stale-worker",
            "a stale worker compiles the old script for all after its invalidation") {
  auto all = workers<3>();
  releases();
  gives(all[0], "r1/r1");
  gives(all[1], "r1/r1");
  swap("r2");
  expect(all[0].invalidate("@/releases/r1/index.php", true), true);
  gives(all[1], "r1/r1");
  gives(all[0], "r1/r1");
  gives(all[2], "r1/r1");
}

CLAUSE_TEST(Releases, "DP-17/invalidate-old-fresh-worker",
            "a worker without a stale entry switches all after invalidation of the old path") {
  auto all = workers<3>();
  releases();
  gives(all[0], "r1/r1");
  gives(all[1], "r1/r1");
  swap("r2");
  expect(all[0].invalidate("@/releases/r1/index.php", true), true);
  gives(all[2], "r2/r2");
  gives(all[0], "r2/r2");
  gives(all[1], "r2/r2");
}

namespace {

using Pages = std::array<const char*, 3>;  // of three workers

// One worker clears, then another unlinks a file: each refreshes the worker that does it, or nobody.
class Clearing : public Releases {
 public:
  Clearing(const Description& target, Directives settings, Pages after_clear, Pages after_unlink)
      : Releases(target), settings_(std::move(settings)), after_clear_(after_clear), after_unlink_(after_unlink) {}

 protected:
  void steps() override {
    ini(settings_);
    auto all = workers<3>();
    releases();
    write("@/superfluous", "");
    all_give(all, "r1/r1");
    swap("r2");
    all_give(all, "r1/r1");
    all[1].clear_realpath_cache();
    for (std::size_t i = 0; i < 3; ++i) gives(all[i], after_clear_[i]);
    expect(all[2].unlink("@/superfluous"), true);
    for (std::size_t i = 0; i < 3; ++i) gives(all[i], after_unlink_[i]);
  }

 private:
  Directives settings_;
  Pages after_clear_, after_unlink_;
};

[[maybe_unused]] const bool clearing_registered = register_tests({
    clause_test<Clearing>("DP-18/clear-revalidate-path", "a clear or unlink refreshes its worker with revalidate_path",
                          with(Directives{{"opcache.revalidate_path", "1"}}, Pages{"r1/r1", "r2/r2", "r1/r1"},
                               Pages{"r1/r1", "r2/r2", "r2/r2"})),
    clause_test<Clearing>(
        "DP-18/clear-no-opcache", "a clear or unlink refreshes its worker without OPcache",
        with(Directives{{"opcache.enable", "0"}}, Pages{"r1/r1", "r2/r2", "r1/r1"}, Pages{"r1/r1", "r2/r2", "r2/r2"})),
    clause_test<Clearing>("DP-18/clear-defaults", "a clear or unlink refreshes no worker at OPcache's defaults",
                          with(Directives{}, Pages{"r1/r1", "r1/r1", "r1/r1"}, Pages{"r1/r1", "r1/r1", "r1/r1"})),
});

}  // namespace

CLAUSE_TEST(Releases, "DP-19/cli-reset", "a reset on the command line does not reach the workers") {
  needs("deploy.cli");
  auto all = workers<2>();
  releases();
  write("@/cli.php", php("echo trim(shell_exec(getenv('ASSAY_PHP_CLI') . ' -n ' . getenv('ASSAY_CLI_OPCACHE') . ' -d "
                         "opcache.enable_cli=1 "
                         "-r \"var_dump(opcache_reset());\" 2>&1'));"));
  all_give(all, "r1/r1");
  swap("r2");
  const ReplyRef before = all[0].status();
  gives(all[0], "bool(true)", "@/cli.php");
  all_give(all, "r1/r1");
  expect(all[0].status(), all_of({at(status_path::pending, false), grew(statistic("manual_restarts"), 0, before)}));
}

CLAUSE_TEST(Releases, "DP-20/reload", "a reload starts new workers on new memory") {
  auto all = workers<3>();
  releases();
  all_give(all, "r1/r1");
  swap("r2");
  std::array<ReplyRef, 3> processes;
  for (std::size_t i = 0; i < 3; ++i) processes[i] = all[i].process_id();
  expect(all[0].reset(), true);
  const ReplyRef restarted = all[0].status();
  expect(restarted, at(status_path::manual_restarts, 1));
  reload();
  for (std::size_t i = 0; i < 3; ++i) expect(all[i].process_id(), differs_from(processes[i]));
  expect(all[0].status(), all_of({at(status_path::manual_restarts, 0), at(status_path::misses, 0)}));
  all_give(all, "r2/r2");
  expect(all[1].status(), at(status_path::misses, 2));
}

CLAUSE_TEST(Releases, "DP-21/kill-revalidate-path", "killing a worker refreshes it alone with revalidate_path") {
  ini("opcache.revalidate_path", "1");
  auto all = workers<3>();
  releases();
  all_give(all, "r1/r1");
  swap("r2");
  kill(all[1]);
  gives(all[0], "r1/r1");
  gives(all[1], "r2/r2");
  gives(all[2], "r1/r1");
}

CLAUSE_TEST(Releases, "DP-21/kill-no-opcache", "killing a worker refreshes it alone without OPcache") {
  ini("opcache.enable", "0");
  auto all = workers<3>();
  releases();
  all_give(all, "r1/r1");
  swap("r2");
  kill(all[1]);
  gives(all[0], "r1/r1");
  gives(all[1], "r2/r2");
  gives(all[2], "r1/r1");
}

CLAUSE_TEST(Releases, "DP-21/kill-defaults",
            "a killed worker's successor serves the old release at OPcache's defaults") {
  auto all = workers<3>();
  releases();
  all_give(all, "r1/r1");
  const ReplyRef process = all[1].process_id();
  swap("r2");
  kill(all[1]);
  all_give(all, "r1/r1");
  expect(all[1].process_id(), differs_from(process));
}

CLAUSE_TEST(Releases, "DP-22/recycled-worker", "a worker recycled after some requests serves the new release") {
  needs("workers.recycled");
  ini("opcache.revalidate_path", "1");
  auto recycled = worker({{"pm.max_requests", "6"}});
  auto lasting = worker();
  releases();
  // The process id is asked in a request of its own.
  const ReplyRef first = recycled.process_id();
  gives(recycled, "r1/r1");
  gives(lasting, "r1/r1");
  swap("r2");
  gives(recycled, "r1/r1");
  expect(recycled.process_id(), same_as(first));
  for (int i = 0; i < 6; ++i) recycled.request_time();
  expect(recycled.process_id(), differs_from(first));
  gives(recycled, "r2/r2");
  gives(lasting, "r1/r1");
}

CLAUSE_TEST(Releases, "DP-36/hash-restart", "a restart for a full table switches all workers") {
  ini("opcache.max_accelerated_files", "200");
  ini("opcache.max_wasted_percentage", "1");
  ini("opcache.memory_consumption", "8");
  ini("opcache.interned_strings_buffer", "1");
  auto all = workers<3>();
  releases();
  all_give(all, "r1/r1");
  swap("r2");
  const ReplyRef before = all[0].status();
  // Waste first: a table that is full without waste stays full.
  std::string filler = "return [";
  for (int i = 0; i < 12'000; ++i) filler += std::to_string(i) + ", ";
  write("@/filler.php", php(filler + "];"));
  expect(all[0].include("@/filler.php"), of_type("array"));
  expect(all[0].invalidate("@/filler.php", true), true);
  for (int i = 0; i < 230; ++i) write("@/fill/" + std::to_string(i) + ".php", returns(i));
  auto r = all[0].request();
  for (int i = 0; i < 230; ++i) r.include("@/fill/" + std::to_string(i) + ".php");
  expect(all[0].status(), grew(statistic("hash_restarts"), 1, before));
  expect(all[1].realpath_listing(), lacks({"@/current"}));
  all_give(all, "r2/r2");
}

CLAUSE_TEST(Releases, "DP-37/open-basedir-no-opcache",
            "one request with open_basedir refreshes its worker for good without OPcache") {
  needs("deploy.user_ini");
  ini("opcache.enable", "0");
  auto [frozen, other] = workers<2>();
  releases();
  write("@/app/.user.ini", "open_basedir = /\n");
  write("@/app/index.php", php("echo ini_get('open_basedir');"));
  gives(frozen, "r1/r1");
  gives(other, "r1/r1");
  swap("r2");
  gives(frozen, "r1/r1");
  gives(frozen, "/", "@/app/index.php");
  gives(frozen, "r2/r2");
  gives(other, "r1/r1");
  swap("r3");
  gives(frozen, "r3/r3");
  gives(other, "r1/r1");
}

CLAUSE_TEST(Releases, "DP-37/open-basedir-defaults",
            "a request with open_basedir refreshes nothing at OPcache's defaults") {
  needs("deploy.user_ini");
  auto [frozen, other] = workers<2>();
  releases();
  write("@/app/.user.ini", "open_basedir = /\n");
  write("@/app/index.php", php("echo ini_get('open_basedir');"));
  gives(frozen, "r1/r1");
  swap("r2");
  gives(frozen, "/", "@/app/index.php");
  gives(frozen, "r1/r1");
  gives(other, "r1/r1");
}
