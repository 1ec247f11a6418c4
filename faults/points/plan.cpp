#include "faults/points/plan.h"

#include <cstring>

namespace assay::points {

Fault Fault::for_worker(std::int32_t id) const {
  Fault copy = *this;
  copy.worker = id;
  return copy;
}

Fault Fault::for_process(std::int32_t id) const {
  Fault copy = *this;
  copy.pid = id;
  return copy;
}

Fault fail(std::string point, int error, Occurrence when) {
  return {.point = std::move(point), .effect = Effect::kFail, .when = when, .error = error};
}
Fault kill_at(std::string point, Occurrence when) {
  return {.point = std::move(point), .effect = Effect::kKill, .when = when};
}
Fault pause_at(std::string point, Occurrence when) {
  return {.point = std::move(point), .effect = Effect::kPause, .when = when};
}
Fault delay_at(std::string point, std::uint64_t microseconds, Occurrence when) {
  return {.point = std::move(point), .effect = Effect::kDelay, .when = when, .delay_us = microseconds};
}
Fault count_at(std::string point) {
  return {.point = std::move(point), .effect = Effect::kCount};
}

const char* effect_name(Effect effect) {
  switch (effect) {
    case Effect::kCount:
      return "count";
    case Effect::kFail:
      return "fail";
    case Effect::kKill:
      return "kill";
    case Effect::kPause:
      return "pause";
    case Effect::kDelay:
      return "delay";
  }
  return "unknown";
}

std::string errno_name(int error) {
  const char* name = strerrorname_np(error);
  return name != nullptr ? name : std::to_string(error);
}

}  // namespace assay::points
