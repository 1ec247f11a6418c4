<?php
class A { private $p = 1; protected $q = 2; private function pm() {} protected static function ps() {} private static $sp; private const PC = 1; public readonly int $ro; function __construct() { $this->ro = 1; } function inst() {} } abstract class Abs { abstract static function m(); } interface If1 {}
$tests = [fn() => (new A)->p, fn() => (new A)->q, fn() => (new A)->pm(), fn() => A::ps(), fn() => A::$sp, fn() => A::PC, function () { $a = new A; $a->ro = 5; }, fn() => A::inst(), fn() => A::nope(), fn() => (new A)->nope(), fn() => A::$nope, fn() => A::NOPE, fn() => new Abs, fn() => new If1, fn() => Abs::m(), fn() => (5)->m(), fn() => Nope::X, fn() => clone 5, fn() => throw new A, function () { $x = 5; $x[] = 1; }, function () { $x = 'str'; $x[] = 1; }, function () { $x = null; $x->p = 1; }, fn() => "abc"->x(), function () { return $this; }, fn() => new stdClass . 'x', fn() => str_repeat('x', -1), fn() => implode(5, 5), fn() => "abc" * 2, fn() => 1 << -1];
foreach ($tests as $i => $t) { try { $t(); echo "$i no error\n"; } catch (Throwable $e) { echo $i, ' ', get_class($e), ': ', $e->getMessage(), "\n"; } }

// A private property of a class in an object of its heir.
class Holding {
  private $kept = ['a' => 1, 'b' => null];
  public function has($key) { return isset($this->kept[$key]); }
  public function drop($key) { unset($this->kept[$key]); return count($this->kept); }
  public function all() { return get_object_vars($this); }
}
class HoldingMore extends Holding {
  public $own = 1;
  public function variables() { return get_object_vars($this); }
  public function seen() { return isset($this->kept); }
}
$more = new HoldingMore;
var_dump($more->has('a'), $more->drop('a'), $more->all(), $more->variables(), $more->seen());
