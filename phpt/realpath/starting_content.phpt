--TEST--
RP-LIFE-08: a script given as a file starts with its own path and prefixes cached
--FILE--
<?php
$cached = array_keys(realpath_cache_get());
for ($path = __FILE__; $path !== '/'; $path = dirname($path)) $expected[] = $path;
sort($cached);
sort($expected);
var_dump($cached === $expected);
?>
--EXPECT--
bool(true)
