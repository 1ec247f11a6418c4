--TEST--
SC-API-07, SC-API-08: opcache_compile_file stores a script and does not run it
--EXTENSIONS--
opcache
--INI--
opcache.enable_cli=1
opcache.file_update_protection=0
--FILE--
<?php
$file = realpath(sys_get_temp_dir()) . '/assay-compile-' . getmypid() . '.php';
file_put_contents($file, "<?php echo \"it ran\\n\"; return 5;\n");
var_dump(opcache_is_script_cached($file), opcache_compile_file($file), opcache_is_script_cached($file));
var_dump(include $file);
var_dump(opcache_invalidate($file, true), opcache_is_script_cached($file));
unlink($file);
?>
--EXPECT--
bool(false)
bool(true)
bool(true)
it ran
int(5)
bool(true)
bool(false)
