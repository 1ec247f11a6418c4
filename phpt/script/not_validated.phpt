--TEST--
SC-VAL-01, SC-API-03: without validation only an invalidation brings the new version
--EXTENSIONS--
opcache
--INI--
opcache.enable_cli=1
opcache.file_update_protection=0
opcache.validate_timestamps=0
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
var_dump(include $file);
file_put_contents($file, '<?php return 2;');
touch($file, time() - 500);
var_dump(include $file, opcache_invalidate($file), opcache_is_script_cached($file), include $file);
?>
--EXPECT--
int(1)
int(1)
bool(true)
bool(false)
int(2)
