--TEST--
PL-ERR-03: a preload script that exits ends the start
--EXTENSIONS--
opcache
--INI--
opcache.enable_cli=1
opcache.preload={PWD}/ended.inc
opcache.preload_user=root
--FILE--
<?php
echo "not reached\n";
?>
--EXPECT--
begins
