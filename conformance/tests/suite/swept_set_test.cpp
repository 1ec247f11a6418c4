// The chosen set of sweeps is there for every point, and each of its traces is needed.
#include "conformance/suite/guarantees/swept_set.h"

#include <gmock/gmock-matchers.h>
#include <gmock/gmock-more-matchers.h>

namespace assay::conformance {
namespace {

TEST(SweptSet, IsThereForEveryPoint) {
  EXPECT_THAT(unswept_points(swept_set()), testing::IsEmpty());
}

TEST(SweptSet, NamesThePointsOfATraceThatIsTakenOut) {
  for (std::size_t i = 0; i < swept_set().size(); ++i) {
    std::vector<SweptTrace> fewer(swept_set().begin(), swept_set().end());
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_THAT(unswept_points(fewer), testing::Not(testing::IsEmpty())) << swept_set()[i].title;
  }
}

}  // namespace
}  // namespace assay::conformance
