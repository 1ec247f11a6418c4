--TEST--
RP-KEY-01, RP-KEY-03: keys are 64-bit FNV-1 hashes, shown as a float where they exceed the largest integer
--INI--
serialize_precision=17
--FILE--
<?php
clearstatcache(true);
realpath('/usr/share');
realpath('/usr/./share');
$entries = realpath_cache_get();
var_dump($entries['/usr']['key'], $entries['/usr/share']['key'], $entries['/usr/./share']['key']);
?>
--EXPECT--
float(1.6709846468608512E+19)
int(6535054275978418810)
int(6432273064945460461)
