#include "reference/php/library/standard_functions.h"

namespace assay::reference::php {
namespace {

// A list of [object, what goes with it], searched by identity: ids are others where a stored one is fetched.
constexpr std::string_view kStorageClasses = R"php(<?php
class SplObjectStorage implements Countable, Iterator, ArrayAccess {
  private $__entries = [];
  private $__place = 0;
  private $__index = 0;
  private function __set($object, $info) {
    $at = \assay_entry_of($this->__entries, $object);
    if ($at === null) $this->__entries[] = [$object, $info]; else $this->__entries[$at][1] = $info;
  }
  private function __remove($object) {
    $at = \assay_entry_of($this->__entries, $object);
    if ($at !== null) unset($this->__entries[$at]);
  }
  public function attach(object $object, $info = null) { $this->__set($object, $info); }
  public function detach(object $object) { $this->__remove($object); }
  public function contains(object $object) { return \assay_entry_of($this->__entries, $object) !== null; }
  public function offsetExists($object) { return \assay_entry_of($this->__entries, $object) !== null; }
  public function offsetGet(object $object) {
    $at = \assay_entry_of($this->__entries, $object);
    if ($at === null) throw new UnexpectedValueException('Object not found');
    return $this->__entries[$at][1];
  }
  public function offsetSet(object $object, $info = null) { $this->__set($object, $info); }
  public function offsetUnset(object $object) { $this->__remove($object); }
  public function addAll(SplObjectStorage $storage) {
    foreach ($storage->__entries as $entry) $this->__set($entry[0], $entry[1]);
    return \count($this->__entries);
  }
  public function removeAll(SplObjectStorage $storage) {
    foreach ($storage->__entries as $entry) $this->__remove($entry[0]);
    return \count($this->__entries);
  }
  public function removeAllExcept(SplObjectStorage $storage) {
    foreach ($this->__entries as $entry) { if (\assay_entry_of($storage->__entries, $entry[0]) === null) $this->__remove($entry[0]); }
    return \count($this->__entries);
  }
  public function count(int $mode = 0) { return \count($this->__entries); }
  public function rewind() { $this->__place = \assay_array_next($this->__entries, -1); $this->__index = 0; }
  public function valid() { return \assay_array_has($this->__entries, $this->__place); }
  public function key() { return $this->__index; }
  public function current() {
    if (!$this->valid()) throw new RuntimeException('Called current() on invalid iterator');
    return \assay_array_value($this->__entries, $this->__place)[0];
  }
  public function next() {
    if (!$this->valid()) return;
    $this->__place = \assay_array_next($this->__entries, $this->__place);
    ++$this->__index;
  }
  public function getInfo() { return $this->valid() ? \assay_array_value($this->__entries, $this->__place)[1] : null; }
  public function setInfo($info) { if ($this->valid()) $this->__entries[\assay_array_key($this->__entries, $this->__place)][1] = $info; }
}
)php";

}  // namespace

void add_storage_classes(Builtins& builtins) {
  static const LatePrelude prelude(kStorageClasses);
  builtins.add_prelude(prelude);
}

}  // namespace assay::reference::php
