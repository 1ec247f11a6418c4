--TEST--
SC-SEG-09, SC-LIF-03: without a cache the control functions are false and silent
--EXTENSIONS--
opcache
--INI--
opcache.enable_cli=0
--FILE--
<?php
var_dump(opcache_get_status(), opcache_reset(), opcache_invalidate(__FILE__, true), opcache_is_script_cached(__FILE__));
var_dump(opcache_compile_file(__FILE__));
?>
--EXPECTF--
bool(false)
bool(false)
bool(false)
bool(false)

Notice: Zend OPcache has not been properly started, can't compile file in %soff.php on line 3
bool(false)
