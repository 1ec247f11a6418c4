#include "faults/tests/points/compiled_out.h"

#include "faults/points/point.h"

static_assert(assay::points::point("lock/write/acquire") == 0, "without points a point is the constant 0");
static_assert(!assay::points::armed());

int visit_compiled_out_point() {
  return assay::points::point("lock/write/acquire");
}
