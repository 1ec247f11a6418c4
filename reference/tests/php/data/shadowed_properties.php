<?php
class Base {
  private $held = 'base';
  protected $guarded = 'guarded';
  public $open = 1;
  public function baseHeld() { return $this->held; }
  public function setBase($value) { $this->held = $value; return $this; }
  public function unsetBase() { unset($this->held); }
  public function hasBase() { return isset($this->held); }
  public function baseSees() { return get_object_vars($this); }
  public function others(Base $other) { return $other->held; }
}
class Middle extends Base {
  private $held = ['middle'];
  public function middleHeld() { return $this->held; }
  public function append($value) { $this->held[] = $value; return $this; }
  public function middleSees() { $seen = []; foreach ($this as $name => $value) $seen[$name] = $value; return $seen; }
}
class Open extends Middle {
  public $held = 'open';
}
class Inherits extends Base {
  public function reach() { return $this->held ?? 'not there'; }
  public function make() { $this->held = 'dynamic'; return $this->held; }
}

$o = (new Open)->setBase('changed')->append(2);
echo $o->held, ' ', $o->baseHeld(), ' ', json_encode($o->middleHeld()), "\n";
$o->held = 'written';
echo $o->held, ' ', $o->baseHeld(), ' ', json_encode($o->middleHeld()), "\n";
echo json_encode($o), "\n";
print_r($o->baseSees());
print_r($o->middleSees());
print_r(get_object_vars($o));
foreach ($o as $name => $value) echo $name, '=', $value, "\n";
print_r($o);
var_dump($o);
$o->unsetBase();
var_dump($o->hasBase(), isset($o->held), $o->held, $o->middleHeld());
$c = clone $o;
$c->append(3)->setBase('of the clone');
echo json_encode([$o->middleHeld(), $c->middleHeld(), $o->hasBase(), $c->baseHeld()]), "\n";
echo (new Base)->others($c), "\n";
$m = new Middle;
echo isset($m->held) ? 'seen' : 'not seen', "\n";
try {
  echo $m->held;
} catch (Error $e) {
  echo $e->getMessage(), "\n";
}
$i = new Inherits;
echo $i->reach(), "\n";
echo $i->baseHeld(), "\n";
