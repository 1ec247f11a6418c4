--TEST--
PL-REQ-02: the first include_once of a preloaded file runs it, a later one does not
--EXTENSIONS--
opcache
--INI--
opcache.enable_cli=1
opcache.preload={PWD}/once.inc
opcache.preload_user=root
--FILE--
<?php
var_dump(class_exists('Once', false));
var_dump(include_once __DIR__ . '/once_file.inc', include_once __DIR__ . '/once_file.inc', require_once __DIR__ . '/once_file.inc');
?>
--EXPECT--
bool(true)
run
int(7)
bool(true)
bool(true)
