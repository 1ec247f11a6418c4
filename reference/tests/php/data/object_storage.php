<?php
function show($what) { try { var_dump($what()); } catch (Throwable $e) { echo get_class($e), ': ', $e->getMessage(), "\n"; } }
class Named { public function __construct(public string $name) {} }
function listed($storage) {
  foreach ($storage as $index => $object) echo "$index=>$object->name", $storage->getInfo() === null ? '' : '=' . json_encode($storage->getInfo()), ' ';
  echo '(', count($storage), ")\n";
}

$a = new Named('a');
$b = new Named('b');
$c = new Named('c');
$storage = new SplObjectStorage;
$storage->attach($a);
$storage->attach($b, 'info b');
$storage[$c] = ['x' => 1];
$storage->attach($a);
listed($storage);
var_dump($storage[$b], $storage[$a], isset($storage[$a]), empty($storage[$a]), isset($storage[new Named('a')]), $storage->contains($c), $storage[$a] ?? 'default', $storage[new Named('x')] ?? 'none');
foreach ($storage as $index => $object) $storage->setInfo("i$index");
listed($storage);
$storage[$b] .= '!';
$storage->attach($c, 'again');
listed($storage);
show(fn() => $storage[new Named('q')]);
show(fn() => $storage['x']);
show(fn() => $storage->attach(1));
show(function () use ($storage) { $storage[] = 1; });

$copy = clone $storage;
$copy->detach($a);
unset($copy[$b], $copy[new Named('z')]);
$copy->detach($a);
listed($copy);
listed($storage);
$other = new SplObjectStorage;
$other->attach($a, 'other');
$other[$d = new Named('d')] = 1;
var_dump($other->addAll($storage), $other[$a]);
$removed = clone $other;
var_dump($removed->removeAll($storage), $other->removeAllExcept($storage));
listed($removed);
listed($other);
$other->detach($b);
$other->attach($b, 'last');
listed($other);

// By hand.
$storage->rewind();
var_dump($storage->valid(), $storage->key(), $storage->current()->name, $storage->getInfo());
$storage->next();
$storage->next();
$storage->next();
var_dump($storage->valid(), $storage->key(), $storage->getInfo());
show(fn() => $storage->current());
foreach ($storage as $one) foreach (clone $storage as $two) echo $one->name, $two->name, ' ';
echo "\n";
var_dump(iterator_count($storage), count(iterator_to_array($storage)), count(new SplObjectStorage));

class Registry extends SplObjectStorage {
  public $label = 'registry';
  private $calls = 0;
  public function add($object) { $this->calls++; $this->attach($object, $this->calls); return $this; }
}
$registry = (new Registry)->add($a)->add($b)->add($a);
listed($registry);
var_dump($registry->label, get_object_vars($registry), $registry instanceof Countable, $registry instanceof Iterator);
