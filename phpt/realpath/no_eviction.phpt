--TEST--
RP-SIZE-02, RP-SIZE-03: equality admits, nothing is evicted, a cheaper entry may still get in
--INI--
realpath_cache_size=110
--FILE--
<?php
clearstatcache(true);
var_dump(realpath('/usr'), realpath('/usr/share'), realpath('/usr/bin'), realpath_cache_size());
print_r(array_map(fn($entry) => $entry['realpath'], array_values(realpath_cache_get())));
?>
--EXPECT--
string(4) "/usr"
string(10) "/usr/share"
string(8) "/usr/bin"
int(110)
Array
(
    [0] => /usr
    [1] => /usr/bin
)
