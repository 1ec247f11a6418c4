--TEST--
RP-CLR-03: clearstatcache(true, f) removes the one entry whose raw path is f
--FILE--
<?php
clearstatcache(true);
realpath('/usr/share');
foreach (['/usr/share/', '/usr/./share', 'usr', ''] as $other) clearstatcache(true, $other);
print_r(array_keys(realpath_cache_get()));
clearstatcache(true, '/usr');
print_r(array_keys(realpath_cache_get()));
try {
  clearstatcache(true, "/usr\0");
} catch (ValueError $error) {
  echo get_class($error), "\n";
}
?>
--EXPECT--
Array
(
    [0] => /usr
    [1] => /usr/share
)
Array
(
    [0] => /usr/share
)
ValueError
