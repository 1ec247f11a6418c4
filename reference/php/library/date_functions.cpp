#include <cmath>

#include "reference/php/interpreter/machine.h"
#include "reference/php/library/date_format.h"
#include "reference/php/library/date_pattern.h"
#include "reference/php/library/date_span.h"
#include "reference/php/library/date_text.h"
#include "reference/php/library/standard_functions.h"
#include "reference/php/value/convert.h"
#include "reference/php/value/inner_state.h"

// What the classes of dates ask of us. Scripts have no use for it.
namespace assay::reference::php {
namespace {

const Value* property_of(const Value& object, std::string_view name) {
  if (!object.is_object()) return nullptr;
  const Value* found = object.as_object()->properties.find(ArrayKey::verbatim(name));
  return found == nullptr ? nullptr : &found->resolve();
}

std::optional<TimeZone> zone_in(const Value& object) {
  const Value* name = property_of(object, inner_state::kZone);
  return name == nullptr || !name->is_string() ? std::nullopt : find_time_zone(name->as_string());
}

tl::expected<DateValue, BuiltinError> date_argument(BuiltinCall& call, std::size_t number) {
  const Value& object = call.arguments[number];
  const auto moment = object.is_object() ? inner_state::moment_of(*object.as_object()) : std::nullopt;
  const auto zone = zone_in(object);
  if (moment && zone) return DateValue{bounded_seconds(moment->seconds), bounded(moment->microseconds), *zone};
  return tl::unexpected(
      BuiltinError{"Error", "The DateTime object has not been correctly initialized by its constructor", nullptr});
}

void write_date(const Value& object, const DateValue& date) {
  if (!object.is_object()) return;
  Array& properties = object.as_object()->properties;
  properties.set(ArrayKey::verbatim(inner_state::kSeconds), Value(date.seconds));
  properties.set(ArrayKey::verbatim(inner_state::kMicroseconds), Value(date.microseconds));
  properties.set(ArrayKey::verbatim(inner_state::kZone), Value(date.zone.name));
}

// A function that changes the date that is its first argument.
template <typename Change>
BuiltinFunction changing(Change change) {
  return [change](BuiltinCall& call) -> BuiltinResult {
    auto date = ASSAY_TRY(date_argument(call, 0));
    change(call, date);
    write_date(call.arguments[0], date);
    return Value(true);
  };
}

// Without a host time stands still.
DateValue now(const BuiltinCall& call) {
  const std::int64_t microseconds = call.context.host == nullptr ? 0 : call.context.host->microseconds();
  return {microseconds / kMicroseconds, microseconds % kMicroseconds, *find_time_zone("UTC")};
}

BuiltinError beyond_subset(std::string_view text) {
  return BuiltinError{"", "The date text '" + std::string(text) + "' is not part of the script subset", nullptr};
}

BuiltinResult read(BuiltinCall& call) {
  const std::string text = to_string(call.arguments[1]);
  const auto said = read_date_text(text);
  if (!said && said.error().is_beyond_subset) return tl::unexpected(beyond_subset(text));
  if (!said) return tl::unexpected(BuiltinError{"Exception", unread(text, said.error()), nullptr});
  DateValue date = now(call);
  if (const auto zone = zone_in(call.arguments[2])) date.zone = *zone;
  apply(date, *said, Reading::whole);
  write_date(call.arguments[0], date);
  return Value(true);
}

BuiltinResult modify(BuiltinCall& call) {
  auto date = ASSAY_TRY(date_argument(call, 0));
  const std::string text = to_string(call.arguments[1]);
  const auto said = read_date_text(text);
  if (!said && said.error().is_beyond_subset) return tl::unexpected(beyond_subset(text));
  if (!said) {
    call.warn(to_string(call.arguments[2]) + "::modify(): " + unread(text, said.error()));
    return Value(false);
  }
  apply(date, *said, Reading::changes);
  write_date(call.arguments[0], date);
  return Value(true);
}

// Into the object that is the first argument. False: the text does not have the form.
BuiltinResult read_pattern(BuiltinCall& call) {
  DateValue base = now(call);
  if (const auto zone = zone_in(call.arguments[3])) base.zone = *zone;
  const auto date = read_by_pattern(to_string(call.arguments[1]), to_string(call.arguments[2]), base);
  if (date) write_date(call.arguments[0], *date);
  return Value(date.has_value());
}

void set_date(BuiltinCall& call, DateValue& date) {
  WallTime wall = wall_of(date);
  wall.year = to_int(call.arguments[1]);
  wall.month = to_int(call.arguments[2]);
  wall.day = to_int(call.arguments[3]);
  set_wall(date, wall);
}

void set_time(BuiltinCall& call, DateValue& date) {
  WallTime wall = wall_of(date);
  wall.hour = to_int(call.arguments[1]);
  wall.minute = to_int(call.arguments[2]);
  wall.second = to_int(call.arguments[3]);
  wall.microsecond = to_int(call.arguments[4]);
  set_wall(date, wall);
}

DateSpan span_in(const Value& object) {
  const auto number = [&](std::string_view name) {
    const Value* value = property_of(object, name);
    return value == nullptr ? 0 : to_int(*value);
  };
  const Value* fraction = property_of(object, "f");
  const Value* days = property_of(object, "days");
  DateSpan span{number("y"), number("m"), number("d"),           number("h"), number("i"),
                number("s"), 0,           number("invert") != 0, {}};
  const double part = fraction == nullptr ? 0 : to_float(*fraction) * static_cast<double>(kMicroseconds);
  if (std::isfinite(part)) span.microseconds = bounded(std::llround(std::clamp(part, -1e12, 1e12)));
  if (days != nullptr && days->is_int()) span.all_days = days->as_int();
  return span;
}

// In the order of a DateInterval's properties.
Value span_fields(const DateSpan& span) {
  Array fields;
  for (const std::int64_t each : {span.years, span.months, span.days, span.hours, span.minutes, span.seconds})
    fields.append(Value(each));
  fields.append(Value(static_cast<double>(span.microseconds) / static_cast<double>(kMicroseconds)));
  fields.append(Value(span.inverted ? 1 : 0));
  fields.append(span.all_days ? Value(*span.all_days) : Value(false));
  return Value(std::move(fields));
}

BuiltinResult interval_of_shift(BuiltinCall& call) {
  const std::string text = to_string(call.arguments[0]);
  const auto said = read_date_text(text);
  if (!said && said.error().is_beyond_subset) return tl::unexpected(beyond_subset(text));
  if (!said) return Value(false);
  DateSpan span{said->shift.years, said->shift.months, said->shift.days, 0, 0, 0, 0, false, {}};
  span.hours = said->shift.seconds / kSecondsOfHour;
  span.minutes = said->shift.seconds % kSecondsOfHour / kSecondsOfMinute;
  span.seconds = said->shift.seconds % kSecondsOfMinute;
  return span_fields(span);
}

BuiltinResult diff(BuiltinCall& call) {
  auto from = ASSAY_TRY(date_argument(call, 0));
  auto to = ASSAY_TRY(date_argument(call, 1));
  return span_fields(difference(from, to));
}

BuiltinResult copy_object(BuiltinCall& call) {
  if (!call.arguments[0].is_object()) return Value();
  auto copy = call.context.heap.new_object(call.arguments[0].as_object()->class_name);
  copy->properties = call.arguments[0].as_object()->properties;
  return Value(std::move(copy));
}

}  // namespace

void add_date_functions(Builtins& builtins) {
  builtins.add("assay_date_read", 3, 3, read);
  builtins.add("assay_date_read_pattern", 4, 4, read_pattern);
  builtins.add("assay_date_modify", 3, 3, modify);
  builtins.add("assay_date_format", 2, 2, [](BuiltinCall& call) -> BuiltinResult {
    auto date = ASSAY_TRY(date_argument(call, 0));
    return Value(format_date(date, to_string(call.arguments[1])));
  });
  builtins.add("assay_date_seconds", 1, 1, [](BuiltinCall& call) -> BuiltinResult {
    auto date = ASSAY_TRY(date_argument(call, 0));
    return Value(date.seconds);
  });
  builtins.add("assay_date_zone", 1, 1, [](BuiltinCall& call) -> BuiltinResult {
    auto date = ASSAY_TRY(date_argument(call, 0));
    return Value(date.zone.name);
  });
  builtins.add("assay_date_offset", 1, 2, [](BuiltinCall& call) -> BuiltinResult {
    auto date = ASSAY_TRY(date_argument(call, 0));
    const auto other = call.has(1) ? zone_in(call.arguments[1]) : std::nullopt;
    return Value(offset_at(other ? *other : date.zone, date.seconds).seconds);
  });
  builtins.add("assay_date_set_seconds", 2, 2, changing([](BuiltinCall& call, DateValue& date) {
                 date.seconds = bounded_seconds(to_int(call.arguments[1]));
                 date.microseconds = 0;
               }));
  builtins.add("assay_date_set_zone", 2, 2, changing([](BuiltinCall& call, DateValue& date) {
                 if (const auto zone = zone_in(call.arguments[1])) date.zone = *zone;
               }));
  builtins.add("assay_date_set_date", 4, 4, changing(set_date));
  builtins.add("assay_date_set_time", 5, 5, changing(set_time));
  builtins.add("assay_date_shift", 3, 3, changing([](BuiltinCall& call, DateValue& date) {
                 shift(date, shift_of(span_in(call.arguments[1]), to_bool(call.arguments[2])), Counted::as_passed);
               }));
  builtins.add("assay_date_assign", 2, 2, [](BuiltinCall& call) -> BuiltinResult {
    auto date = ASSAY_TRY(date_argument(call, 1));
    write_date(call.arguments[0], date);
    return Value(true);
  });
  builtins.add("assay_date_diff", 2, 2, diff);
  builtins.add("assay_zone_name", 1, 1, [](BuiltinCall& call) -> BuiltinResult {
    const auto zone = find_time_zone(to_string(call.arguments[0]));
    return zone ? Value(zone->name) : Value();
  });
  builtins.add("assay_interval_read", 1, 1, [](BuiltinCall& call) -> BuiltinResult {
    const auto span = read_span(to_string(call.arguments[0]));
    return span ? span_fields(*span) : Value();
  });
  builtins.add("assay_interval_of_text", 1, 1, interval_of_shift);
  builtins.add("assay_interval_format", 2, 2, [](BuiltinCall& call) -> BuiltinResult {
    return Value(format_span(span_in(call.arguments[0]), to_string(call.arguments[1])));
  });
  builtins.add("assay_copy", 1, 1, copy_object);
  builtins.add("assay_new", 1, 1, [](BuiltinCall& call) -> BuiltinResult {
    return Value(call.machine.new_object(call.machine.require_class(to_string(call.arguments[0]))));
  });
}

}  // namespace assay::reference::php
