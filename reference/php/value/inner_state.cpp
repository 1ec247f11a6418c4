#include "reference/php/value/inner_state.h"

namespace assay::reference::php::inner_state {

std::optional<Moment> moment_of(const Object& object) {
  const Value* seconds = object.properties.find(ArrayKey::verbatim(kSeconds));
  const Value* microseconds = object.properties.find(ArrayKey::verbatim(kMicroseconds));
  if (seconds == nullptr || !seconds->is_int() || microseconds == nullptr || !microseconds->is_int())
    return std::nullopt;
  return Moment{seconds->as_int(), microseconds->as_int()};
}

}  // namespace assay::reference::php::inner_state
