#include "conformance/program/assay_main.h"

int main(int argc, char** argv) {
  return assay::conformance::assay_main(argc, argv);
}
