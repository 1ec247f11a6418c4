--TEST--
SC-ALL-02 to SC-ALL-06: a store takes one block, an invalidation moves it to the waste
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
$file = script('a.php', 'return [1, 2, 3];');
$memory = fn() => opcache_get_status(false)['memory_usage'];
$before = $memory();
include $file;
$size = opcache_get_status()['scripts'][$file]['memory_consumption'];
$stored = $memory();
var_dump($before['free_memory'] - $stored['free_memory'] - $size, $size % 8);
opcache_invalidate($file, true);
opcache_invalidate($file, true);
$after = $memory();
var_dump($after['wasted_memory'] - $stored['wasted_memory'] === $size, $after['free_memory'] === $stored['free_memory']);
var_dump($after['used_memory'] + $after['free_memory'] + $after['wasted_memory']);
include $file;
var_dump($memory()['free_memory'] < $after['free_memory']);
?>
--EXPECT--
int(64)
int(0)
bool(true)
bool(true)
int(134217728)
bool(true)
