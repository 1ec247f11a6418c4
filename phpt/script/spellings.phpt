--TEST--
SC-KEY-01, SC-KEY-02, SC-KEY-11: other spellings of a path are keys of one entry
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
$other = dirname($file) . '/./' . basename($file);
include $file;
[$scripts, $keys] = [count_of('num_cached_scripts'), count_of('num_cached_keys')];
var_dump(opcache_is_script_cached($other));
include $other;
include $other;
var_dump(opcache_is_script_cached($other), count_of('num_cached_scripts') - $scripts, count_of('num_cached_keys') - $keys);
chdir(dirname($file));
include './' . basename($file);
var_dump(count_of('num_cached_scripts') - $scripts, count_of('num_cached_keys') - $keys);
?>
--EXPECT--
bool(false)
bool(true)
int(0)
int(1)
int(0)
int(2)
