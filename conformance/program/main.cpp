#include "conformance/program/assay_main.h"
#include "support/memory/large_memory.h"

int main(int argc, char** argv) {
  assay::keep_large_memory();
  return assay::conformance::assay_main(argc, argv);
}
