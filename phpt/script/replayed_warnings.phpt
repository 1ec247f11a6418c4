--TEST--
SC-PER-04: warnings of a compilation are shown once, or on each use where they are recorded
--EXTENSIONS--
opcache
--INI--
opcache.enable_cli=1
opcache.file_update_protection=0
opcache.record_warnings=1
error_reporting=-1
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
$file = script('a.php', 'return fn($optional = 1, $required) => 1;');
for ($i = 0; $i < 2; ++$i) include $file;
var_dump(opcache_is_script_cached($file));
?>
--EXPECTF--

Deprecated: Optional parameter $optional declared before required parameter $required is implicitly treated as a required parameter in %sa.php on line 1

Deprecated: Optional parameter $optional declared before required parameter $required is implicitly treated as a required parameter in %sa.php on line 1
bool(true)
