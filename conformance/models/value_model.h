#pragma once

#include <map>
#include <span>

#include "conformance/models/judgement.h"
#include "conformance/vocabulary/observation.h"
#include "conformance/vocabulary/trace.h"

namespace assay::conformance {

// A stored value as a fetch gives it back: the same types, content, order and sharing (ST-GET-01, ST-ISO-05), with a
// reference that nothing else in it shares as its value. Several ones in one reply share nothing (ST-ISO-06): their
// objects are numbered on from one to the next.
class FetchedValues {
 public:
  Value of(const Value& stored);

 private:
  Value copy(const Value& value);
  Elements copy(const Elements& elements);

  std::map<int, int> objects_, references_;  // of one value: its numbers, and those of the reply
  std::map<int, int> uses_;                  // of each reference
  int next_object_ = 1, next_reference_ = 1;
};

// Judges each fetch of a run whose requests follow each other: whatever a request does with a value that it got, a fetch
// gives what was stored last, and a value that can be stored is. Entries have no time to live and there is plenty of
// room. Whether an entry is there at all is VolatileKeyModel's; here it is simple: nothing goes by itself.
Judgement judge_values(const Trace& trace, std::span<const Observation> observations);

}  // namespace assay::conformance
