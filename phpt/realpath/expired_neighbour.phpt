--TEST--
RP-SIZE-04, RP-ENT-13: an expired entry is freed only by a walk of its bucket, also by one that finds nothing
--INI--
realpath_cache_ttl=-1
--FILE--
<?php
clearstatcache(true);
realpath('/usr');
realpath('/etc');
print_r(array_keys(realpath_cache_get()));
var_dump(realpath('/assay-aej'));  // in the bucket of /usr
print_r(array_keys(realpath_cache_get()));
?>
--EXPECT--
Array
(
    [0] => /usr
    [1] => /etc
)
bool(false)
Array
(
    [0] => /etc
)
