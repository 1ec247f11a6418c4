<?php
$x = 1;
$a = [-5 => 'a', 'b']; $b = $a; $b[] = 'c'; print_r($a); print_r($b);
$a = [-5 => $x, 'b']; $a[] = 'z'; print_r($a);
print_r([-10 => 'c', -5 => 'a', 'b']); print_r([-5 => 'a', -10 => 'c', 'b']); print_r(['q', -5 => 'a', 'b']);
$a = []; $a[-5] = 'a'; $a[] = 'b'; print_r($a);
$a = ['x' => 1]; $a[-5] = 'a'; $a[] = 'b'; print_r($a);
unset($a); $a[-9] = 1; $a[] = 2; print_r($a);
$a = [-1 => 'a']; array_push($a, 'b', 'c'); print_r($a);
$a = [PHP_INT_MAX => 1]; try { $a[] = 2; } catch (Error $e) { echo $e->getMessage(), "\n"; }
