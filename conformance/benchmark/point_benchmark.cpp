#include "conformance/benchmark/point_loop.h"

namespace {
BENCHMARK_TEMPLATE(loop, false)->Name("NoPoint");
BENCHMARK_TEMPLATE(loop, true)->Name("IdlePointCompiledIn");
}  // namespace
