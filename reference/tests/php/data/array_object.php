<?php
function show($what) { try { var_dump($what()); } catch (Throwable $e) { echo get_class($e), ': ', $e->getMessage(), ' on line ', $e->getLine(), "\n"; } }

$object = new ArrayObject(['n' => null, 'list' => [1], 'zero' => 0]);
var_dump(isset($object['n']), $object->offsetExists('n'), empty($object['zero']), $object['n'] ?? 'default');
var_dump(isset($object['list'][0]), isset($object['list'][5]), isset($object['none']), isset($object['none']['deep']));
$object['list'][] = 2;
$object['new']['deep'] = 1;
$object[] = 'appended';
$object->append('by call');
$object['zero'] += 5;
$object['zero']++;
$object['text'] = 'a';
$object['text'] .= 'b';
$object['text'] ??= 'c';
$object['late'] ??= 'first';
var_dump($object->getArrayCopy(), count($object), $object->count());
unset($object['new'], $object['never'], $object['list'][0]);
var_dump($object['list']);
var_dump($object['undefined']);
var_dump($object[true], $object['0'], $object[0]);
show(fn() => $object[[]]);
foreach ($object as $key => $value) echo $key, '=', is_array($value) ? 'array' : $value, ' ';
echo "\n";
$reference = &$object['text'];
$reference = 'by reference';
unset($reference);
var_dump($object['text']);

// Copies.
$copy = clone $object;
$copy['only copy'] = 1;
$copy['list'][] = 3;
var_dump(isset($object['only copy']), count($object['list']), $copy == $object, clone $object == $object);
$taken = $copy->getArrayCopy();
$taken['more'] = 1;
var_dump(isset($copy['more']));
$before = $copy->exchangeArray(['x' => 1]);
var_dump(count($before), $copy->getArrayCopy());
var_dump((new ArrayObject(new ArrayObject([1, 2])))->getArrayCopy(), (array) new ArrayObject(['a' => 1]));

// Flags and what is refused.
var_dump($object->getFlags(), ArrayObject::STD_PROP_LIST, ArrayObject::ARRAY_AS_PROPS, (new ArrayObject([], 2))->getFlags());
$object->setFlags(ArrayObject::STD_PROP_LIST);
var_dump($object->getFlags());
show(fn() => new ArrayObject(5));
show(fn() => $object->exchangeArray('x'));
show(fn() => $object->append());
show(fn() => $object->setFlags('x'));

$sorted = new ArrayObject(['b' => 2, 'a' => 3, 'c' => 1]);
$sorted->ksort();
var_dump($sorted->getArrayCopy());
$sorted->asort();
var_dump($sorted->getArrayCopy());

// Classes of scripts.
class Tagged extends ArrayObject {
  public $own = 'own';
  protected $kept = [1];
  private $secret = 's';
  public function offsetSet(mixed $key, mixed $value): void { parent::offsetSet($key, "<$value>"); }
  public function kept() { return count($this->kept) . $this->secret; }
  public function variables() { return get_object_vars($this); }
}
$tagged = new Tagged(['k' => 1]);
$tagged['n'] = 2;
$tagged[] = 3;
$tagged->append(4);
$tagged->own = 'changed';
var_dump($tagged->getArrayCopy(), count($tagged), $tagged->own, $tagged->kept(), isset($tagged->own), isset($tagged['own']));
var_dump($tagged->variables(), get_object_vars($tagged));
class Counted extends ArrayObject {
  public $reads = 0;
  public function offsetGet(mixed $key): mixed { $this->reads++; return parent::offsetGet($key); }
  public function offsetExists(mixed $key): bool { echo "exists($key) "; return parent::offsetExists($key); }
}
$counted = new Counted(['a' => [1], 'n' => null]);
var_dump(isset($counted['a']), isset($counted['n']), isset($counted['none']), $counted['a'][0], $counted['none'] ?? 'default', $counted->reads);
$counted['a'][] = 2;
var_dump(count($counted['a']));
class WithConstructor extends ArrayObject {
  public function __construct(private string $name) { parent::__construct(['name' => $name]); }
}
var_dump((new WithConstructor('given'))['name'], (new WithConstructor('given'))->getArrayCopy());

// Iterators.
$iterator = new ArrayIterator(['a' => 1, 'b' => 2, 'c' => 3]);
$iterator->rewind();
var_dump($iterator->key(), $iterator->current());
$iterator->next();
var_dump($iterator->key());
$iterator->seek(2);
var_dump($iterator->key());
show(fn() => $iterator->seek(5));
$iterator->next();
var_dump($iterator->valid(), $iterator->key(), $iterator->current());
foreach ($iterator as $key => $value) {
  if ($key === 'a') unset($iterator['b']);
  echo $key;
}
echo count($iterator), "\n";
foreach ($iterator as $key => $value) {
  if ($key === 'a') $iterator['d'] = 4;
  echo "$key=$value ";
}
echo "\n";
var_dump(iterator_to_array($object->getIterator()) == $object->getArrayCopy(), get_class($object->getIterator()), iterator_count($object));
var_dump([...new ArrayObject([1, 2]), ...new ArrayIterator(['k' => 3])]);
$nested = new RecursiveArrayIterator([1, [2, 3], 'x' => [], 4]);
function walk($iterator, $depth = 0) {
  foreach ($iterator as $key => $value) {
    echo str_repeat(' ', $depth), $key, $iterator->hasChildren() ? ' [' : ' = ' . $value, "\n";
    if ($iterator->hasChildren()) walk($iterator->getChildren(), $depth + 1);
  }
}
walk($nested);
foreach ($sorted as $outer) foreach ($sorted as $inner) echo $outer * $inner, ' ';
echo "\n";
$class = get_class((new ArrayObject([1], 0, 'RecursiveArrayIterator'))->getIterator());
var_dump($class, $object instanceof IteratorAggregate, $object instanceof ArrayAccess, $object instanceof Countable, $iterator instanceof SeekableIterator, $nested instanceof RecursiveIterator);
$sorted->uasort(fn($one, $other) => $other <=> $one);
echo json_encode($sorted->getArrayCopy());
$sorted->uksort(fn($one, $other) => $one <=> $other);
echo json_encode($sorted->getArrayCopy()), count(clone $sorted), isset($sorted['a']), "\n";

// Elements as properties.
$properties = new ArrayObject(['a' => 1], ArrayObject::ARRAY_AS_PROPS);
$properties->b = 2;
$properties->list['deep'] = 3;
$properties->b += 5;
$properties->{'7'} = 'seven';
var_dump($properties->a, $properties->b, $properties['list'], isset($properties->a), isset($properties->none), $properties->none ?? 'default', $properties[7]);
unset($properties->a);
var_dump($properties->getArrayCopy(), count($properties));
var_dump($properties->none);
class Mixed_ extends ArrayObject {
  public $own = 'own';
  public function __construct() { parent::__construct([], 2); $this->made = 1; }
}
$mixed = new Mixed_;
$mixed->own = 'changed';
$mixed->other = 2;
var_dump($mixed->getArrayCopy(), $mixed->own, $mixed->made);
