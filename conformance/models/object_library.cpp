#include "conformance/models/object_library.h"

namespace assay::conformance {

// Each property of PHP's that is compared has a name in the documentation: what var_dump() shows of such objects differs from
// version to version.
const std::string& object_library() {
  static const std::string text = R"PHP(<?php
use OPcache\VolatileCache as Cache;

trait Own {
  public $label = 'unset';
  private $hidden = ['unset'];
  public function labelled($label) {
    $this->label = $label;
    $this->hidden = [$label];
    return $this;
  }
  public function own() { return [$this->label, $this->hidden]; }
}
class OwnDate extends DateTime { use Own; }
class OwnFixedDate extends DateTimeImmutable { use Own; }
class OwnZone extends DateTimeZone { use Own; }
class OwnInterval extends DateInterval { use Own; }
class OwnPeriod extends DatePeriod { use Own; }
class OwnArray extends ArrayObject { use Own; }
class OwnIterator extends ArrayIterator { use Own; }
class OwnFixedArray extends SplFixedArray { use Own; }
class OwnQueue extends SplQueue { use Own; }
class OwnStorage extends SplObjectStorage { use Own; }

// Classes of programs: with private properties of parent and child that have one name, a typed property that is unset, hooks.
class Guarded {
  private $held = [];
  protected $last = 'none';
  public int $typed;
  public function hold($item) {
    $this->held[] = $item;
    $this->last = $item;
    return $this;
  }
  public function own() { return [$this->held, $this->last, isset($this->typed) ? $this->typed : 'unset']; }
}
class Shadowing extends Guarded {
  private $held = 'own';
  public function own() { return [$this->held, parent::own()]; }
}
class Serialized extends Guarded {
  private $kept = [];
  public function hold($item) {
    $this->kept[] = $item;
    return $this;
  }
  public function own() { return $this->kept; }
  public function __serialize(): array { return ['number' => count($this->kept), 'kept' => $this->kept]; }
  public function __unserialize(array $data): void { $this->kept = $data['kept']; }
}
class Sleeping extends Guarded {
  public $awake = 'yes';
  protected $kept = [];
  public function hold($item) {
    $this->kept[] = $item;
    return $this;
  }
  public function own() { return [$this->awake, $this->kept]; }
  public function __sleep() { return ['kept']; }
  public function __wakeup() { $this->awake = 'yes'; }
}

class Shape {
  private $seen = [];
  public static function of_value($value) {
    $shape = new self();
    return $shape->of($value);
  }
  public function of($value) {
    if (is_array($value)) return $this->pairs($value);
    if (!is_object($value)) return $value;
    foreach ($this->seen as $number => $object) {
      if ($object === $value) return 'again ' . $number;
    }
    $this->seen[] = $value;
    return [get_class($value), $this->state($value), method_exists($value, 'own') ? $this->of($value->own()) : null];
  }
  private function pairs($items) {
    $pairs = [];
    foreach ($items as $key => $item) $pairs[] = [$key, $this->of($item)];
    return $pairs;
  }
  private function state($value) {
    if ($value instanceof DateTimeInterface) return $this->date($value);
    if ($value instanceof DateTimeZone) return $value->getName();
    if ($value instanceof DateInterval) {
      return [$value->y, $value->m, $value->d, $value->h, $value->i, $value->s, $value->f, $value->invert, $value->days];
    }
    if ($value instanceof DatePeriod) return $this->period($value);
    if ($value instanceof ArrayObject) return [$value->getFlags(), $this->of($value->getArrayCopy())];
    if ($value instanceof ArrayIterator) return [$value->getFlags(), $this->of($value->getArrayCopy())];
    if ($value instanceof SplFixedArray) return $this->of($value->toArray());
    if ($value instanceof SplDoublyLinkedList) return [$value->getIteratorMode(), $this->pairs($value)];
    if ($value instanceof SplObjectStorage) return $this->storage($value);
    if ($value instanceof SplHeap) return $this->pairs(clone $value);
    if ($value instanceof SplPriorityQueue) return $this->pairs(clone $value);
    return $this->of(get_object_vars($value));
  }
  private function date($date) {
    return [$date->format('Y-m-d H:i:s.u'), $date->getTimezone()->getName(), $date->getOffset(), $date->getTimestamp()];
  }
  private function period($period) {
    $out = [$this->of($period->getStartDate()), $this->of($period->getEndDate()), $this->of($period->getDateInterval())];
    foreach ($period as $date) {
      $out[] = $date->format('Y-m-d H:i:s.u');
      if (count($out) > 8) break;
    }
    return $out;
  }
  private function storage($storage) {
    $out = [];
    foreach ($storage as $object) $out[] = [$this->of($object), $this->of($storage[$object])];
    return $out;
  }
}

function add_to($container, $item) {
  if ($container instanceof SplObjectStorage) {
    if (is_object($item)) {
      $container->attach($item, count($container));
    } else {
      $container->attach(new ArrayObject([$item]), $item);
    }
  } elseif ($container instanceof SplDoublyLinkedList) {
    $container->push($item);
  } elseif ($container instanceof SplFixedArray) {
    $size = $container->getSize();
    $container->setSize($size + 1);
    $container[$size] = $item;
  } elseif ($container instanceof SplPriorityQueue) {
    $container->insert($item, is_int($item) ? $item : 0);
  } elseif ($container instanceof SplHeap) {
    $container->insert($item);
  } elseif ($container instanceof ArrayObject) {
    $container->append($item);
  } elseif ($container instanceof ArrayIterator) {
    $container->append($item);
  } elseif ($container instanceof Guarded) {
    $container->hold($item);
  } elseif ($container instanceof stdClass) {
    $container->added = $item;
  }
  return $container;
}
function filled($container, $items) {
  foreach ($items as $item) add_to($container, $item);
  return $container;
}

// What a program goes on to do with a value: works with a copy as with the original.
function changed($value) {
  if (is_array($value)) {
    foreach ($value as $key => $item) $value[$key] = changed($item);
    return $value;
  }
  if ($value instanceof DateTime) {
    $value->setTime(23, 59, 58);
    $value->modify('+1 month');
  } elseif ($value instanceof DateTimeImmutable) {
    return $value->setDate(2024, 2, 29)->modify('+25 hours');
  } elseif ($value instanceof DateTimeZone) {
    return new DateTime('2024-07-01 12:00:00', $value);
  } elseif ($value instanceof DateInterval) {
    $start = new DateTimeImmutable('2024-01-31 12:00:00');
    return [$value, $start->add($value), $start->sub($value)];
  }
  return is_object($value) ? add_to($value, 'more') : $value;
}

function store_and_tell($key, $value) {
  $shape = Shape::of_value($value);
  $stored = Cache::set($key, $value);
  return ['stored', $key, $stored, $shape, Shape::of_value(changed($value))];
}
function fetch_and_tell($key) {
  $value = Cache::get($key, 'none');
  $shape = Shape::of_value($value);
  return ['fetched', $key, $shape, Shape::of_value(changed($value)), Shape::of_value(Cache::get($key, 'none'))];
}
)PHP";
  return text;
}

std::string object_script(const std::string& code) {
  return "<?php\nrequire_once __DIR__ . '/objects.php';\n" + code;
}

std::string store_and_tell(const std::string& key) {
  return "return store_and_tell('" + key + "', $value);\n";
}

std::string fetch_and_tell(const std::string& key) {
  return "return fetch_and_tell('" + key + "');\n";
}

}  // namespace assay::conformance
