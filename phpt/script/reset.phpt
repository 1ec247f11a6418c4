--TEST--
SC-RST-08, SC-RST-10: a reset schedules a restart, which the request that asked does not see
--EXTENSIONS--
opcache
--INI--
opcache.enable_cli=1
opcache.file_update_protection=0
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
var_dump(opcache_reset(), opcache_reset());
$status = opcache_get_status();
var_dump($status['opcache_enabled'], $status['restart_pending'], isset($status['scripts'][$file]), opcache_is_script_cached($file));
$new = script('b.php', 'return 2;');
var_dump(include $file, include $new, opcache_is_script_cached($new));
?>
--EXPECT--
bool(true)
bool(false)
bool(true)
bool(true)
bool(true)
bool(true)
int(1)
int(2)
bool(false)
