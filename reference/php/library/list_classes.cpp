#include "reference/php/library/standard_functions.h"

namespace assay::reference::php {
namespace {

// A list by an array. What is last in, first out counts from the end. Bit 4 of the mode: its direction is fixed.
constexpr std::string_view kListClasses = R"php(<?php
class SplDoublyLinkedList implements Iterator, Countable, ArrayAccess {
  const IT_MODE_LIFO = 2; const IT_MODE_FIFO = 0; const IT_MODE_DELETE = 1; const IT_MODE_KEEP = 0;
  private $__items = [];
  private $__at = 0;
  protected $__mode = 0;
  private function __fail($what) { throw new RuntimeException("Can't $what an empty datastructure"); }
  private function __place($index, $method, $most) {
    if ($index < 0 || $index > $most) throw new OutOfRangeException("SplDoublyLinkedList::$method(): Argument #1 (\$index) is out of range");
    return ($this->__mode & 2) !== 0 ? \count($this->__items) - 1 - $index : $index;
  }
  public function push($value) { $this->__items[] = $value; }
  public function unshift($value) { $this->__items = \array_merge([$value], $this->__items); }
  public function pop() { return $this->__items === [] ? $this->__fail('pop from') : \array_pop($this->__items); }
  public function shift() { return $this->__items === [] ? $this->__fail('shift from') : \array_shift($this->__items); }
  public function top() { return $this->__items === [] ? $this->__fail('peek at') : $this->__items[\count($this->__items) - 1]; }
  public function bottom() { return $this->__items === [] ? $this->__fail('peek at') : $this->__items[0]; }
  public function isEmpty() { return $this->__items === []; }
  public function count() { return \count($this->__items); }
  public function setIteratorMode(int $mode) {
    if (($this->__mode & 4) !== 0 && ($this->__mode & 2) !== ($mode & 2))
      throw new RuntimeException("Iterators' LIFO/FIFO modes for SplStack/SplQueue objects are frozen");
    return $this->__mode = ($mode & 3) | ($this->__mode & 4);
  }
  public function getIteratorMode() { return $this->__mode; }
  public function offsetExists($index) { return $index >= 0 && $index < \count($this->__items); }
  public function offsetGet(int $index) { return $this->__items[$this->__place($index, 'offsetGet', \count($this->__items) - 1)]; }
  public function offsetSet(?int $index, $value) {
    if ($index === null) $this->__items[] = $value;
    else $this->__items[$this->__place($index, 'offsetSet', \count($this->__items) - 1)] = $value;
  }
  public function offsetUnset(int $index) {
    unset($this->__items[$this->__place($index, 'offsetUnset', \count($this->__items) - 1)]);
    $this->__items = \array_values($this->__items);
  }
  public function add(int $index, $value) {
    $count = \count($this->__items);
    $at = $this->__place($index, 'add', $count);
    if ($index === $count) { $this->__items[] = $value; return; }
    $this->__items = \array_merge(\array_slice($this->__items, 0, $at), [$value], \array_slice($this->__items, $at));
  }
  public function rewind() { $this->__at = ($this->__mode & 2) !== 0 ? \count($this->__items) - 1 : 0; }
  public function valid() { return $this->__at >= 0 && $this->__at < \count($this->__items); }
  public function current() { return $this->valid() ? $this->__items[$this->__at] : null; }
  public function key() { return $this->__at; }
  public function next() {
    if (($this->__mode & 1) === 0) { $this->__at += ($this->__mode & 2) !== 0 ? -1 : 1; return; }
    if ($this->__items === []) return;
    if (($this->__mode & 2) === 0) { \array_shift($this->__items); return; }
    \array_pop($this->__items);
    --$this->__at;
  }
  public function prev() { $this->__at += ($this->__mode & 2) !== 0 ? 1 : -1; }
}
class SplQueue extends SplDoublyLinkedList {
  protected $__mode = 4;
  public function enqueue($value) { parent::push($value); }
  public function dequeue() { return parent::shift(); }
}
class SplStack extends SplDoublyLinkedList { protected $__mode = 6; }
)php";

}  // namespace

void add_list_classes(Builtins& builtins) {
  static const LatePrelude prelude(kListClasses);
  builtins.add_prelude(prelude);
}

}  // namespace assay::reference::php
