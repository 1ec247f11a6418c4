<?php
function show($what) { try { var_dump($what()); } catch (Throwable $e) { echo get_class($e), ': ', $e->getMessage(), ' on line ', $e->getLine(), "\n"; } }
const FULL = 'Y-m-d\TH:i:s.u e|T|P|p|O|Z|U|c|v|I';

$tokyo = new DateTimeZone('Asia/Tokyo');
foreach (['@86400', '@-5', '@1.5', '2024-01-02', '2024-01-02 03:04', '2024-01-02 03:04:05', '2024-01-02T03:04:05Z', '2024-01-02T03:04:05.678901+02:00',
          '2024-01-02 03:04:05 Europe/Paris', '2024-07-02 03:04:05 America/New_York', '2024-01-02 03:04:05-0530', '2024-01-02 03:04:05.5 UTC',
          '2024-01-02T03:04Z', '  2024-01-02  ', '2024-01-31 +1 month', '2024-01-31 10:00 tomorrow', '2024-01-31 noon', '2024-02-30', '0000-01-01 UTC', '9999-12-31 23:59:59'] as $text) {
  show(fn() => (new DateTime($text, $tokyo))->format(FULL));
}
$date = new DateTimeImmutable('2024-02-29 13:04:05.678901', new DateTimeZone('Europe/Paris'));
$letters = 'dDjlNwzmnFMtLYyoaAgGhHisuveITPpOZcrUSWx';
for ($i = 0; $i < strlen($letters); $i++) echo $letters[$i], '=', $date->format($letters[$i]), ' ';
echo "\n", $date->format('\Y\\\\Y - l jS \of F, H\hi'), "\n";
foreach (['2021-01-03', '2020-12-31', '2024-12-30', '2024-01-01', '2000-02-29', '1900-03-01', '2024-12-31', '1969-12-31 23:59:59'] as $text) {
  echo (new DateTime($text))->format('D N w z W o t L jS y U'), "\n";
}
foreach (range(0, 23) as $hour) echo (new DateTime('@0'))->setTime($hour, 0)->format('gaGhHA '), '';
echo "\n";

// Summer time.
foreach (['2024-03-31 01:59:59', '2024-03-31 02:30', '2024-03-31 03:00', '2024-10-27 02:30', '2024-10-27 01:59', '2024-10-27 03:00', '2024-07-01', '2024-12-01'] as $text) {
  foreach (['Europe/Paris', 'Europe/Berlin'] as $zone) {
    $paris = new DateTimeImmutable($text, new DateTimeZone($zone));
    echo $paris->format('c T U '), $paris->modify('+1 hour')->format('c '), $paris->modify('+1 day')->format('c '), $paris->modify('-1 day')->format('c '),
      $paris->modify('+24 hours')->format('c '), $paris->add(new DateInterval('P1DT1H'))->format('c '), $paris->sub(new DateInterval('PT1H'))->format('c'), "\n";
  }
}
foreach (['2024-03-10 01:59', '2024-03-10 02:30', '2024-03-10 03:00', '2024-11-03 00:59', '2024-11-03 03:00', '2024-06-01 12:00'] as $text) {
  $york = new DateTime($text, new DateTimeZone('America/New_York'));
  echo $york->format('c T I U '), $york->getOffset(), "\n";
}

// Zones.
foreach (['+02:00', 'Z', 'utc', 'UTC', 'Europe/Paris', '+0530', '-3', '-03:30', 'Asia/Tokyo', 'America/New_York'] as $name) {
  $zone = new DateTimeZone($name);
  echo $zone->getName(), ' ', $zone->getOffset(new DateTime('2024-07-01')), ' ', $zone->getOffset(new DateTimeImmutable('2024-01-01')), "\n";
}
try {
  new DateTimeZone('Mars/Phobos');
} catch (Exception $e) {
  echo get_class($e), ': ', substr($e->getMessage(), 0, 66), "\n";
}
var_dump($date->getTimezone()->getName(), $date->setTimezone($tokyo)->format(FULL), $date->setTimezone(new DateTimeZone('-05:00'))->format(FULL));

