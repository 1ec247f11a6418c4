// DP-12, DP-25: the document root disappears while it is served, and comes back.
#include "conformance/suite/deploy/releases.h"

namespace assay::conformance {
namespace {

class RootGone : public Releases {
 public:
  using Releases::Releases;

 protected:
  void root_goes() {
    remove("@/current");
    move("@/releases", "@/away");
  }
  void root_returns() {
    move("@/away", "@/releases");
    make_link("@/current", "releases/r1");
  }
};

}  // namespace
}  // namespace assay::conformance

using namespace assay::conformance;
using std::chrono::seconds;

CLAUSE_TEST(RootGone, "DP-12/root-gone", "DP-35",
            "a missing root is served from memory until the next check, then not found") {
  auto known = workers<2>();
  auto stranger = worker();
  releases();
  all_give(known, "r1/r1");
  root_goes();
  all_give(known, "r1/r1");
  expect(stranger.serve(kPage), not_found());
  advance_clock(seconds(3));
  const ReplyRef detected = known[0].serve(kPage);
  expect(detected, page(""));
  expect(detected,
         diagnoses(at({1}, matches("Fatal error: (Unknown: )?Failed opening required '@/current/index\\.php'"))));
  for (WorkerHandle worker : {known[1], known[0]}) expect(worker.serve(kPage), not_specified());
  expect(stranger.serve(kPage), not_found());
  root_returns();
  all_give(known, "r1/r1");
  gives(stranger, "r1/r1");
}

CLAUSE_TEST(RootGone, "DP-12/root-gone-realpath-off",
            "a missing root is not found at once, and is back at once, with the realpath cache off") {
  ini("realpath_cache_size", "0");
  auto all = workers<2>();
  releases();
  all_give(all, "r1/r1");
  root_goes();
  for (WorkerHandle worker : all) expect(worker.serve(kPage), not_found());
  root_returns();
  all_give(all, "r1/r1");
}

CLAUSE_TEST(RootGone, "DP-25/root-gone",
            "a missing root is not found where the web server resolves it, else served from memory") {
  needs("deploy.web_server");
  auto w = worker();
  releases();
  for (const bool resolved : {false, true}) expect(w.visit("/index.php", "@/current", resolved), page("r1/r1"));
  root_goes();
  expect(w.visit("/index.php", "@/current", true), not_found());
  expect(w.visit("/index.php", "@/current", false), page("r1/r1"));
  root_returns();
  for (const bool resolved : {true, false}) expect(w.visit("/index.php", "@/current", resolved), page("r1/r1"));
}
