--TEST--
SC-VAL-07, SC-API-02, SC-API-04: a file that is gone is not served, and can be invalidated
--EXTENSIONS--
opcache
--INI--
opcache.enable_cli=1
opcache.file_update_protection=0
opcache.revalidate_freq=0
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
include $file;
unlink($file);
var_dump(@include $file, opcache_is_script_cached($file));
var_dump(opcache_invalidate('/no/such/file.php', true));
$second = script('b.php', 'return 1;');
include $second;
unlink($second);
var_dump(opcache_invalidate($second, true), opcache_is_script_cached($second));
?>
--EXPECT--
bool(false)
bool(false)
bool(false)
bool(true)
bool(false)
