--TEST--
PL-SET-08: the list, the protection of new files and the size limit do not apply
--EXTENSIONS--
opcache
--INI--
opcache.enable_cli=1
opcache.preload={PWD}/excluded.inc
opcache.preload_user=root
opcache.blacklist_filename={PWD}/excluded.list
opcache.file_update_protection=3600
opcache.max_file_size=100
--FILE--
<?php
var_dump(class_exists('BrandNew', false), class_exists('OnTheList', false));
unlink(__DIR__ . '/excluded_new.tmp');
?>
--EXPECT--
bool(true)
bool(true)
bool(true)
bool(true)
