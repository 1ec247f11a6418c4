--TEST--
PL-REQ-05: an invalidated preloaded file keeps its class and cannot be included any more
--EXTENSIONS--
opcache
--INI--
opcache.enable_cli=1
opcache.preload={PWD}/invalidated.inc
opcache.preload_user=root
--FILE--
<?php
$file = __DIR__ . '/invalidated_file.inc';
var_dump(opcache_is_script_cached($file), opcache_invalidate($file), opcache_is_script_cached($file));
var_dump(Invalidated::C);
include $file;
echo "not reached\n";
?>
--EXPECTF--
bool(true)
bool(true)
bool(false)
int(1)

Fatal error: Cannot declare class Invalidated, because the name is already in use in %sinvalidated_file.inc on line 2
