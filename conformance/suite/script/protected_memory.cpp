// SC-SEC-04: memory that workers can only read.
#include "conformance/suite/script/common.h"

using namespace assay::conformance;

namespace {

constexpr const char* kReadOnly = "r--s .* /dev/zero \\(deleted\\)";

}  // namespace

CLAUSE_TEST(Scenario, "SC-SEC-04/read-only", "protected memory is mapped read-only, and all works as without") {
  needs("script_cache.protect_memory");
  ini("opcache.protect_memory", "1");
  auto [one, two] = workers<2>();
  write("@/a.php", returns("a"));
  write("@/b.php", returns("b"));
  for (WorkerHandle worker : {one, two}) expect(worker.read_file("/proc/self/maps"), matches(kReadOnly));
  expect(one.include("@/a.php"), "a");
  auto before = two.status();
  expect(two.include("@/a.php"), "a");
  expect(two.include("@/./a.php"), "a");
  expect(two.status(), all_of({grew(hits, 2, before), grew(keys, 1, before), same_as(before, scripts)}));
  expect(two.invalidate("@/a.php", true), true);
  expect(one.is_cached("@/a.php"), false);
  expect(one.include("@/a.php"), "a");
  expect(one.reset(), true);
  expect(two.include("@/b.php"), "b");
  expect(two.status(), all_of({grew(manual, 1, before), at(scripts, 1)}));
  for (WorkerHandle worker : {one, two}) expect(worker.read_file("/proc/self/maps"), matches(kReadOnly));
}

CLAUSE_TEST(Scenario, "SC-SEC-04/off", "memory that is not protected is mapped writable") {
  needs("script_cache.protect_memory");
  auto w = worker();
  expect(w.read_file("/proc/self/maps"), negated(matches(kReadOnly)));
}

CLAUSE_TEST(Scenario, "SC-SEC-04/stray-write", "GU-LIV-01", "a stray write kills its worker and changes nothing") {
  needs("script_cache.protect_memory");
  needs("scripts.ffi");
  ini("opcache.protect_memory", "1");
  ini("ffi.enable", "1");
  auto [one, two] = workers<2>();
  write("@/a.php", returns("a"));
  // The largest shared mapping, writable or not.
  write("@/stray.php",
        php("$largest = 0; foreach (preg_grep('~ r[w-]-s .* /dev/zero~', file('/proc/self/maps')) as $line) { [$from, "
            "$to] "
            "= array_map('hexdec', explode('-', strtok($line, ' '))); if ($to - $from > $largest) { $largest = $to - "
            "$from; $start = $from; } } $c = FFI::cdef('void *memset(void *, int, size_t);'); "
            "$c->memset(FFI::cast('void *', $start + $largest - 4096), 255, 4096); return 'alive';"));
  expect(two.include("@/a.php"), "a");
  auto before = two.status();
  auto doomed = one.request();
  doomed.ends("died");
  doomed.include("@/stray.php");
  auto after = two.request();
  expect(after.include("@/a.php"), "a");
  expect(after.status(), all_of({grew(hits, 1, before), at(pending, false)}));
  expect(one.include("@/a.php"), "a");
}
