#include "faults/points/plan.h"

#include "support/text/error_name.h"

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
  return {.point = std::move(point), .effect = Effect::fail, .when = when, .error = error};
}
Fault kill_at(std::string point, Occurrence when) {
  return {.point = std::move(point), .effect = Effect::kill, .when = when};
}
Fault pause_at(std::string point, Occurrence when) {
  return {.point = std::move(point), .effect = Effect::pause, .when = when};
}
Fault delay_at(std::string point, std::uint64_t microseconds, Occurrence when) {
  return {.point = std::move(point), .effect = Effect::delay, .when = when, .delay_us = microseconds};
}
Fault count_at(std::string point) {
  return {.point = std::move(point), .effect = Effect::count};
}

const char* effect_name(Effect effect) {
  switch (effect) {
    case Effect::count:
      return "count";
    case Effect::fail:
      return "fail";
    case Effect::kill:
      return "kill";
    case Effect::pause:
      return "pause";
    case Effect::delay:
      return "delay";
  }
  return "unknown";
}

std::string errno_name(int error) {
  const std::string_view name = error_name(error);
  return name.empty() ? std::to_string(error) : std::string(name);
}

}  // namespace assay::points
