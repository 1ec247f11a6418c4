<?php
class D {
  public $name; public $inner;
  public function __construct($name, $inner = null) { $this->name = $name; $this->inner = $inner; }
  public function __destruct() { echo $this->name, ' '; }
}
class Heir extends D { public function __destruct() { echo 'heir of '; parent::__destruct(); } }
class Revived extends D { public static $kept; public function __destruct() { echo 'once '; self::$kept = $this; } }
class Throwing extends D { public function __destruct() { throw new Exception($this->name); } }
$a = new D('a'); unset($a); echo "unset\n";
$a = new D('first'); $a = new D('second'); $a = null; echo "assigned\n";
new D('unused'); echo "expression\n";
$a = new D('outer', new D('inner')); $a = null; echo "nested\n";
$a = [new D('1'), 'x' => new D('2'), [new D('3')]]; $b = $a; $a = null; echo "shared "; $b = null; echo "array\n";
$a = new Heir('h'); $a = null; echo "inherited\n";
$a = new Revived('r'); $a = null; echo get_class(Revived::$kept), ' '; Revived::$kept = null; echo "revived\n";
function local() { $d = new D('local'); unset($d); return 'returned'; }
$x = local(); echo $x, "\n";
function passed($d) { $d = null; return 5; }
$d = new D('passed'); $x = passed($d); echo $x, ' '; unset($d); echo "\n";
for ($i = 0; $i < 3; $i++) { $d = new D("loop$i"); } unset($d); echo "loop\n";
try { $t = new Throwing('thrown'); unset($t); echo "not reached"; } catch (Exception $e) { echo $e->getMessage(), " caught\n"; }
$c = clone ($a = new D('cloned')); $a = null; $c = null; echo "clone\n";
foreach ([new D('f1'), new D('f2')] as $each) { echo '. '; } unset($each); echo "foreach\n";
