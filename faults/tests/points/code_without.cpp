#include "faults/tests/points/machine_code.h"
#include "faults/tests/points/statements.h"

int code_without(const assay::points::WorkerContext& context, std::uint64_t& sum) {
  return statements<false>(context, sum);
}
