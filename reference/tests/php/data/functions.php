<?php
echo early(2), "\n"; function early($x) { return $x * 2; }
function defaults($a, $b = 10, $c = [1, 2], $d = PHP_INT_SIZE . 'x', ...$rest) { return "$a $b " . count($c) . " $d " . implode('|', $rest); }
echo defaults(1), "\n", defaults(1, 2, [], 'd', 'r1', 'r2'), "\n", defaults(...[1, 2]), "\n", defaults(c: [1], a: 'named'), "\n";
function counter() { static $n = 0, $list = [1]; $n++; $list[] = $n; return $n . ':' . count($list); } echo counter(), counter(), counter(), "\n";
function fact($n) { return $n <= 1 ? 1 : $n * fact($n - 1); } echo fact(20), ' ', fact(21), "\n"; function fib($n) { return $n < 2 ? $n : fib($n - 1) + fib($n - 2); } echo fib(15), "\n";
function &refret(array &$a) { return $a[0]; } $arr = [1]; $r = &refret($arr); function swap(&$x, &$y) { [$x, $y] = [$y, $x]; } $p = 1; $q = 2; swap($p, $q); echo $p, $q, "\n";
$g = 'global'; function useglobal() { global $g; $g .= '!'; return isset($undefined) ? 'set' : $g; } echo useglobal(), $g, "\n";
$add = function ($x) use ($p, &$q) { $q++; return $x + $p; }; echo $add(5), $q, "\n"; $compose = fn($f, $g) => fn($x) => $f($g($x)); echo $compose('strtoupper', fn($s) => $s . $p)('abc'), "\n";
$name = 'fact'; echo $name(5), call_user_func('fact', 4), call_user_func_array($add, [10]), "\n"; function args() { return func_num_args() . implode(',', func_get_args()); } echo args(1, 'b', 3), "\n";
if (true) { function conditional() { return 'cond'; } } echo conditional(), function_exists('conditional') ? 'y' : 'n', function_exists('notyet') ? 'y' : 'n', "\n"; function outer() { function inner() { return 'inner'; } return 'outer'; } echo outer(), inner(), "\n";
$gen = function () { static $c = 0; return ++$c; }; echo $gen(), $gen(), "\n"; echo (function () { return implode(func_get_args()); })(1, 2), (fn() => 'arrow')(), "\n"; function typed(int $i, ?string $s = null, float $f = 1): string { return $i . ($s ?? 'null') . $f; } echo typed("5"), typed(1, 'a', 2), "\n";
function nothing() {} var_dump(nothing()); function bare() { return; } var_dump(bare()); var_dump(is_callable('fact'), is_callable('nope'), is_callable(fn() => 1)); function nested_static() { static $x = ['a' => 1]; $x['n'] = ($x['n'] ?? 0) + 1; return $x; } nested_static(); var_dump(nested_static());
function by_default_const($x = M_PI, $y = __FUNCTION__, $z = __LINE__) { return round($x) . $y . $z; } echo by_default_const(), "\n"; function vr(&...$refs) { foreach ($refs as &$r) $r++; } $v1 = 1; $v2 = 5; vr($v1, $v2); echo $v1, $v2, "\n"; echo implode(',', array_map(null ?? fn($x) => $x ** 2, [1, 2, 3])), "\n";
