<?php
function show($what) { try { var_dump($what()); } catch (Throwable $e) { echo get_class($e), ': ', $e->getMessage(), "\n"; } }
function in($text, $zone = 'UTC') { return new DateTimeImmutable($text, new DateTimeZone($zone)); }
const ALL = '%R %y-%m-%d %h:%i:%s.%f days=%a';

foreach (['P1W', 'P2W3D', 'PT36H', 'P0D', 'P', 'PT', 'P1Y', 'P1M', 'PT1.5S', 'P1D2M', '1Y', 'p1d', 'P-1D', 'PT90M', 'P1Y2W', 'PT5', 'P1YT', 'P1000D', 'P1Y2M3DT4H5M6S', 'PT1H1S', '', 'xx'] as $text) {
  show(fn() => "$text: " . (new DateInterval($text))->format(ALL));
}
$interval = new DateInterval('P1Y2M3DT4H5M6S');
var_dump($interval->y, $interval->m, $interval->d, $interval->h, $interval->i, $interval->s, $interval->f, $interval->invert, $interval->days);
$interval->f = 0.5;
echo $interval->format('%y %Y %m %M %d %D %h %H %i %I %s %S %f %F %a %R %r %% %z'), "\n";
$interval->invert = 1;
$interval->y = 12345;
$interval->d = -4;
echo $interval->format('%R|%r|%Y %D %d'), "\n";
var_dump(get_object_vars($interval));

// What lies between two dates.
foreach ([['2024-01-31', '2024-03-01'], ['2024-03-01', '2024-01-31'], ['2023-12-25 10:00', '2024-02-29 09:30:15'], ['2024-02-29 09:30:15', '2023-12-25 10:00'], ['2024-02-29', '2025-02-28'],
          ['2025-02-28', '2024-02-29'], ['2024-01-01 00:00:00.5', '2024-01-01 00:00:01.25'], ['2024-01-01 00:00:01.25', '2024-01-01 00:00:00.5'], ['2024-05-31', '2024-06-30'],
          ['2024-06-30', '2024-05-31'], ['2024-05-31', '2024-02-28'], ['2024-01-30', '2024-03-29'], ['2024-01-01', '2024-01-01'], ['2000-01-01', '2024-07-15 12:00'],
          ['2024-03-31 10:00', '2024-04-30 09:00'], ['2024-04-30 09:00', '2024-03-31 10:00'], ['2023-01-31 23:59:59', '2023-03-01 00:00:00'], ['2023-03-01', '2023-01-31 23:59:59'],
          ['2024-12-31', '2025-01-01'], ['1999-12-31 23:59:59', '2000-01-01'], ['2024-01-01', '2024-12-31'], ['1970-01-01', '2038-01-19 03:14:07'], ['2024-01-01 00:00:00.9', '2024-01-02 00:00:00.1']] as [$from, $to]) {
  echo "$from $to ", in($from)->diff(in($to))->format(ALL), "\n";
}
foreach ([['2024-03-30 12:00', '2024-03-31 12:00'], ['2024-03-31 00:00', '2024-03-31 12:00'], ['2024-03-31 01:30', '2024-03-31 03:30'], ['2024-10-26 12:00', '2024-10-27 12:00'],
          ['2024-10-27 00:00', '2024-10-27 12:00'], ['2024-10-27 01:30', '2024-10-28 01:30'], ['2024-03-01', '2024-11-01'], ['2024-11-01', '2024-03-01'], ['2024-03-30 12:00', '2024-03-31 11:00'],
          ['2024-03-31 12:00', '2024-03-30 12:00'], ['2024-10-25 12:00', '2024-10-27 11:00'], ['2024-07-01', '2024-07-15 10:00']] as [$from, $to]) {
  echo "$from $to Paris ", in($from, 'Europe/Paris')->diff(in($to, 'Europe/Paris'))->format(ALL), "\n";
}
foreach ([['2024-01-01', 'Europe/Paris', '2024-02-01', 'Asia/Tokyo'], ['2024-01-01', '+02:00', '2024-02-01', '-03:00'], ['2024-01-01', 'Europe/Paris', '2024-07-01', 'UTC'],
          ['2024-01-01', 'Europe/Paris', '2024-07-01', 'Europe/Berlin'], ['2024-01-01', 'UTC', '2024-07-01', '+00:00'], ['2024-01-31 23:30', '-05:00', '2024-03-01 01:00', '-05:00'],
          ['2024-01-31 23:30', '-05:00', '2024-03-01 01:00', 'UTC'], ['2024-03-31', '+02:00', '2024-01-31', '+02:00'], ['2024-01-01 12:00', '+02:00', '2024-01-01 12:00', 'UTC']] as [$from, $zone, $to, $other]) {
  echo "$from $zone $to $other ", in($from, $zone)->diff(in($to, $other))->format(ALL), "\n";
}
var_dump(in('2024-03-01')->diff(in('2024-01-31'), true)->format(ALL), (new DateTime('2024-01-01'))->diff(in('2024-01-02'))->days);
var_dump(get_object_vars(in('2024-01-31')->diff(in('2024-03-01'))));

// Adding and taking away.
foreach ([['2024-01-31', 'P1M'], ['2024-02-29', 'P1Y'], ['2024-03-31', 'P1M1D'], ['2024-01-31 22:00', 'P1DT3H'], ['2024-01-01', 'P1Y2M3DT4H5M6S'], ['2024-05-31', 'PT36H'], ['2024-01-01', 'P4W']] as [$date, $text]) {
  $interval = new DateInterval($text);
  echo "$date $text ", in($date)->add($interval)->format('c '), in($date)->sub($interval)->format('c ');
  $interval->invert = 1;
  echo in($date)->add($interval)->format('c '), in($date)->sub($interval)->format('c'), "\n";
}
$part = new DateInterval('PT0S');
$part->f = 0.75;
echo in('2024-01-01 00:00:00.5')->add($part)->format('c u '), in('2024-01-01 00:00:00.5')->sub($part)->format('c u'), "\n";
$between = in('2024-01-31')->diff(in('2024-03-01'));
echo in('2024-02-28')->add($between)->format('c '), in('2024-05-31')->sub($between)->format('c '), in('2024-03-01')->add(in('2024-03-01')->diff(in('2024-01-31')))->format('c'), "\n";
$mutable = new DateTime('2024-01-01');
var_dump($mutable->add(new DateInterval('P1D')) === $mutable, $mutable->sub(new DateInterval('PT1H'))->format('c'));
var_dump(DateInterval::createFromDateString('3 days ago')->d, DateInterval::createFromDateString('1 year + 2 days')->format(ALL));

class Named extends DateInterval {
  public $name = 'named';
  public function __construct(string $text, $name) { parent::__construct($text); $this->name = $name; }
}
$named = new Named('P2D', 'two days');
$copy = clone $named;
$copy->d = 3;
var_dump($named->d, $named->name, $copy->d, in('2024-01-01')->add($named)->format('c'), get_class($copy));
