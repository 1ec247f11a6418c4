#undef ASSAY_POINTS
#define ASSAY_POINTS 0
#include "conformance/benchmark/point_loop.h"

namespace {
BENCHMARK_TEMPLATE(loop, true)->Name("PointCompiledOut");
}  // namespace
