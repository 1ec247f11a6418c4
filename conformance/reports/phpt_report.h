#pragma once

#include <string>

#include "conformance/vocabulary/trace.h"
#include "support/error.h"

namespace assay::conformance {

// What the static cache's operations are printed as.
enum class PhptStaticCache { opcache, apcu };

struct PhptOptions {
  std::string name = "reproducer";  // of the file without ".phpt": the sandbox is NAME.sandbox beside it
  std::string title;                // after --TEST--; the trace's name where it is empty
  PhptStaticCache static_cache = PhptStaticCache::opcache;
};

// The trace as a test that PHP's run-tests.php runs, in one PHP process:
//
//   NO_INTERACTION=1 TEST_PHP_EXECUTABLE=/usr/bin/php8.2 php8.2 run-tests.php -n NAME.phpt
//
// It makes its own sandbox, changes the world from outside its process, and prints one line for each operation: the
// value where `equal` is expected, otherwise whether the expectation holds. It passes where the trace passes.
//
// An error says why the trace needs more than one process can show: a second worker, the clock, a kill, a fault, a
// request in the background or one that ends otherwise; more than one request with something that PHP only resets
// between requests (declarations, *_once, ini_set, chdir, a scheduled restart); a value without a literal form.
Expected<std::string> to_phpt(const Trace& trace, const PhptOptions& options = {});

}  // namespace assay::conformance
