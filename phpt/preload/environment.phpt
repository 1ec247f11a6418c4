--TEST--
PL-CFG-11, PL-ERR-01, PL-ERR-07: the cache is off for the preload script, which compiles all the same
--EXTENSIONS--
opcache
--INI--
opcache.enable_cli=1
opcache.preload={PWD}/environment.inc
opcache.preload_user=root
--FILE--
<?php
var_dump(opcache_get_status(false)['opcache_enabled'], from_environment_file());
?>
--EXPECTF--
bool(false)
bool(false)
bool(false)
bool(false)
string(3) "cli"
bool(true)

Warning: PHP Startup: Failed to open stream: No such file or directory in %senvironment.inc on line 4

Warning: PHP Startup: Failed opening '%sno_such_file.inc' for inclusion %s in %senvironment.inc on line 4
bool(true)
int(1)
