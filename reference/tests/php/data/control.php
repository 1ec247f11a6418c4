<?php
for ($i = 0, $j = 10; $i < 5; $i++, $j--) { if ($i == 1) continue; if ($i == 4) break; echo "$i-$j "; }
$i = 0; while (true) { if (++$i > 5) break; if ($i % 2) continue; echo $i; } do { echo $i--; } while ($i > 3); echo "\n";
foreach ([1, 2, 3] as $v) foreach (['a', 'b'] as $w) { if ($v == 2) continue 2; if ($w == 'b' && $v == 3) break 2; echo $v, $w, ' '; } echo "\n";
foreach (['x' => 1, 'y' => 2] as $k => $v): echo "$k=$v,"; endforeach; if ($v == 1): echo 'one'; elseif ($v == 2): echo 'two'; else: echo 'other'; endif; echo "\n";
for ($i = 0; $i < 2; $i++): echo $i; endfor; while ($i-- > 0): echo 'w'; endwhile; switch ($v): case 2: echo 'sw'; endswitch; echo "\n";
function sw($x) { switch ($x) { case 1: echo 'one '; case 2: echo 'two '; break; case 'a': return 'returned'; default: echo 'default '; case 9: echo 'nine '; } return 'end'; }
foreach ([1, 2, 'a', 5, 9, '1'] as $x) echo sw($x), "\n";
$a = [1, 2, 3]; foreach ($a as $k => &$r) { $r *= 10; if ($k == 0) $a[] = 4; } unset($r); var_dump($a);
$a = [1, 2, 3]; foreach ($a as $k => $v) { $a[] = $v; unset($a[$k]); } var_dump($a);
foreach ([[1, [2, 3]], [4, [5, 6]]] as [$p, [$q, $r]]) echo $p, $q, $r, ' '; foreach ([['a' => 1]] as ['a' => $z]) echo $z; echo "\n";
if (0) echo 'no'; else if (1) echo 'elseif'; else echo 'no'; echo "\n";
function finder($list, $needle) { foreach ($list as $k => $v) { if ($v === $needle) return $k; } return null; } var_dump(finder(['a', 'b'], 'b'), finder([], 1));
for (;;) { break; } for ($i = 0; $i < 3; $i++); echo $i, "\n"; $i = 10; { $i++; } echo $i, "\n";
echo match($i) { 1, 2 => 'low', 11 => 'eleven', default => 'other' }, match(true) { $i > 100 => 'big', $i > 10 => 'mid' }, "\n";
switch (3) { case 3: for ($k = 0; $k < 3; $k++) { if ($k == 1) continue 2; echo $k; } echo 'never'; } echo "\n";
