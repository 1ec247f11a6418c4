<?php
class Box implements ArrayAccess, Countable {
  public array $items = ['a' => ['b' => 1], 'null' => null];
  public function offsetExists(mixed $offset): bool { echo "exists(", var_export($offset, true), ") "; return isset($this->items[$offset]); }
  public function offsetGet(mixed $offset): mixed { echo "get(", var_export($offset, true), ") "; return $this->items[$offset] ?? null; }
  public function offsetSet(mixed $offset, mixed $value): void {
    echo "set(", var_export($offset, true), ") ";
    if ($offset === null) { $this->items[] = $value; } else { $this->items[$offset] = $value; }
  }
  public function offsetUnset(mixed $offset): void { echo "unset(", var_export($offset, true), ") "; unset($this->items[$offset]); }
  public function count(): int { return 42; }
}

$box = new Box;
var_dump($box['a'], $box['a']['b'], $box['none']);
var_dump(isset($box['a']), isset($box['a']['b']), isset($box['a']['c']), isset($box['none']['b']), isset($box['null']));
var_dump(empty($box['a']), empty($box['none']), empty($box['null']));
var_dump($box['a'] ?? 1, $box['a']['b'] ?? 2, $box['none'] ?? 3, $box['none']['deep'] ?? 4);
$result = $box['new'] = 'value';
var_dump($result, $box['new']);
$box[] = 'appended';
$box[1.5] = 'float';
$box[true] = 'true';
$box['n'] = 5;
$box['n'] += 3;
$box['n'] .= 'x';
var_dump($box['n']);
$box['late'] ??= 'first';
$box['late'] ??= 'second';
var_dump($box['late']);
unset($box['late'], $box['never']);
var_dump(isset($box['late']), count($box));
$box['a']['b'] = 'lost';
$box['a'][] = 'lost';
var_dump($box['a']);
$box['i'] = 1;
$box['i']++;
--$box['i'];
var_dump($box['i']);
['a' => $a, 'n' => $n] = $box;
var_dump($a, $n);

// Objects within objects.
$outer = new Box;
$outer['inner'] = $box;
$outer['inner']['deep'] = 'written';
$outer['inner'][] = 'more';
var_dump($box['deep'], $outer['inner']['deep'], isset($outer['inner']['deep']));
unset($box['deep']);
var_dump(isset($box['deep']));
$outer['plain'] = new stdClass;
$outer['plain']->property = [1];
$outer['plain']->property['key'] = 2;
var_dump($outer['plain']);

// In properties, arrays and statics, and as the result of a call.
class Holder {
  public $box;
  public static $shared;
  public function get() { return $this->box; }
}
$holder = new Holder;
$holder->box = new Box;
$holder->box['k'] = 1;
$holder->box['k'] += 1;
$holder->get()['by call'] = 2;
$list = [[new Box]];
$list[0][0]['k'] = 3;
Holder::$shared = new Box;
Holder::$shared['k'] = 4;
var_dump($holder->box['k'], $holder->box['by call'], $list[0][0]['k'], Holder::$shared['k'], isset(Holder::$shared['q']));
unset($holder->box['k'], $list[0][0]['k'], Holder::$shared['k']);
var_dump(count($holder->box->items), count($list[0][0]->items), count(Holder::$shared->items));

// An object as the key.
class Keyed implements ArrayAccess {
  public function offsetExists($offset): bool { return is_object($offset); }
  public function offsetGet($offset): mixed { return get_class($offset); }
  public function offsetSet($offset, $value): void { echo get_class($offset), " => $value\n"; }
  public function offsetUnset($offset): void { echo get_class($offset), "\n"; }
}
$keyed = new Keyed;
$keyed[$box] = 'v';
var_dump($keyed[$holder], isset($keyed[$box]), isset($keyed['x']));
unset($keyed[$keyed]);

// What is thrown within.
class Strict extends Box {
  public function offsetGet(mixed $offset): mixed { throw new OutOfBoundsException("no $offset"); }
}
try {
  $strict = new Strict;
  echo $strict['x'];
} catch (OutOfBoundsException $e) {
  echo get_class($e), ': ', $e->getMessage(), ' on line ', $e->getLine(), "\n";
}
$plain = new stdClass;
foreach ([fn() => $plain['x'], fn() => isset($plain['x']), fn() => $plain['x'] ?? 1, function () use ($plain) { $plain['x'] = 1; },
          function () use ($plain) { $plain[] = 1; }, function () use ($plain) { unset($plain['x']); },
          function () use ($plain) { $plain['x']['y'] = 1; }] as $each) {
  try {
    $each();
  } catch (Error $e) {
    echo get_class($e), ': ', $e->getMessage(), "\n";
  }
}
var_dump($box instanceof ArrayAccess, $plain instanceof ArrayAccess, interface_exists('ArrayAccess'));
