<?php
// What SC-PER-02 speaks of: run again in a new request, all this starts anew.
const LIST_OF = [1, 2, [3]]; class Holder { public static $n = 10; public static $list = ['a' => [1]]; public $own = [1]; const C = [1]; static function bump() { static $calls = 0, $arr = ['x' => []]; $arr['x'][] = ++$calls; self::$n++; self::$list['a'][] = self::$n; return [$calls, count($arr['x']), self::$n, count(self::$list['a'])]; } } function counter() { static $n = 0; return ++$n; }
for ($i = 0; $i < 3; $i++) { $copy = LIST_OF; $copy[] = $i; $copy[2][] = $i; $lit = [1, ['x' => 2]]; $lit[1]['x']++; $lit[] = 3; $o = new Holder; $o->own[] = $i; $d = Holder::C; $d[] = 1; echo json_encode([Holder::bump(), counter(), $copy, $lit, $o->own, $d, LIST_OF]), "\n"; }
