--TEST--
Static cache, shown with APCu: what is fetched is a copy, and a store does not follow later changes
--EXTENSIONS--
apcu
--INI--
apc.enable_cli=1
--FILE--
<?php
$value = ['a' => [1, 2], 'b' => 'text'];
apcu_store('key', $value);
$value['a'][] = 3;
$fetched = apcu_fetch('key', $found);
$fetched['b'] = 'changed';
var_dump($found, apcu_fetch('key') === ['a' => [1, 2], 'b' => 'text']);
var_dump(apcu_delete('key'), apcu_exists('key'), apcu_fetch('key', $found), $found);
?>
--EXPECT--
bool(true)
bool(true)
bool(true)
bool(false)
bool(false)
bool(false)
