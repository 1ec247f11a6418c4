// DP-12 to DP-14: what becomes of the old release's files after the swap.
#include "conformance/suite/deploy/releases.h"

using namespace assay::conformance;
using std::chrono::seconds;

DEPLOYMENT("DP-12", "old release deleted, realpath cache off: from memory until the next check, then new") {
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

DEPLOYMENT("DP-12 DP-35", "old release deleted, realpath cache on: errors from the next check until entries expire") {
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
  Matcher failed_opening = matches("Fatal error: Failed opening required '@/current/index\\.php'");
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

DEPLOYMENT("DP-12", "old release deleted, errors end when the worker's realpath cache is cleared") {
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
  gives(all[0], "r2/r2");  // through the alias that the cured worker made
}

DEPLOYMENT("DP-12", "old release deleted, without timestamps it is served from memory") {
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

struct Stale final : OneRelease {
  using OneRelease::OneRelease;
  void steps() override {
    auto w = worker();
    scripts();
    warm(w);
    stale(w);
    advance_clock(seconds(5));
    stale(w);
  }
};
[[maybe_unused]] const bool stale_registered =
    detail::register_clause<Stale>("DP-13", "scripts of one release alone, in the stale window", __FILE__, __LINE__);

struct StaleWithoutOpcache final : OneRelease {
  using OneRelease::OneRelease;
  void steps() override {
    ini("opcache.enable", "0");
    auto w = worker();
    scripts();
    warm(w);
    stale(w);
    advance_clock(seconds(121));
    gives(w, "new", "@/current/new.php");
    expect(w.serve("@/current/known.php"), not_found());
  }
};
[[maybe_unused]] const bool stale_without_opcache_registered = detail::register_clause<StaleWithoutOpcache>(
    "DP-13", "scripts of one release alone, in the stale window, without OPcache", __FILE__, __LINE__);

struct NotStale final : OneRelease {
  using OneRelease::OneRelease;
  void steps() override {
    ini("realpath_cache_size", "0");
    auto w = worker();
    scripts();
    warm(w);
    gives(w, "new", "@/current/new.php");
    expect(w.serve("@/current/old.php"), not_found());
    expect(w.serve("@/current/known.php"), not_found());
    gives(w, "r1/r1");
  }
};
[[maybe_unused]] const bool not_stale_registered = detail::register_clause<NotStale>(
    "DP-13", "scripts of one release alone, with the realpath cache off", __FILE__, __LINE__);

}  // namespace

DEPLOYMENT("DP-14", "touching the old script flips it, with the realpath cache off") {
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

DEPLOYMENT("DP-14", "with the link in the realpath cache a touch of the old script is used up") {
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
