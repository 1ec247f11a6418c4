--TEST--
SC-VAL-03, SC-VAL-05, SC-VAL-06: a change is seen by its time, not by its size
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
$time = filemtime($file);
var_dump(include $file);
file_put_contents($file, '<?php return "longer";');
touch($file, $time);
var_dump(include $file);
touch($file, $time + 1);
$waste = opcache_get_status(false)['memory_usage']['wasted_memory'];
var_dump(include $file, opcache_get_status(false)['memory_usage']['wasted_memory'] > $waste);
touch($file, $time - 5);
file_put_contents($file, '<?php return "older";');
touch($file, $time - 5);
var_dump(include $file);
?>
--EXPECT--
int(1)
int(1)
string(6) "longer"
bool(true)
string(5) "older"
