#include "assay_commit.h"
#include "conformance/command/command.h"

int main(int argc, char** argv) {
  return assay::conformance::run_program(argc, argv, {ASSAY_VERSION, ASSAY_COMMIT});
}
