--TEST--
RP-PATH-04: a resolution follows 32 links, not counting those that the cache answers
--FILE--
<?php
$root = realpath(sys_get_temp_dir()) . '/assay-limit-' . getmypid();
mkdir($root);
file_put_contents("$root/f", '');
symlink('f', "$root/l1");
for ($i = 2; $i <= 45; ++$i) symlink('l' . ($i - 1), "$root/l$i");
clearstatcache(true);
var_dump(realpath("$root/l33"), is_file("$root/l33"), realpath("$root/l32") === "$root/f");
clearstatcache(true);
var_dump(realpath("$root/l40"), realpath("$root/l20") === "$root/f", realpath("$root/l40") === "$root/f");
var_dump(file_get_contents("$root/l45"), is_file("$root/l45"));
for ($i = 1; $i <= 45; ++$i) unlink("$root/l$i");
unlink("$root/f");
rmdir($root);
?>
--EXPECT--
bool(false)
bool(true)
bool(true)
bool(false)
bool(true)
bool(true)
string(0) ""
bool(false)
