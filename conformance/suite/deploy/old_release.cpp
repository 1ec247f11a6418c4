// DP-12 to DP-14: what becomes of the old release's files after the swap.
#include "conformance/suite/deploy/releases.h"

using namespace assay::conformance;
using std::chrono::seconds;

CLAUSE_TEST(Releases, "DP-12/deleted-realpath-off",
            "a deleted release is served until the next check, then the new one, with the realpath cache off") {
  ini("realpath_cache_size", "0");
  auto all = workers<2>();
  releases();
  all_give(all, "r1/r1");
  swap("r2");
  remove("@/releases/r1");
  all_give(all, "r1/r1");
  advance_clock(seconds(2));
  all_give(all, "r1/r1");
  advance_clock(seconds(1));
  all_give(all, "r2/r2");
}

CLAUSE_TEST(Releases, "DP-12/deleted-realpath-on", "DP-35",
            "a deleted release fails from the next check until entries expire") {
  auto all = workers<2>();
  releases();
  all_give(all, "r1/r1");
  swap("r2");
  remove("@/releases/r1");
  advance_clock(seconds(2));
  all_give(all, "r1/r1");
  advance_clock(seconds(1));
  const ReplyRef detected = all[0].serve(kPage);
  expect(detected, page(""));
  Matcher failed_opening = matches("Fatal error: (Unknown: )?Failed opening required '@/current/index\\.php'");
  expect(detected, diagnoses(at({1}, std::move(failed_opening))));
  for (WorkerHandle worker : {all[1], all[0], all[1]}) {
    const ReplyRef refused = worker.serve(kPage);
    expect(refused, not_specified());
    expect(refused, diagnoses(at({0}, matches("Unable to open primary script: @/current/index\\.php"))));
  }
  advance_clock(seconds(117));
  for (WorkerHandle worker : all) expect(worker.serve(kPage), not_specified());
  advance_clock(seconds(1));
  all_give(all, "r2/r2");
}

CLAUSE_TEST(Releases, "DP-12/deleted-clear",
            "clearing a worker's realpath cache ends the errors of a deleted release") {
  auto all = workers<2>();
  releases();
  all_give(all, "r1/r1");
  swap("r2");
  remove("@/releases/r1");
  advance_clock(seconds(3));
  expect(all[0].serve(kPage), page(""));
  expect(all[1].serve(kPage), not_specified());
  all[1].clear_realpath_cache();
  gives(all[1], "r2/r2");
  gives(all[0], "r2/r2");  // through the alias that the refreshed worker made
}

CLAUSE_TEST(Releases, "DP-12/deleted-no-timestamps", "a deleted release is served from memory without timestamps") {
  ini("opcache.validate_timestamps", "0");
  auto all = workers<2>();
  releases();
  all_give(all, "r1/r1");
  swap("r2");
  remove("@/releases/r1");
  all_give_for(all, "r1/r1", 300, 20);
}

namespace {

class OneRelease : public Releases {
 public:
  using Releases::Releases;

 protected:
  void scripts() {
    releases();
    script("r2", "new.php", "echo 'new';");
    script("r1", "old.php", "echo 'old';");
    script("r1", "known.php", "echo 'known';");
  }
  void warm(WorkerHandle worker) {
    gives(worker, "r1/r1");
    gives(worker, "known", "@/current/known.php");
    swap("r2");
  }
  void stale(WorkerHandle worker) {
    const ReplyRef newer = worker.serve("@/current/new.php");
    expect(newer, not_specified());
    expect(newer, diagnoses(at({0}, matches("Unable to open primary script: @/current/new\\.php"))));
    const ReplyRef older = worker.serve("@/current/old.php");
    expect(older, not_found());
    expect(older, diagnoses(equals(Value::list({"Primary script unknown"}))));
    gives(worker, "known", "@/current/known.php");
  }
};

}  // namespace

CLAUSE_TEST(OneRelease, "DP-13/one-release",
            "a script of one release alone follows the stale link in the stale window") {
  auto w = worker();
  scripts();
  warm(w);
  stale(w);
  advance_clock(seconds(5));
  stale(w);
}

CLAUSE_TEST(OneRelease, "DP-13/one-release-no-opcache",
            "a script of one release alone follows the stale link until its TTL ends without OPcache") {
  ini("opcache.enable", "0");
  auto w = worker();
  scripts();
  warm(w);
  stale(w);
  advance_clock(seconds(121));
  gives(w, "new", "@/current/new.php");
  expect(w.serve("@/current/known.php"), not_found());
}

CLAUSE_TEST(OneRelease, "DP-13/one-release-realpath-off",
            "a script of one release alone follows the new link with the realpath cache off") {
  ini("realpath_cache_size", "0");
  auto w = worker();
  scripts();
  warm(w);
  gives(w, "new", "@/current/new.php");
  expect(w.serve("@/current/old.php"), not_found());
  expect(w.serve("@/current/known.php"), not_found());
  gives(w, "r1/r1");
}

CLAUSE_TEST(Releases, "DP-14/touch-realpath-off", "touching the old script switches it with the realpath cache off") {
  ini("realpath_cache_size", "0");
  auto all = workers<3>();
  releases();
  all_give(all, "r1/r1");
  swap("r2");
  set_mtime("@/releases/r1/index.php", now() - 50);
  advance_clock(seconds(2));
  all_give(all, "r1/r1");
  advance_clock(seconds(1));
  all_give(all, "r2/r2");
}

CLAUSE_TEST(Releases, "DP-14/touch-live-link",
            "a touch of the old script is used up while the realpath cache holds the link") {
  auto all = workers<3>();
  releases();
  all_give(all, "r1/r1");
  swap("r2");
  const ReplyRef before = all[0].status();
  set_mtime("@/releases/r1/index.php", now() - 50);
  advance_clock(seconds(3));
  all_give(all, "r1/r1");
  expect(all[0].status(), grew(statistic("misses"), 1, before));
  advance_clock(seconds(120));
  all_give(all, "r1/r1");
  advance_clock(seconds(300));
  all_give(all, "r1/r1");
}
