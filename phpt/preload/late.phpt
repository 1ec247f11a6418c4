--TEST--
PL-LNK-04: constants that are unknown while preloading are looked up by each request
--EXTENSIONS--
opcache
--INI--
opcache.enable_cli=1
opcache.preload={PWD}/late.inc
opcache.preload_user=root
--FILE--
<?php
define('LATE_VALUE', 'of this request');
var_dump(Late::C, (new Late)->p, Late::$s);
?>
--EXPECT--
string(15) "of this request"
string(15) "of this request"
string(15) "of this request"
