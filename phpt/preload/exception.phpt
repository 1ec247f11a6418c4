--TEST--
PL-ERR-02: an uncaught exception of the preload script ends the start, and no program runs
--EXTENSIONS--
opcache
--INI--
opcache.enable_cli=1
opcache.preload={PWD}/exception.inc
opcache.preload_user=root
--FILE--
<?php
echo "not reached\n";
?>
--EXPECTF--
begins

Fatal error: Uncaught Exception: thrown by the preload script in %sexception.inc:3
Stack trace:
#0 {main}
  thrown in %sexception.inc on line 3
