<?php
function show($what) { try { var_dump($what()); } catch (Throwable $e) { echo get_class($e), ': ', $e->getMessage(), "\n"; } }

$fixed = new SplFixedArray(3);
$fixed[0] = 'a';
$fixed[1] = ['list'];
$fixed['2'] = 3;
$fixed[2] += 4;
var_dump($fixed->toArray(), count($fixed), $fixed->getSize(), $fixed[2], $fixed['1'], $fixed[true]);
$fixed[2] = null;
var_dump(isset($fixed[0]), isset($fixed[2]), isset($fixed[7]), isset($fixed[-1]), empty($fixed[0]), $fixed[2] ?? 'default', isset($fixed[1][0]), $fixed[1][0]);
foreach ([3, -1, 'x', null, []] as $index) {
  show(fn() => $fixed[$index]);
  show(function () use ($fixed, $index) { $fixed[$index === null ? 9 : $index] = 1; });
}
show(function () use ($fixed) { $fixed[] = 1; });
show(function () use ($fixed) { unset($fixed[9]); });
unset($fixed[0]);
var_dump($fixed[0]);
$fixed[1][] = 'lost';
var_dump(count($fixed[1]));
show(fn() => new SplFixedArray(-1));
show(fn() => new SplFixedArray('x'));
show(fn() => $fixed->setSize(-1));
var_dump($fixed->setSize(5), $fixed->toArray(), $fixed->setSize(1), count($fixed), $fixed->toArray());
show(fn() => $fixed[1]);
foreach (SplFixedArray::fromArray(['x', 'y', 'z']) as $index => $value) echo "$index=$value ";
echo "\n";
var_dump(SplFixedArray::fromArray([3 => 'c', 1 => 'a'])->toArray(), SplFixedArray::fromArray([3 => 'c', 1 => 'a'], false)->toArray(), SplFixedArray::fromArray([])->getSize());
show(fn() => SplFixedArray::fromArray(['a' => 1]));
show(fn() => SplFixedArray::fromArray([-1 => 1]));
$table = new SplFixedArray(2);
foreach ($table as $row => $ignored) $table[$row] = new SplFixedArray(2);
$table[1][0] = 'cell';
$copy = clone $table;
$copy[0] = 'other';
var_dump($table[1][0], $table[0] instanceof SplFixedArray, $copy[0]);
foreach ($table as $one) foreach ($table as $other) echo count($one) + count($other);
echo "\n";
class Sized extends SplFixedArray {
  public $label = 'none';
  public function __construct(int $size, string $label) { parent::__construct($size); $this->label = $label; }
}
$sized = new Sized(2, 'mine');
$sized[1] = 'one';
var_dump($sized->label, $sized->toArray(), count($sized), get_object_vars($sized)['label']);
var_dump(iterator_to_array($sized), array_sum(SplFixedArray::fromArray([1, 2, 3])->toArray()));
