<?php
var_dump(7 + 3, 7 - 10, 7 * 3, 7 / 2, 8 / 2, 7 % 3, -7 % 3, 2 ** 10, 2 ** -1, 2 ** 0.5, 7.5 + 1, 10 ** 20, -2 ** 2);
var_dump(PHP_INT_MAX + 1, PHP_INT_MIN - 1, PHP_INT_MAX * 2, -PHP_INT_MAX - 1);
var_dump(5 & 3, 5 | 3, 5 ^ 3, ~5, 1 << 3, -16 >> 2, 1 << 64, 1 << 63);
var_dump("5" + "6", "1.5" + 1, "10" * "2", true + 1, null + 5, +"3", -"3.5");
var_dump(1 == 1.0, "1" == "01", "10" == "1e1", 100 == "1e2", "abc" == 0, null == false, [] == false, "0" == false, "" == null, "a" == "a ");
var_dump([1, 2] == [2 => 1], ['a' => 1, 'b' => 2] == ['b' => 2, 'a' => 1], [1, 2] === [1, 2], ['a' => 1, 'b' => 2] === ['b' => 2, 'a' => 1]);
var_dump(1 <=> 2, "a" <=> "b", [1, 2] <=> [1, 3], 2.5 <=> 2.5, "10" < "9", "10" < "9a", 1 < 2, 2 >= 2, "abc" < "abd", null < 1, [1, 2, 3] > [4]);
var_dump(true && false, true || false, !true, true xor true, true and false, false or true);
$x = true and false; var_dump($x);
var_dump(1 + 2 . "3" + 4, 2 + 3 * 4 ** 2, !1 == 0, 1 + 1 . '', 10 - 5 - 2, 2 ** 3 ** 2, -3 ** 2, 7 . '', 1 <=> 2 == -1);
var_dump(null ?? 'd', $undef ?? 'u', $undef['a']['b'] ?? 'deep', 0 ?: 'falsy', 5 ?: 6, true ? 'a' : 'b', (false ? 1 : false) ? 2 : 3);
$a = 5; $a += 2; $a -= 1; $a *= 3; $a /= 2; $a **= 2; $a %= 50; $a .= 'x'; var_dump($a); $b = 6; $b &= 3; $b |= 8; $b ^= 1; $b <<= 2; $b >>= 1; var_dump($b); $n = null; $n ??= 'set'; $n ??= 'again'; var_dump($n);
$i = 5; var_dump($i++, $i, ++$i, $i--, --$i); $z = null; $z++; var_dump($z); $z = null; $z--; var_dump($z); $f = 1.5; $f++; var_dump($f); $s = "5"; $s++; var_dump($s); $m = PHP_INT_MAX; $m++; var_dump($m);
var_dump((int)"12abc", (int)12.9, (float)"1.5e3x", (string)1.0, (bool)"0", (bool)[], (array)"a", (int)null, (string)false, (bool)0.0, (int)"  7", (array)null);
var_dump((object)['a' => 1], intdiv(7, 2), 7 <=> "7", "abc" == "ABC", 1.5 + 1.5, 0.1 + 0.7, 1e3, (int)1e19);
print("printed\n"); echo print('') + 1, "\n";
