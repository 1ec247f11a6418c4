<?php
#[Attribute(Attribute::TARGET_CLASS)]
class Marker { public function __construct(public int $ttl = 0, public $more = []) {} }
#[Marker(ttl: 5, more: ['a' => 1])]
class Marked { #[Marker] public static $x = 1; #[Marker(1), Marker(2)] public $y = 2; #[Marker] const Z = 3; #[Marker] public function m(#[SensitiveParameter] $p = 1) { return $p; } }
# a comment
#[Marker] function marked() { return 'fn'; } $c = #[Marker] fn() => 'arrow'; echo Marked::$x, (new Marked)->y, Marked::Z, (new Marked)->m(), marked(), $c(), "\n";
