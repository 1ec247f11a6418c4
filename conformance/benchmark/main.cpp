#include <benchmark/benchmark.h>

#include "support/memory/large_memory.h"

int main(int argc, char** argv) {
  assay::keep_large_memory();  // as the program does whose parts are measured
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
