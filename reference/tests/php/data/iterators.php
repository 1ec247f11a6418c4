<?php
class Steps implements Iterator {
  private $at = 0;
  public function __construct(private int $most = 2, private $name = 'v') {}
  public function current(): mixed { echo '[current]'; return $this->name . $this->at; }
  public function key(): mixed { echo '[key]'; return "k$this->at"; }
  public function next(): void { echo '[next]'; $this->at++; }
  public function rewind(): void { echo '[rewind]'; $this->at = 0; }
  public function valid(): bool { echo '[valid]'; return $this->at < $this->most; }
}
class Bag implements IteratorAggregate {
  public function __construct(public $inner) {}
  public function getIterator(): Traversable { echo '[get]'; return $this->inner; }
}

foreach (new Steps as $key => $value) echo "$key => $value\n";
foreach (new Steps as $value) echo "$value\n";
foreach (new Bag(new Bag(new Steps)) as $key => $value) echo "$key => $value\n";
foreach (new Steps(0) as $value) echo 'never';
echo "\n";

// Leaving and going on.
foreach (new Steps(5) as $key => $value) {
  if ($value === 'v1') continue;
  if ($value === 'v3') break;
  echo "$value\n";
}
foreach (new Steps(3, 'a') as $x) {
  foreach (new Steps(3, 'b') as $y) {
    if ($y === 'b1') continue 2;
    if ($x === 'a2') break 2;
    echo "$x$y\n";
  }
}
function first($bag) {
  foreach ($bag as $key => $value) return $key;
  return 'none';
}
var_dump(first(new Steps), first(new Steps(0)));

// Any place as the target.
$array = [];
foreach (new Steps as $array['key'] => $array['value']) var_dump($array);
class Pairs extends Steps {
  public function current(): mixed { return [parent::current(), 'second']; }
}
foreach (new Pairs(1) as [$one, $two]) echo $one, $two, "\n";

var_dump(iterator_to_array(new Steps));
var_dump(iterator_to_array(new Bag(new Steps), false));
var_dump(iterator_count(new Bag(new Steps(3))));
function joined(...$all) { return implode(',', $all); }
class Numbered extends Steps {
  private $number = 10;
  public function key(): mixed { return $this->number++; }
}
var_dump(joined(...new Numbered(3)), [0, ...new Numbered(2), ...new Steps(1)]);

try {
  foreach (new Steps as &$value) echo 'never';
} catch (Error $e) {
  echo get_class($e), ': ', $e->getMessage(), "\n";
}
class Failing extends Steps {
  public function next(): void { throw new RuntimeException('no next'); }
}
try {
  foreach (new Failing as $value) echo $value;
} catch (RuntimeException $e) {
  echo $e->getMessage(), "\n";
}
try {
  iterator_to_array(new Failing);
} catch (RuntimeException $e) {
  echo $e->getMessage(), "\n";
}
try {
  var_dump(joined(...new stdClass));
} catch (Error $e) {
  echo $e->getMessage(), "\n";
}

// An object that is no iterator, and what a body changes.
$plain = new stdClass;
$plain->a = 1;
$plain->b = 2;
foreach ($plain as $name => $value) echo "$name=$value ";
$steps = new Steps(2);
foreach ($steps as $value) $steps = null;
var_dump($steps);
var_dump(new Steps instanceof Traversable, new Bag(1) instanceof Iterator, new Bag(1) instanceof Traversable);
