<?php
echo $undefined;
$a = []; echo $a['k'], $a[3];
echo "x"[5];
$n = null; echo $n->p, $n['i'];
echo [] . "\n";
foreach (5 as $x) {}
echo "5 apples" + 1, "\n";
class A {} $o = new A; $o->dyn = 1; echo $o->nope;
const X = 1; const X = 2; define('X', 3); var_dump(define('Y', 1), Y, defined('Y'), defined('Z'), constant('Y'));
echo @$silent, @$a['silent'], "quiet\n";
$f = false; $f[] = 1; var_dump($a[1.5] ?? 'x'); $a[1.5] = 1; [$p, $q] = [1]; list('z' => $z) = []; [$r] = null; var_dump($q, $r); $undef .= 'x'; $undef2++; $arr['n']++; $arr['m'] .= 'y';
function f($x) { return $y; } f(1); strlen(null); (function($a = 1, $b) {})(1, 2); echo (string)1.0, "\n"; $s = 'abc'; var_dump($s['x'] ?? 'nostr', isset($s[1]), isset($s['1']), isset($s[9]));
