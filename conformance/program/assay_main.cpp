#include "conformance/program/assay_main.h"

#include "assay_commit.h"
#include "conformance/adapters/target_kinds.h"
#include "conformance/command/command.h"

namespace assay::conformance {

int assay_main(int argc, char** argv, std::vector<TargetKind> own) {
  add_target_kinds(std::move(own));
  return run_program(argc, argv, {ASSAY_VERSION, ASSAY_COMMIT});
}

}  // namespace assay::conformance
