--TEST--
SC-PER-09: __FILE__, and the data behind a halt marker, are those of the file
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
$file = script('a.php', '$f = fopen(__FILE__, "r"); fseek($f, __COMPILER_HALT_OFFSET__); return [basename(__DIR__), fgets($f)]; __halt_compiler();the data');
$direct = include $file;
$hit = include $file;
var_dump($direct === $hit, $hit[1], basename(dirname($file)) === $hit[0]);
?>
--EXPECT--
bool(true)
string(8) "the data"
bool(true)
