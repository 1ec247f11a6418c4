<?php
$a = []; $a[] = 1; $a['x']['y'][] = 2; $a['x']['y'][] = 3; $a[10] = 'ten'; $a[] = 'eleven'; unset($a[11]); $a[] = 'twelve'; var_dump($a);
$b = $a; $b['x']['y'][0] = 'changed'; echo $a['x']['y'][0], $b['x']['y'][0], "\n";
function modify($arr) { $arr[] = 'local'; return count($arr); } echo modify($a), count($a), "\n";
function modify_ref(&$arr) { $arr[] = 'ref'; } modify_ref($b); echo count($b), "\n"; modify_ref($new['fresh']); var_dump($new);
list($p, , $q) = [1, 2, 3]; ['k' => $r, 'm' => [$s]] = ['k' => 'v', 'm' => ['n']]; [$p, $q] = [$q, $p]; echo "$p$q$r$s\n";
var_dump([...[1, 2], ...['a' => 3], 4], count([1, [2, 3]], COUNT_RECURSIVE), in_array('1', [1, 2]), in_array('1', [1, 2], true), array_keys(['a' => 1, 5 => 2]), array_values(['a' => 1]));
var_dump(array_merge([1, 2], ['a' => 1], [3]), [1, 2] + [5, 6, 7], array_key_exists('a', ['a' => null]), isset($a['nope']), isset($a['x']['y'][0]), empty($a['x']), empty($zzz), array_search(2, [1, 2]));
var_dump(array_map(fn($x) => $x * 2, ['a' => 1, 'b' => 2]), array_filter([1, 0, 2, null]), array_slice([1, 2, 3, 4], 1, 2), array_slice(['a' => 1, 5 => 2, 6 => 3], 1), array_reverse(['x' => 1, 2, 3]), array_sum([1, 2.5, '3']), range(1, 4), range(5, 1, 2), array_flip(['a', 'b']), array_unique([1, '1', 2]));
$st = [3, 1, 2]; sort($st); echo implode(',', $st); rsort($st); echo implode(',', $st); $ks = ['b' => 1, 'a' => 2]; ksort($ks); echo implode(',', array_keys($ks)); array_push($st, 9, 8); echo array_pop($st), array_shift($st), implode(',', $st), max(1, 5, 3), min([4, 2]), "\n";
$c = [1, 2]; $d = &$c[0]; $e = $c; $d = 'via ref'; var_dump($c, $e); unset($d);
$x = ['a' => ['b' => 1]]; $ref = &$x['a']['b']; $ref++; echo $x['a']['b'], "\n"; $m = [[1, 2], [3, 4]]; foreach ($m as &$row) foreach ($row as &$cell) $cell *= 2; unset($row, $cell); echo json_encode($m), "\n";
var_dump(array_key_first(['q' => 1]), array_key_last([1, 2]), array_is_list([1, 2]), array_is_list([1 => 1]), array_fill(5, 2, 'x')); $i = 0; $o = []; $o[$i++] = $i++; var_dump($o, $i);
print_r([1, 'a' => [true, null, 1.5]]); echo print_r('s', true), "\n"; var_export([1, 'a' => [true, null, 1.0, 'q\'uote'], -0.5]); echo "\n"; echo json_encode(['a' => 1, 'b' => [1, 2.5, null, "x\"y/\n"], 'c' => []]), "\n"; var_dump($a == $b, "a" . implode('', []) );

// By a callback.
$words = ['x' => 'ccc', 'y' => 'a', 'z' => 'bb', 'w' => 'dd', 'v' => 'e'];
$by_length = fn($one, $other) => strlen($one) <=> strlen($other);
$list = $words;
usort($list, $by_length);
echo json_encode($list);
uasort($words, $by_length);
echo json_encode($words);
uksort($words, fn($one, $other) => $other <=> $one);
echo json_encode($words), "\n";
$numbers = range(1, 20);
usort($numbers, fn($one, $other) => [$one % 3, -$one] <=> [$other % 3, -$other]);
echo json_encode($numbers), "\n";
try {
  usort($numbers, function () { throw new LogicException('no order'); });
} catch (LogicException $e) {
  echo $e->getMessage(), count($numbers), "\n";
}
