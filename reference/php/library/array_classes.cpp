#include "reference/php/library/standard_functions.h"

namespace assay::reference::php {
namespace {

// `__array` is what the interpreter's array access goes to directly (inner_state.h). An iterator goes over a copy.
constexpr std::string_view kArrayClasses = R"php(<?php
trait AssayArray {
  private $__array = [];
  private $__flags = 0;
  public function offsetExists($key) { return \array_key_exists($key, $this->__array); }
  public function offsetGet($key) { return $this->__array[$key]; }
  public function offsetSet($key, $value) { if ($key === null) $this->__array[] = $value; else $this->__array[$key] = $value; }
  public function offsetUnset($key) { unset($this->__array[$key]); }
  public function append($value) { $this->offsetSet(null, $value); }
  public function count() { return \count($this->__array); }
  public function getArrayCopy() { return $this->__array; }
  public function getFlags() { return $this->__flags; }
  public function setFlags(int $flags) { $this->__flags = $flags; }
  public function ksort(int $flags = 0) { return \ksort($this->__array); }
  public function asort(int $flags = 0) { return \asort($this->__array); }
  public function uasort($callback) { return \uasort($this->__array, $callback); }
  public function uksort($callback) { return \uksort($this->__array, $callback); }
}
class ArrayObject implements IteratorAggregate, ArrayAccess, Countable {
  use AssayArray;
  const STD_PROP_LIST = 1; const ARRAY_AS_PROPS = 2;
  private $__iterator = 'ArrayIterator';
  public function __construct($array = [], int $flags = 0, string $iteratorClass = 'ArrayIterator') {
    $this->__array = \assay_array_of('ArrayObject::__construct', $array);
    $this->__flags = $flags;
    $this->__iterator = $iteratorClass;
  }
  public function exchangeArray($array) {
    $before = $this->__array;
    $this->__array = \assay_array_of('ArrayObject::exchangeArray', $array);
    return $before;
  }
  public function getIterator() { $class = $this->__iterator; return new $class($this->__array); }
  public function getIteratorClass() { return $this->__iterator; }
  public function setIteratorClass(string $iteratorClass) { $this->__iterator = $iteratorClass; }
}
class ArrayIterator implements SeekableIterator, ArrayAccess, Countable {
  use AssayArray;
  const STD_PROP_LIST = 1; const ARRAY_AS_PROPS = 2;
  private $__place = 0;
  public function __construct($array = [], int $flags = 0) {
    $this->__array = \assay_array_of('ArrayIterator::__construct', $array);
    $this->__flags = $flags;
  }
  public function rewind() { $this->__place = \assay_array_next($this->__array, -1); }
  public function valid() { return \assay_array_has($this->__array, $this->__place); }
  public function current() { return \assay_array_value($this->__array, $this->__place); }
  public function key() { return \assay_array_key($this->__array, $this->__place); }
  public function next() { $this->__place = \assay_array_next($this->__array, $this->__place); }
  public function seek(int $offset) {
    if ($offset < 0 || $offset >= \count($this->__array)) throw new OutOfBoundsException("Seek position $offset is out of range");
    $this->__place = \assay_array_next($this->__array, -1);
    while ($offset-- > 0) $this->__place = \assay_array_next($this->__array, $this->__place);
  }
}
class RecursiveArrayIterator extends ArrayIterator implements RecursiveIterator {
  const CHILD_ARRAYS_ONLY = 4;
  public function hasChildren() {
    $current = $this->current();
    return \is_array($current) || (\is_object($current) && ($this->getFlags() & 4) === 0);
  }
  public function getChildren() { return new static($this->current()); }
}
class SplFixedArray implements IteratorAggregate, ArrayAccess, Countable, JsonSerializable {
  private $__items = [];
  public function __construct(int $size = 0) {
    if ($size < 0) throw new ValueError('SplFixedArray::__construct(): Argument #1 ($size) must be greater than or equal to 0');
    $this->setSize($size);
  }
  private function __index($index) {
    if (\is_int($index)) return $index;
    if (!\is_bool($index) && !\is_float($index) && !\is_numeric($index)) throw new TypeError('Illegal offset type');
    return (int) $index;
  }
  private function __checked($index) {
    $index = $this->__index($index);
    if ($index < 0 || $index >= \count($this->__items)) throw new RuntimeException('Index invalid or out of range');
    return $index;
  }
  public function offsetExists($index) { return isset($this->__items[$this->__index($index)]); }
  public function offsetGet($index) { return $this->__items[$this->__checked($index)]; }
  public function offsetSet($index, $value) {
    if ($index === null) throw new Error('[] operator not supported for SplFixedArray');
    $this->__items[$this->__checked($index)] = $value;
  }
  public function offsetUnset($index) { $this->__items[$this->__checked($index)] = null; }
  public function count() { return \count($this->__items); }
  public function getSize() { return \count($this->__items); }
  public function setSize(int $size) {
    if ($size < 0) throw new ValueError('SplFixedArray::setSize(): Argument #1 ($size) must be greater than or equal to 0');
    $this->__items = \assay_resized($this->__items, $size);
    return true;
  }
  public function toArray() { return $this->__items; }
  public static function fromArray(array $array, bool $preserveKeys = true) {
    $made = new SplFixedArray;
    $most = -1;
    foreach ($array as $key => $value) {
      if (!\is_int($key) || $key < 0) { if ($preserveKeys) throw new InvalidArgumentException('array must contain only positive integer keys'); }
      elseif ($key > $most) $most = $key;
    }
    $made->setSize($preserveKeys ? $most + 1 : \count($array));
    if (!$preserveKeys) $array = \array_values($array);
    foreach ($array as $key => $value) $made->__items[$key] = $value;
    return $made;
  }
  public function getIterator() { return new ArrayIterator($this->__items); }
  public function jsonSerialize() { return $this->__items; }
}
)php";

}  // namespace

void add_array_classes(Builtins& builtins) {
  static const LatePrelude prelude(kArrayClasses);
  builtins.add_prelude(prelude);
}

}  // namespace assay::reference::php
