--TEST--
SC-API-11, SC-SIZ-06: a script switches the cache off for itself, and not on again
--EXTENSIONS--
opcache
--INI--
opcache.enable_cli=1
opcache.file_update_protection=0
opcache.revalidate_freq=2
--FILE--
<?php
function script($name, $code) {
  $path = realpath(sys_get_temp_dir()) . "/assay-" . getmypid() . "-$name";
  file_put_contents($path, "<?php $code");
  touch($path, time() - 1000);
  register_shutdown_function(fn() => @unlink($path));
  return $path;
}
function count_of($what) { return opcache_get_status(false)['opcache_statistics'][$what]; }
$file = script('a.php', 'return 1;');
var_dump(ini_set('opcache.memory_consumption', 8), ini_set('opcache.revalidate_freq', '7'), ini_get('opcache.revalidate_freq'));
$before = script('before.php', 'return 1;');
include $before;
var_dump(opcache_is_script_cached($before));
var_dump(ini_set('opcache.enable', '0'));
include $file;
var_dump(opcache_is_script_cached($file));
?>
--EXPECT--
bool(false)
string(1) "2"
string(1) "7"
bool(true)
string(1) "1"
bool(false)
