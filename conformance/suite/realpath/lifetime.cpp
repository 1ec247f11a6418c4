// RP-LIFE: whose cache it is, and how long it lives.
#include "conformance/registry/registration.h"

using namespace assay::conformance;
using std::chrono::seconds;

CLAUSE_TEST(Scenario, "RP-LIFE-01/other-worker", "a worker does not know what another one resolved") {
  const auto [one, other] = workers<2>();
  write("@/a/f.php", returns(1));
  auto before = WorkerHandle(other).request();
  before.clear_realpath_cache();
  expect(before.realpath("@"), "@");
  const ReplyRef known = before.realpath_listing();
  const ReplyRef size = before.realpath_size();
  auto r = WorkerHandle(one).request();
  expect(r.realpath("@/a/f.php"), "@/a/f.php");
  expect(r.realpath_listing(), all_of({has({"@/a"}), has({"@/a/f.php"})}));
  auto after = WorkerHandle(other).request();
  expect(after.realpath_listing(), gained({}, known));
  expect(after.realpath_size(), same_as(size));
}

CLAUSE_TEST(Scenario, "RP-LIFE-01/clear", "RP-CLR-01", "clearing in one worker leaves the cache of another") {
  auto one = worker();
  auto other = worker();
  write("@/f", "");
  expect(other.realpath("@/f"), "@/f");
  expect(one.realpath("@/f"), "@/f");
  one.clear_realpath_cache();
  expect(one.realpath_listing(), lacks({"@/f"}));
  expect(other.realpath_listing(), has({"@/f"}));
}

CLAUSE_TEST(Scenario, "RP-LIFE-02/threads", "each thread has its own cache, counters and limit") {
  needs("workers.threads");
  const auto one = worker();
  const auto small = worker({{"realpath_cache_size", "60"}});
  write("@/a/f.php", returns(1));
  auto r = WorkerHandle(one).request();
  expect(r.realpath("@/a/f.php"), "@/a/f.php");
  expect(r.realpath_listing(), has({"@/a/f.php"}));
  auto other = WorkerHandle(small).request();
  expect(other.realpath_size(), 0);
  expect(other.realpath("/usr/share"), "/usr/share");
  expect(other.realpath_size(), 53);
  other.clear_realpath_cache();
  auto again = WorkerHandle(one).request();
  expect(again.realpath_listing(), all_of({has({"@/a/f.php"}), lacks({"/usr"})}));
}

namespace {

// A process on the command line forks a child: what both have in their caches at first, and when the child has cleared its.
class ForkedChild : public Scenario {
 public:
  ForkedChild(const Description& target, const char* sizes) : Scenario(target), sizes_(sizes) {}

 protected:
  void steps() override {
    needs("deploy.cli");
    auto w = worker();
    write("@/fork.php", php("clearstatcache(true); realpath('/usr/share'); $child = pcntl_fork(); if ($child === 0) { "
                            "echo realpath_cache_size(), ' '; clearstatcache(true); echo realpath_cache_size(), ' '; "
                            "exit; } pcntl_waitpid($child, $status); echo realpath_cache_size();"));
    write("@/page.php", php("echo shell_exec(getenv('ASSAY_PHP_CLI') . ' -n ' . __DIR__ . '/fork.php');"));
    expect(w.serve("@/page.php"), equals(Value::map({{"status", 200}, {"body", sizes_}})));
  }

 private:
  const char* sizes_;
};

[[maybe_unused]] const bool forked_registered = register_tests({
    clause_test<ForkedChild>("RP-LIFE-05/forked-child", "a forked child starts with a copy, independent from then on",
                             with("112 0 112")),
    clause_test<ForkedChild>("RP-LIFE-09/forked-child", "a forked child starts empty, and its parent keeps all",
                             with("0 0 112")),
});

}  // namespace

CLAUSE_TEST(Scenario, "RP-LIFE-03/next-request", "the next request finds the entries with the same expiry") {
  auto w = worker();
  write("@/a/f.php", returns(1));
  auto r = w.request();
  expect(r.realpath("@/a/f.php"), "@/a/f.php");
  const ReplyRef first = r.realpath_listing();
  expect(first, at({"@/a/f.php", "expires"}, now() + 120));
  advance_clock(seconds(60));
  auto later = w.request();
  expect(later.realpath("@/a/f.php"), "@/a/f.php");
  const ReplyRef second = later.realpath_listing();
  expect(second, same_as(first, {"@/a/f.php"}));
  expect(second, same_as(first, {"@/a"}));
}

