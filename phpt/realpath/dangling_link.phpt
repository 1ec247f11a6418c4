--TEST--
RP-ENT-07: a dangling link that somebody tried to read resolves from then on
--FILE--
<?php
$link = realpath(sys_get_temp_dir()) . '/assay-dangling-' . getmypid();
symlink("$link-missing", $link);
clearstatcache(true);
var_dump(realpath($link), @file_get_contents($link), realpath($link) === "$link-missing");
clearstatcache(true);
var_dump(realpath($link));
unlink($link);
?>
--EXPECT--
bool(false)
bool(false)
bool(true)
bool(false)