// Changes.
foreach (['+1 month', '-1 month', '+1 year', '+2 weeks', '+1 day 2 hours', '-1 day -3 hours +5 min', 'midnight', 'tomorrow', '+90 minutes', '+10 sec', '+1 months', '1 day',
          'tomorrow +1 hour', '+1 day midnight', '+ 1 day', '+1day', 'today', 'noon', 'yesterday', 'now', '+1 week +1 month', '+100 secs', '2 days ago', '2020-05-06', '07:08',
          '-1 MONTH', '+1 fortnight', '+0 days', '-13 months', '+400 days', '2020-05-06 07:08:09'] as $text) {
  show(fn() => $text . ': ' . (new DateTimeImmutable('2024-01-31 10:20:30.123456'))->modify($text)->format('c u'));
}
show(fn() => (new DateTime('@0'))->modify('garbage'));
show(fn() => (new DateTimeImmutable('@0'))->modify('garbage'));
show(fn() => new DateTime('garbage'));
show(fn() => new DateTimeImmutable('garbage'));
$changed = new DateTime('2024-01-01 00:00:00');
var_dump($changed->setDate(2024, 14, 40)->setTime(25, 61, 61, 5) === $changed, $changed->format('c u'));
$changed->setTimezone(new DateTimeZone('America/New_York'));
var_dump($changed->format('c T e'), $changed->getOffset(), $changed->getTimestamp());
$changed->setTimestamp(0);
var_dump($changed->format('c u'));
$changed->setTime(1, 2);
var_dump($changed->format('c u'), $changed->modify('+1 day') === $changed);
$kept = $date->add(new DateInterval('P1D'));
var_dump($kept === $date, $kept->format('c'), $date->format('c'), $date->setDate(2000, 1, 1)->format('c'), $date->setTime(0, 0)->format('c u'), $date->setTimestamp(5)->format('c u'), $date->getTimestamp());
show(fn() => (new DateTime('@0'))->setDate('x', 1, 1));
show(fn() => (new DateTime('@0'))->format([]));
show(fn() => (new DateTime('@0'))->setTimezone('UTC'));
show(fn() => new DateTime('@0', 'UTC'));
show(fn() => (new DateTime('@0'))->diff('x'));
show(fn() => (new DateTime('@0'))->setTime());

// Comparisons.
$earlier = new DateTime('2024-01-01');
$later = new DateTimeImmutable('2024-01-01 00:00:00.000001');
var_dump($earlier == new DateTimeImmutable('2024-01-01'), $earlier < $later, $earlier > $later, $earlier <=> $later, $later <=> $earlier, $earlier != $later, $earlier >= clone $earlier);
var_dump(new DateTime('2024-01-01 12:00', new DateTimeZone('+02:00')) == new DateTime('2024-01-01 10:00'), $earlier === $earlier, $earlier === clone $earlier);
var_dump(max(new DateTime('@5'), new DateTime('@7'))->getTimestamp(), [new DateTime('@5')] == [new DateTimeImmutable('@5')], in_array(new DateTime('@5'), [new DateTime('@4'), new DateTime('@5')]));
$list = [new DateTime('@3'), new DateTime('@1'), new DateTimeImmutable('@2')];
sort($list);
foreach ($list as $each) echo $each->getTimestamp(), ' ';
echo "\n";

// Copies and classes of scripts.
$copy = clone $changed;
$copy->modify('+1 year');
var_dump($changed->format('c'), $copy->format('c'));
var_dump(get_class(DateTimeImmutable::createFromMutable($changed)), DateTimeImmutable::createFromMutable($changed) == $changed, get_class(DateTime::createFromImmutable($date)),
  get_class(DateTime::createFromInterface($date)), get_class(DateTimeImmutable::createFromInterface($changed)));
class Stamped extends DateTimeImmutable {
  public $own = 1;
  private $seconds = 'mine';
  public function seconds() { return $this->seconds; }
}
$stamped = new Stamped('2024-05-06 07:08:09');
$stamped->own = 5;
$next = $stamped->modify('+1 day');
var_dump(get_class($next), $next->own, $next->seconds(), $next->format('c'), $next > $stamped, get_object_vars($next), get_class(Stamped::createFromMutable($changed)), Stamped::createFromMutable($changed)->own);
class Unmade extends DateTime { public function __construct() {} }
show(fn() => (new Unmade)->format('c'));
show(fn() => (new Unmade)->getTimestamp());
show(fn() => (new Unmade)->modify('+1 day'));
var_dump(DateTime::ATOM, DATE_ATOM, DateTimeInterface::RFC2822, DateTimeImmutable::COOKIE, DateTime::RSS, DateTime::RFC3339_EXTENDED, DateTime::ISO8601, DateTime::RFC7231, DateTimeZone::UTC);
var_dump($date instanceof DateTimeInterface, $changed instanceof DateTimeInterface, $changed instanceof DateTimeImmutable);
var_dump((new DateTime)->getTimestamp() >= 0, (new DateTime)->getTimezone()->getName(), (new DateTime('now', $tokyo))->getOffset(), (new DateTime('tomorrow'))->format('H:i:s.u'));

