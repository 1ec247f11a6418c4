--TEST--
SC-VAL-08: a file that was written just now is not stored
--EXTENSIONS--
opcache
--INI--
opcache.enable_cli=1
opcache.file_update_protection=100
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
touch($file, time());
var_dump(include $file, opcache_is_script_cached($file));
touch($file, time() - 1000);
clearstatcache();
var_dump(include $file, opcache_is_script_cached($file));
?>
--EXPECT--
int(1)
bool(false)
int(1)
bool(true)
