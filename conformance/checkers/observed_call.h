#pragma once

#include "conformance/checkers/history.h"
#include "conformance/vocabulary/observation.h"

namespace assay::conformance {

// A call of a history as one observation shows it; `tag` is the index of the observation. One that has no reply (its
// request died, hung or was aborted) may be placed anywhere after its start, or left out: then `event`, which should be
// the operation with success, is what may have happened.
template <class Event>
HistoryCall<Event> observed_call(const Observation& observation, std::size_t tag, Event event) {
  HistoryCall<Event> made;
  made.event = std::move(event);
  made.worker = observation.worker;
  made.began = observation.began.time_since_epoch().count();
  made.ended = observation.ended.time_since_epoch().count();
  made.tag = tag;
  if (observation.reply.kind == Reply::Kind::not_run) {
    made.may_be_left_out = true;
    made.ended = HistoryCall<Event>::never;
  }
  return made;
}

}  // namespace assay::conformance
