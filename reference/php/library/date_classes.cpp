#include "reference/php/library/standard_functions.h"

namespace assay::reference::php {
namespace {

// A date is a moment and the name of a zone (inner_state.h); all that is counted, is counted by functions of ours. What
// __target() answers is changed by the methods that change a date: the object itself, or a copy.
constexpr std::string_view kDateClasses = R"php(<?php
interface DateTimeInterface {
  const ATOM = 'Y-m-d\TH:i:sP'; const COOKIE = 'l, d-M-Y H:i:s T'; const RFC822 = 'D, d M y H:i:s O';
  const RFC850 = 'l, d-M-y H:i:s T'; const RFC1036 = 'D, d M y H:i:s O'; const RFC1123 = 'D, d M Y H:i:s O';
  const RFC7231 = 'D, d M Y H:i:s \G\M\T'; const RFC2822 = 'D, d M Y H:i:s O'; const RFC3339 = 'Y-m-d\TH:i:sP';
  const RFC3339_EXTENDED = 'Y-m-d\TH:i:s.vP'; const ISO8601 = 'Y-m-d\TH:i:sO'; const RSS = 'D, d M Y H:i:s O'; const W3C = 'Y-m-d\TH:i:sP';
  public function format($format); public function getTimezone(); public function getOffset(); public function getTimestamp();
  public function diff($targetObject, $absolute = false);
}
trait AssayDate {
  private int $__seconds;
  private int $__microseconds;
  private string $__zone;
  public function __construct(string $datetime = 'now', ?DateTimeZone $timezone = null) { \assay_date_read($this, $datetime, $timezone); }
  public function format(string $format) { return \assay_date_format($this, $format); }
  public function getTimestamp() { return \assay_date_seconds($this); }
  public function getTimezone() { return new DateTimeZone(\assay_date_zone($this)); }
  public function getOffset() { return \assay_date_offset($this); }
  public function diff(DateTimeInterface $targetObject, bool $absolute = false) {
    $interval = \assay_new('DateInterval');
    [$interval->y, $interval->m, $interval->d, $interval->h, $interval->i, $interval->s, $interval->f, $invert, $interval->days] = \assay_date_diff($this, $targetObject);
    $interval->invert = $absolute ? 0 : $invert;
    return $interval;
  }
  public function setTimestamp(int $timestamp) { $target = $this->__target(); \assay_date_set_seconds($target, $timestamp); return $target; }
  public function setTimezone(DateTimeZone $timezone) { $target = $this->__target(); \assay_date_set_zone($target, $timezone); return $target; }
  public function setDate(int $year, int $month, int $day) { $target = $this->__target(); \assay_date_set_date($target, $year, $month, $day); return $target; }
  public function setTime(int $hour, int $minute, int $second = 0, int $microsecond = 0) {
    $target = $this->__target();
    \assay_date_set_time($target, $hour, $minute, $second, $microsecond);
    return $target;
  }
  public function modify(string $modifier) { $target = $this->__target(); return \assay_date_modify($target, $modifier, self::class) ? $target : false; }
  public function add(DateInterval $interval) { $target = $this->__target(); \assay_date_shift($target, $interval, false); return $target; }
  public function sub(DateInterval $interval) { $target = $this->__target(); \assay_date_shift($target, $interval, true); return $target; }
  public static function createFromInterface(DateTimeInterface $object) { return self::__made_as(static::class, $object); }
  public static function createFromFormat(string $format, string $datetime, ?DateTimeZone $timezone = null) {
    $made = \assay_new(static::class);
    return \assay_date_read_pattern($made, $format, $datetime, $timezone) ? $made : false;
  }
  private static function __made_as($class, $from) { $made = \assay_new($class); \assay_date_assign($made, $from); return $made; }
}
class DateTime implements DateTimeInterface {
  use AssayDate;
  private function __target() { return $this; }
  public static function createFromImmutable(DateTimeImmutable $object) { return self::__made_as(static::class, $object); }
}
class DateTimeImmutable implements DateTimeInterface {
  use AssayDate;
  private function __target() { return \assay_copy($this); }
  public static function createFromMutable(DateTime $object) { return self::__made_as(static::class, $object); }
}
class DateTimeZone {
  const UTC = 1024;
  private string $__zone;
  public function __construct(string $timezone) {
    $name = \assay_zone_name($timezone);
    if ($name === null)
      throw new Exception("DateTimeZone::__construct(): Unknown or bad timezone ($timezone): the script subset knows UTC, offsets, Europe/Paris, Europe/Berlin, Asia/Tokyo and America/New_York");
    $this->__zone = $name;
  }
  public function getName() { return $this->__zone; }
  public function getOffset(DateTimeInterface $datetime) { return \assay_date_offset($datetime, $this); }
}
class DateInterval {
  public $y = 0; public $m = 0; public $d = 0; public $h = 0; public $i = 0; public $s = 0; public $f = 0.0;
  public $invert = 0; public $days = false; public $from_string = false;
  public function __construct(string $duration) {
    $read = \assay_interval_read($duration);
    if ($read === null) throw new Exception("Unknown or bad format ($duration)");
    [$this->y, $this->m, $this->d, $this->h, $this->i, $this->s] = $read;
  }
  public static function createFromDateString(string $datetime) {
    $read = \assay_interval_of_text($datetime);
    if ($read === false) return false;
    $made = \assay_new('DateInterval');
    [$made->y, $made->m, $made->d, $made->h, $made->i, $made->s] = $read;
    return $made;
  }
  public function format(string $format) { return \assay_interval_format($this, $format); }
}
class DatePeriod implements IteratorAggregate {
  const EXCLUDE_START_DATE = 1; const INCLUDE_END_DATE = 2;
  public readonly ?DateTimeInterface $start;
  public readonly ?DateTimeInterface $current;
  public readonly ?DateTimeInterface $end;
  public readonly ?DateInterval $interval;
  public readonly int $recurrences;
  public readonly bool $include_start_date;
  public readonly bool $include_end_date;
  private $__repeats = null;
  public function __construct($start, $interval = null, $end = null, $options = 0) {
    if (\is_string($start)) throw new Error('A DatePeriod of a text is not part of the script subset');
    if (!$start instanceof DateTimeInterface || !$interval instanceof DateInterval || !(\is_int($end) || $end instanceof DateTimeInterface))
      throw new TypeError('DatePeriod::__construct() accepts (DateTimeInterface, DateInterval, int [, int]), or (DateTimeInterface, DateInterval, DateTime [, int]), or (string [, int]) as arguments');
    if (\is_int($end)) {
      if ($end < 1) throw new Exception('DatePeriod::__construct(): Recurrence count must be greater than 0');
      $this->__repeats = $end;
    }
    $this->start = \assay_copy($start);
    $this->current = null;
    $this->end = \is_int($end) ? null : \assay_copy($end);
    $this->interval = \assay_copy($interval);
    $this->include_start_date = ($options & 1) === 0;
    $this->include_end_date = ($options & 2) !== 0;
    $this->recurrences = (int) $this->__repeats + ($this->include_start_date ? 1 : 0) + ($this->include_end_date ? 1 : 0);
  }
  public function getStartDate() { return \assay_copy($this->start); }
  public function getEndDate() { return $this->end === null ? null : \assay_copy($this->end); }
  public function getDateInterval() { return \assay_copy($this->interval); }
  public function getRecurrences() { return $this->__repeats; }
  public function getIterator() { return new AssayPeriodDates($this); }
}
final class AssayPeriodDates implements Iterator {
  private $period;
  private $date;
  private $index = 0;
  public function __construct($period) { $this->period = $period; }
  private function step() { \assay_date_shift($this->date, $this->period->interval, false); }
  public function rewind() {
    $this->date = \assay_copy($this->period->start);
    $this->index = 0;
    if (!$this->period->include_start_date) $this->step();
  }
  public function valid() {
    if ($this->period->end === null) return $this->index < $this->period->recurrences;
    return $this->date < $this->period->end || ($this->period->include_end_date && $this->date == $this->period->end);
  }
  public function current() { return \assay_copy($this->date); }
  public function key() { return $this->index; }
  public function next() { $this->step(); ++$this->index; }
}
)php";

constexpr struct {
  std::string_view name;
  std::string_view format;
} kDateFormats[] = {
    {"DATE_ATOM", "Y-m-d\\TH:i:sP"},      {"DATE_RFC3339", "Y-m-d\\TH:i:sP"},
    {"DATE_W3C", "Y-m-d\\TH:i:sP"},       {"DATE_ISO8601", "Y-m-d\\TH:i:sO"},
    {"DATE_RFC2822", "D, d M Y H:i:s O"}, {"DATE_RSS", "D, d M Y H:i:s O"},
    {"DATE_COOKIE", "l, d-M-Y H:i:s T"},  {"DATE_RFC3339_EXTENDED", "Y-m-d\\TH:i:s.vP"},
};

}  // namespace

void add_date_classes(Builtins& builtins) {
  static const LatePrelude prelude(kDateClasses);
  builtins.add_prelude(prelude);
  for (const auto& each : kDateFormats) builtins.add_constant(each.name, Value(each.format));
}

}  // namespace assay::reference::php