CLAUSE_TEST(Scenario, "RP-LIFE-04/killed-worker",
            "a killed worker's successor starts without its entries; other workers keep theirs") {
  auto victim = worker();
  auto other = worker();
  write("@/r1/f.php", returns("one"));
  write("@/r2/f.php", returns("two"));
  make_link("@/current", "r1");
  expect(victim.realpath("@/current"), "@/r1");
  expect(other.realpath("@/current"), "@/r1");
  swap_link("@/current", "r2");
  kill(victim);
  expect(victim.realpath_listing(), lacks({"@/current"}));
  expect(victim.realpath("@/current"), "@/r2");
  expect(other.realpath("@/current"), "@/r1");
}

CLAUSE_TEST(Scenario, "RP-LIFE-04/reload", "every worker starts without the old entries after a reload") {
  auto one = worker();
  auto other = worker();
  make_directory("@/a");
  expect(one.realpath("@/a"), "@/a");
  expect(other.realpath("@/a"), "@/a");
  reload();
  expect(one.realpath_listing(), lacks({"@/a"}));
  expect(other.realpath_listing(), lacks({"@/a"}));
}

CLAUSE_TEST(Scenario, "RP-LIFE-06/restart", "each worker's cache is empty at its next request after a manual restart") {
  auto resetting = worker();
  auto other = worker();
  auto third = worker();
  write("@/f.php", returns(1));
  expect(resetting.realpath("@/f.php"), "@/f.php");
  expect(other.realpath("@/f.php"), "@/f.php");
  expect(third.realpath("@/f.php"), "@/f.php");
  expect(resetting.reset(), true);
  expect(other.realpath_listing(), lacks({"@/f.php"}));
  expect(third.realpath_listing(), lacks({"@/f.php"}));
  expect(resetting.realpath_listing(), lacks({"@/f.php"}));
}

CLAUSE_TEST(Scenario, "RP-LIFE-06/restart-shows-swap", "a restart makes all workers see a swapped link at once") {
  auto one = worker();
  auto other = worker();
  make_directory("@/r1");
  make_directory("@/r2");
  make_link("@/current", "r1");
  expect(one.realpath("@/current"), "@/r1");
  expect(other.realpath("@/current"), "@/r1");
  swap_link("@/current", "r2");
  expect(one.realpath("@/current"), "@/r1");
  expect(other.realpath("@/current"), "@/r1");
  expect(one.reset(), true);
  expect(other.realpath("@/current"), "@/r2");
  expect(one.realpath("@/current"), "@/r2");
}

CLAUSE_TEST(Scenario, "RP-LIFE-06/entries-after-restart", "entries made after a restart stay") {
  auto w = worker();
  make_directory("@/a");
  expect(w.reset(), true);
  expect(w.realpath("@/a"), "@/a");
  expect(w.realpath_listing(), has({"@/a"}));
  expect(w.realpath_listing(), has({"@/a"}));
}

CLAUSE_TEST(Scenario, "RP-LIFE-07/resetting-request", "the request that resets keeps its own cache") {
  auto w = worker();
  write("@/a/f", "");
  auto r = w.request();
  expect(r.realpath("@/a/f"), "@/a/f");
  const ReplyRef before = r.realpath_listing();
  const ReplyRef size = r.realpath_size();
  expect(r.reset(), true);
  expect(r.realpath_listing(), gained({}, before));
  expect(r.realpath_size(), same_as(size));
  expect(r.realpath_listing(), has({"@/a/f"}));
}

CLAUSE_TEST(Scenario, "RP-LIFE-07/script-cache-off",
            "a reset with the script cache off is refused and never clears anything") {
  ini("opcache.enable", "0");
  auto w = worker();
  write("@/a/f", "");
  auto r = w.request();
  expect(r.realpath("@/a/f"), "@/a/f");
  expect(r.reset(), false);
  expect(r.realpath_listing(), has({"@/a/f"}));
  expect(w.realpath_listing(), has({"@/a/f"}));
}

CLAUSE_TEST(Scenario, "RP-LIFE-08/fresh-worker", "a fresh worker knows nothing of the application") {
  auto w = worker();
  write("@/a/f", "");
  auto r = w.request();
  expect(r.realpath_listing(), all_of({lacks({"@"}), lacks({"@/a"}), lacks({"@/a/f"})}));
}
