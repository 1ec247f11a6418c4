--TEST--
RP-KEY-04, RP-ENT-11: a bucket is listed newest first, and colliding paths keep their answers
--FILE--
<?php
clearstatcache(true);
var_dump(realpath('/usr'), realpath('/.//./////./usr'), realpath('/usr//././././///share'), realpath('/usr'));
print_r(array_keys(realpath_cache_get()));
?>
--EXPECT--
string(4) "/usr"
string(4) "/usr"
string(10) "/usr/share"
string(4) "/usr"
Array
(
    [0] => /usr//././././///share
    [1] => /.//./////./usr
    [2] => /usr
)
