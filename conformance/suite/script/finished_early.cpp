// SC-RST-23: a response is delivered before its request is over.
#include "conformance/adapter/rendezvous.h"
#include "conformance/registry/registration.h"
#include "conformance/suite/script/common.h"

using namespace assay::conformance;

CLAUSE_TEST(Scenario, "SC-RST-23/finished-request", "a restart waits for a request that continues after its response") {
  needs("script_cache.finish_request");
  needs("rendezvous");
  auto [early, other] = workers<2>();
  write("@/early.php", php(php_arrival("goes-on") + " echo 'early'; fastcgi_finish_request(); " + php_wait("goes-on")));
  expect(early.serve("@/early.php"), page("early"));
  wait_for_arrival("goes-on");
  expect(other.reset(), true);
  const auto waiting = all_of({at(pending, true), at(manual, 0)});
  for (int request = 0; request < 2; ++request) expect(other.status(), waiting);
  release("goes-on");
  early.process_id();  // waits for the same worker
  expect(other.status(), all_of({at(pending, false), at(status_path::enabled, true), at(manual, 1)}));
}
