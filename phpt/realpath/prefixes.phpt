--TEST--
RP-ENT-01, RP-SIZE-01: one entry for each prefix, at 48 bytes and its path
--FILE--
<?php
clearstatcache(true);
var_dump(realpath_cache_size(), realpath('/'), realpath_cache_size());
var_dump(realpath('/usr/share'), array_keys(realpath_cache_get()), realpath_cache_size());
?>
--EXPECT--
int(0)
string(1) "/"
int(0)
string(10) "/usr/share"
array(2) {
  [0]=>
  string(4) "/usr"
  [1]=>
  string(10) "/usr/share"
}
int(112)
