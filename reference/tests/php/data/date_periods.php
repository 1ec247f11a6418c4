<?php
function show($what) { try { var_dump($what()); } catch (Throwable $e) { echo get_class($e), ': ', $e->getMessage(), "\n"; } }
function in($text, $zone = 'UTC') { return new DateTimeImmutable($text, new DateTimeZone($zone)); }
function listed($period) { foreach ($period as $key => $date) echo $key, '=', $date->format('m-d\TH '); echo "\n"; }
function described($period) { var_dump($period->recurrences, $period->getRecurrences(), $period->include_start_date, $period->include_end_date, $period->getEndDate()?->format('c'), $period->end?->format('c')); }

$start = in('2024-01-01');
$end = in('2024-01-04');
$day = new DateInterval('P1D');
foreach ([[$end], [$end, DatePeriod::EXCLUDE_START_DATE], [$end, DatePeriod::INCLUDE_END_DATE], [$end, 3], [3], [3, DatePeriod::EXCLUDE_START_DATE], [2, 3], [1]] as $rest) {
  $period = new DatePeriod($start, $day, ...$rest);
  listed($period);
  listed($period);
  described($period);
}
$period = new DatePeriod($start, $day, $end);
var_dump($period->getStartDate()->format('c'), $period->getStartDate() == $start, $period->getDateInterval()->format('%d'), $period->interval->d, $period->start == $start, $period->start === $start);
listed(new DatePeriod(new DateTime('2024-01-31'), new DateInterval('P1M'), 3));
listed(new DatePeriod(in('2024-03-30 02:30', 'Europe/Paris'), $day, 2));
listed(new DatePeriod($start, new DateInterval('PT6H'), in('2024-01-02')));
listed(new DatePeriod($start, $day, $start));
foreach (new DatePeriod(new DateTime('2024-01-31'), $day, 1) as $date) {
  echo get_class($date), ' ';
  $date->modify('+10 years');
}
foreach ($period as $date) echo get_class($date), ' ';
echo "\n";
var_dump(iterator_count($period), count(iterator_to_array($period)));
show(fn() => new DatePeriod($start, $day, 0));
show(fn() => new DatePeriod($start, $day, -1));
show(fn() => new DatePeriod(1, 2, 3));
show(fn() => new DatePeriod($start));
show(function () use ($period) { $period->recurrences = 5; });
show(function () use ($period) { $period->start = 5; });
$mutable = new DateTime('2024-01-01');
$own = new DatePeriod($mutable, $day, 1);
$mutable->modify('+5 days');
listed($own);
$own->getStartDate()->modify('+5 days');
listed($own);
listed(clone $own);
class Holidays extends DatePeriod {
  public $name = 'holidays';
  private $length = 7;
  public function length() { return $this->length; }
}
$holidays = new Holidays($start, $day, 2);
listed($holidays);
var_dump($holidays->name, $holidays->length(), $holidays instanceof IteratorAggregate, DatePeriod::EXCLUDE_START_DATE, DatePeriod::INCLUDE_END_DATE);
