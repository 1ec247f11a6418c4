// DP-15 to DP-22, DP-36, DP-37: what ends staleness, and for whom.
#include "conformance/suite/deploy/releases.h"
#include "conformance/vocabulary/status_paths.h"

using namespace assay::conformance;
using std::chrono::seconds;

DEPLOYMENT("DP-15 DP-23", "a reset in one worker cures all") {
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

DEPLOYMENT("DP-16", "the restart waits for running requests") {
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

DEPLOYMENT("DP-17", "with the realpath cache off invalidation by the link addresses the new file") {
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

DEPLOYMENT("DP-17", "with stale entries invalidation by the link addresses the old file, which is compiled again") {
  auto all = workers<2>();
  releases();
  all_give(all, "r1/r1");
  swap("r2");
  const ReplyRef before = all[0].status();
  expect(all[0].invalidate(kPage, true), true);
  expect(all[0].status(), differs_from(before, status_path::wasted));
  all_give(all, "r1/r1");
}

DEPLOYMENT("DP-17",
           "after an invalidation by the old path a worker with a stale entry compiles the old script for all") {
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

DEPLOYMENT("DP-17", "after an invalidation by the old path a worker without a stale entry flips all") {
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

// One worker clears, then another unlinks a file: each cures the worker that does it, or nobody.
class Clearing : public Releases {
 public:
  using Releases::Releases;

 protected:
  void clear_and_unlink(const std::array<const char*, 3>& after_clear, const std::array<const char*, 3>& after_unlink) {
    auto all = workers<3>();
    releases();
    write("@/superfluous", "");
    all_give(all, "r1/r1");
    swap("r2");
    all_give(all, "r1/r1");
    all[1].clear_realpath_cache();
    for (std::size_t i = 0; i < 3; ++i) gives(all[i], after_clear[i]);
    expect(all[2].unlink("@/superfluous"), true);
    for (std::size_t i = 0; i < 3; ++i) gives(all[i], after_unlink[i]);
  }
};

struct ClearingWithRevalidatePath final : Clearing {
  using Clearing::Clearing;
  void steps() override {
    ini("opcache.revalidate_path", "1");
    clear_and_unlink({"r1/r1", "r2/r2", "r1/r1"}, {"r1/r1", "r2/r2", "r2/r2"});
  }
};
[[maybe_unused]] const bool clearing_1 = detail::register_clause<ClearingWithRevalidatePath>(
    "DP-18", "with revalidate_path a clear or an unlink cures its worker", __FILE__, __LINE__);

struct ClearingWithoutOpcache final : Clearing {
  using Clearing::Clearing;
  void steps() override {
    ini("opcache.enable", "0");
    clear_and_unlink({"r1/r1", "r2/r2", "r1/r1"}, {"r1/r1", "r2/r2", "r2/r2"});
  }
};
[[maybe_unused]] const bool clearing_2 = detail::register_clause<ClearingWithoutOpcache>(
    "DP-18", "without OPcache a clear or an unlink cures its worker", __FILE__, __LINE__);

struct ClearingAtDefaults final : Clearing {
  using Clearing::Clearing;
  void steps() override { clear_and_unlink({"r1/r1", "r1/r1", "r1/r1"}, {"r1/r1", "r1/r1", "r1/r1"}); }
};
[[maybe_unused]] const bool clearing_3 = detail::register_clause<ClearingAtDefaults>(
    "DP-18", "with OPcache at defaults a clear or an unlink cures nobody", __FILE__, __LINE__);

}  // namespace

DEPLOYMENT("DP-19", "a reset on the command line does not reach the workers") {
  needs("deploy.cli");
  auto all = workers<2>();
  releases();
  write("@/cli.php",
        php("echo trim(shell_exec(getenv('ASSAY_PHP_CLI') . ' -n -d zend_extension=opcache -d opcache.enable_cli=1 "
            "-r \"var_dump(opcache_reset());\" 2>&1'));"));
  all_give(all, "r1/r1");
  swap("r2");
  const ReplyRef before = all[0].status();
  gives(all[0], "bool(true)", "@/cli.php");
  all_give(all, "r1/r1");
  expect(all[0].status(), all_of({at(status_path::pending, false), grew(statistic("manual_restarts"), 0, before)}));
}

DEPLOYMENT("DP-20", "a reload gives new workers and new memory") {
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

DEPLOYMENT("DP-21", "with revalidate_path a killed worker is cured alone") {
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

DEPLOYMENT("DP-21", "without OPcache a killed worker is cured alone") {
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

DEPLOYMENT("DP-21", "with OPcache at defaults a killed worker's successor serves the old release") {
  auto all = workers<3>();
  releases();
  all_give(all, "r1/r1");
  const ReplyRef process = all[1].process_id();
  swap("r2");
  kill(all[1]);
  all_give(all, "r1/r1");
  expect(all[1].process_id(), differs_from(process));
}

DEPLOYMENT("DP-22", "a worker that is recycled after some requests is cured") {
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

DEPLOYMENT("DP-36", "a restart for lack of room in the table flips all") {
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

DEPLOYMENT("DP-37", "without OPcache one request with open_basedir cures a worker for good") {
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

DEPLOYMENT("DP-37", "with OPcache at defaults a request with open_basedir cures nothing") {
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
