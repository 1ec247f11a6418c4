--TEST--
RP-ENT-02: a link in the middle leaves its text, itself and the deeper names by the unresolved path
--FILE--
<?php
$root = realpath(sys_get_temp_dir()) . '/assay-link-' . getmypid();
mkdir("$root/releases/r1", 0777, true);
file_put_contents("$root/releases/r1/index.php", '');
symlink('releases/r1', "$root/current");
clearstatcache(true);
realpath($root);
$before = array_keys(realpath_cache_get());
echo str_replace($root, '@', realpath("$root/current/index.php")), "\n";
$gained = array_diff_key(realpath_cache_get(), array_flip($before));
ksort($gained);
foreach ($gained as $path => $entry) echo str_replace($root, '@', "$path => $entry[realpath]"), "\n";
unlink("$root/current");
unlink("$root/releases/r1/index.php");
rmdir("$root/releases/r1");
rmdir("$root/releases");
rmdir($root);
?>
--EXPECT--
@/releases/r1/index.php
@/current => @/releases/r1
@/current/index.php => @/releases/r1/index.php
@/releases => @/releases
@/releases/r1 => @/releases/r1
