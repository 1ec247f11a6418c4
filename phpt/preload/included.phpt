--TEST--
PL-REQ-01, PL-REQ-02, PL-REQ-11: a preloaded file that is included runs again and declares nothing twice
--EXTENSIONS--
opcache
--INI--
opcache.enable_cli=1
opcache.preload={PWD}/included.inc
opcache.preload_user=root
--FILE--
<?php
var_dump(include __DIR__ . '/included_file.inc', include __DIR__ . '/included_file.inc');
$keys = fn() => opcache_get_status(false)['opcache_statistics']['num_cached_keys'];
$before = $keys();
var_dump(include __DIR__ . '/./included_file.inc', $keys() - $before);
var_dump(Included::C, included());
?>
--EXPECT--
run
run
int(7)
int(7)
run
int(7)
int(1)
int(1)
string(1) "f"