// Times that the clocks show twice, or not at all.
$paris = new DateTimeZone('Europe/Paris');
foreach ([['2024-10-26 02:30', '+1 day'], ['2024-10-26 02:30', '+24 hours'], ['2024-10-27 01:30', '+1 hour'], ['2024-10-27 01:30', '+2 hours'], ['2024-10-27 01:30', '+90 min'], ['2024-10-28 02:30', '-1 day'],
          ['2024-10-27 03:30', '-1 hour'], ['2024-10-27 03:30', '-2 hours'], ['2024-09-27 02:30', '+1 month'], ['2024-10-27 02:30', '-1 hour'], ['2024-10-27 02:30', '+0 hour'], ['2024-10-27 02:30', '+30 min'],
          ['2024-03-31 03:30', '-1 hour'], ['2024-03-31 01:30', '+1 hour'], ['2024-03-31 00:30', '+3 hours'], ['2024-03-31 01:30', '+2 hours'], ['2024-03-31 04:30', '-2 hours'], ['2024-03-31 04:30', '-3 hours'],
          ['2024-03-30 12:00', '+1 day -1 hour'], ['2024-10-26 12:00', '+20 hours'], ['2024-03-30 12:00', '+25 hours']] as [$text, $change]) {
  echo "$text $change ", (new DateTimeImmutable($text, $paris))->modify($change)->format('c'), "\n";
}
$first = (new DateTimeImmutable('2024-10-27 01:30', $paris))->add(new DateInterval('PT1H'));
echo $first->format('c '), $first->modify('+0 days')->format('c '), $first->modify('+1 min')->format('c '), $first->setTime(2, 45)->format('c '), $first->add(new DateInterval('P1D'))->format('c '),
  $first->setDate(2024, 10, 27)->format('c '), $first->modify('2024-10-27')->format('c'), "\n";
foreach (['PT24H', 'PT25H', 'PT23H60M'] as $text) {
  echo $text, ' ', (new DateTime('2024-03-30 12:00', $paris))->add(new DateInterval($text))->format('c '), (new DateTime('2024-10-27 01:00', $paris))->add(new DateInterval($text))->format('c'), "\n";
}

// By a pattern. What is not said of the date is today's.
function by_pattern($pattern, $text) {
  $date = DateTimeImmutable::createFromFormat($pattern, $text, new DateTimeZone('Europe/Paris'));
  echo $pattern, ' ', $text, ' => ', $date ? $date->format('Y-m-d H:i:s.u e') : 'false', "\n";
}
foreach ([['Y-m-d H:i:s', '2024-01-02 03:04:05'], ['!d/m/Y', '15/08/2022'], ['Y-m-d|', '2024-01-02'], ['Y-m-d', 'zzz'], ['j-n-y|', '5-3-24'], ['j-n-y|', '5-3-70'], ['U', '86400'], ['U', '-5'],
          ['Y-m-d\TH:i:sP', '2024-01-02T03:04:05+02:00'], ['Y-m-d\TH:i:s.vP', '2024-01-02T03:04:05.678Z'], ['Y-m-d H:i:s.u', '2024-01-02 03:04:05.25'], ['Y-m-d H:i', '2024-01-02 03:04'], ['!H:i', '03:04'],
          ['Y-m-d g:i A', '2024-01-02 3:04 PM'], ['Y-m-d g:i a', '2024-01-02 12:04 am'], ['D, d M Y H:i:s O', 'Tue, 02 Jan 2024 03:04:05 +0100'], ['Y-m-d|', '2024-01-02 trailing'], ['Y-m-d|+', '2024-01-02 trailing'],
          ['Y-m-d H:i:s', '2024-02-30 25:00:00'], ['Y-m-d H:i:s e', '2024-02-03 05:00:00 Asia/Tokyo'], ['!Y', '2024'], ['Y-m-d H', '2024-01-02 5'], ['l jS F Y|', 'Tuesday 2nd January 2024'], ['!d/m/Y', '15/08/22'],
          ['Y-m-d H:i', '2024-01-02'], ['Y??m|', '2024xx05'], [DATE_ATOM, '2024-06-07T08:09:10+00:00'], ['H\h i\m', '23h 59m!'], ['', ''], ['!', '']] as [$pattern, $text]) {
  if ($pattern !== '') by_pattern($pattern, $text);
}
var_dump(DateTimeImmutable::createFromFormat('H:i', '10:20')->format('H:i:s.u'), get_class(Stamped::createFromFormat('Y', '2024')), DateTime::createFromFormat('Y', 'x'));
