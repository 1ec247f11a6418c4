#include "reference/php/library/standard_functions.h"

namespace assay::reference::php {
namespace {

// Binary heaps by arrays. Each class says by __order what goes above what: it asks compare(), which scripts may replace
// and which may throw.
constexpr std::string_view kHeapClasses = R"php(<?php
trait AssayHeap {
  private $__heap = [];
  private $__corrupted = false;
  private function __check($what) {
    if ($this->__corrupted) throw new RuntimeException('Heap is corrupted, heap properties are no longer ensured.');
    if ($what !== null && $this->__heap === []) throw new RuntimeException("Can't $what an empty heap");
  }
  private function __put($element) {
    $this->__check(null);
    $this->__heap[] = $element;
    $this->__corrupted = true;
    $this->__rise(\count($this->__heap) - 1, $element);
    $this->__corrupted = false;
    return true;
  }
  private function __rise($at, $element) {
    while ($at > 0) {
      $above = ($at - 1) >> 1;
      if ($this->__order($this->__heap[$above], $element) >= 0) break;
      $this->__heap[$at] = $this->__heap[$above];
      $this->__heap[$above] = $element;
      $at = $above;
    }
  }
  private function __take() {
    $first = $this->__heap[0];
    $last = \array_pop($this->__heap);
    if ($this->__heap === []) return $first;
    $this->__heap[0] = $last;
    $this->__corrupted = true;
    $this->__sink($last);
    $this->__corrupted = false;
    return $first;
  }
  private function __sink($element) {
    $count = \count($this->__heap);
    for ($at = 0; ($below = 2 * $at + 1) < $count; $at = $below) {
      if ($below + 1 < $count && $this->__order($this->__heap[$below + 1], $this->__heap[$below]) > 0) ++$below;
      if ($this->__order($element, $this->__heap[$below]) >= 0) break;
      $this->__heap[$at] = $this->__heap[$below];
      $this->__heap[$below] = $element;
    }
  }
  public function count() { return \count($this->__heap); }
  public function isEmpty() { return $this->__heap === []; }
  public function rewind() {}
  public function valid() { return $this->__heap !== []; }
  public function key() { return \count($this->__heap) - 1; }
  public function next() { if ($this->__heap !== []) $this->__take(); }
  public function isCorrupted() { return $this->__corrupted; }
  public function recoverFromCorruption() { $this->__corrupted = false; return true; }
}
abstract class SplHeap implements Iterator, Countable {
  use AssayHeap;
  abstract protected function compare($value1, $value2);
  private function __order($one, $other) { return $this->compare($one, $other); }
  public function insert($value) { return $this->__put($value); }
  public function extract() { $this->__check("extract from"); return $this->__take(); }
  public function top() { $this->__check("peek at"); return $this->__heap[0]; }
  public function current() { return $this->__heap === [] ? null : $this->__heap[0]; }
}
class SplMinHeap extends SplHeap { protected function compare($value1, $value2) { return $value2 <=> $value1; } }
class SplMaxHeap extends SplHeap { protected function compare($value1, $value2) { return $value1 <=> $value2; } }
class SplPriorityQueue implements Iterator, Countable {
  use AssayHeap;
  const EXTR_BOTH = 3; const EXTR_PRIORITY = 2; const EXTR_DATA = 1;
  private $__extracted = 1;
  public function compare($priority1, $priority2) { return $priority1 <=> $priority2; }
  private function __order($one, $other) { return $this->compare($one['priority'], $other['priority']); }
  private function __shown($element) {
    return $this->__extracted === 3 ? $element : $element[$this->__extracted === 2 ? 'priority' : 'data'];
  }
  public function insert($value, $priority) { return $this->__put(['data' => $value, 'priority' => $priority]); }
  public function extract() { $this->__check("extract from"); return $this->__shown($this->__take()); }
  public function top() { $this->__check("peek at"); return $this->__shown($this->__heap[0]); }
  public function current() { return $this->__heap === [] ? null : $this->__shown($this->__heap[0]); }
  public function setExtractFlags(int $flags) {
    if (($flags & 3) === 0) throw new RuntimeException('Must specify at least one extract flag');
    return $this->__extracted = $flags & 3;
  }
  public function getExtractFlags() { return $this->__extracted; }
}
)php";

}  // namespace

void add_heap_classes(Builtins& builtins) {
  static const LatePrelude prelude(kHeapClasses);
  builtins.add_prelude(prelude);
}

}  // namespace assay::reference::php
